#include "library/hooks.hpp"

#include "base/json.hpp"
#include "process/hook.hpp"
#include "store/event_json.hpp"

#include <troupe/results.hpp>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace troupe {

namespace {

namespace json = boost::json;

constexpr std::chrono::seconds longest_hook{60};

/// What a hook is to be told.
struct hook_order {
  std::string name; ///< "best"
  const std::vector<std::string>* command;
  std::string text;
};

/// Runs hooks one after the other.
class hook_thread {
public:
  explicit hook_thread(std::function<void(std::string_view)> say)
      : say_{std::move(say)},
        thread_{[this] { work(); }} {}
  ~hook_thread() { finish(); }
  hook_thread(const hook_thread&) = delete;
  hook_thread& operator=(const hook_thread&) = delete;

  /// A best that waits is old news when another comes.
  void add(hook_order order) {
    const std::lock_guard lock{mutex_};
    if (order.name == "best")
      std::erase_if(waiting_, [](const hook_order& o) { return o.name == "best"; });
    waiting_.push_back(std::move(order));
    changed_.notify_one();
  }

  /// Waits until all have run.
  void finish() {
    {
      const std::lock_guard lock{mutex_};
      ends_ = true;
      changed_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
  }

private:
  void work() {
    std::unique_lock lock{mutex_};
    while (true) {
      changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      const auto order = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      if (const auto why = run_hook(*order.command, order.text, longest_hook); !why.empty())
        say_(fmt::format("warning: the hook \"{}\" ({}) has failed: {}", order.name,
                         order.command->front(), why));
      lock.lock();
    }
  }

  std::function<void(std::string_view)> say_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<hook_order> waiting_;
  bool ends_ = false;
  std::thread thread_; ///< Last: it uses the others.
};

json::value text_or_none(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object trial_json(const trial_summary& t) {
  return {{"id", trial_id(t.number)},         {"state", to_string(t.state)},
          {"reason", text_or_none(t.reason)}, {"config", t.config},
          {"iterations", t.iterations},       {"metrics", to_json(t.last)}};
}

/// What the callbacks of a study's hooks share.
struct hook_desk {
  study_hooks on;
  json::object about; ///< The study.
  hook_thread thread;

  void tell(const char* name, const std::vector<std::string>& command, const json::object& what) {
    json::object said{{"event", name}};
    for (const auto& each : about)
      said.insert(each);
    for (const auto& each : what)
      said.insert(each);
    thread.add({name, &command, to_text(said) + '\n'});
  }

  void tell_end(const study_results& r) {
    json::object what{{"reason", text_or_none(r.interrupted)}, {"trials", r.trials.size()}};
    what["best"] = r.best ? json::value(trial_json(r.trials.at(*r.best))) : json::value(nullptr);
    if (!on.end.empty()) tell("end", on.end, what);
    thread.finish();
  }
};

} // namespace

study_callbacks hook_callbacks(const study& s, const std::filesystem::path& folder,
                               std::function<void(std::string_view)> say) {
  if (s.on == study_hooks{}) return {};
  json::object about{{"study", s.name}, {"folder", text_or_none(absolute(folder).string())}};
  if (folder.empty()) about["folder"] = nullptr;
  const auto desk = std::shared_ptr<hook_desk>{
      new hook_desk{s.on, std::move(about), hook_thread{std::move(say)}}};
  study_callbacks all;
  if (!s.on.best.empty())
    all.improved = [desk](const trial_summary& t) {
      desk->tell("best", desk->on.best, {{"trial", trial_json(t)}});
    };
  if (!s.on.failure.empty())
    all.trial_ended = [desk](const trial_summary& t) {
      if (t.state == trial_state::failed)
        desk->tell("failure", desk->on.failure, {{"trial", trial_json(t)}});
    };
  all.study_ended = [desk](const study_results& r) { desk->tell_end(r); };
  return all;
}

} // namespace troupe
