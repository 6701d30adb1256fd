#include "actors/trial.hpp"

#include "actors/caf_compat.hpp"
#include "actors/verdict_slot.hpp"
#include "base/thrown_error.hpp"

#include <troupe/random.hpp>

#include <caf/actor_system.hpp>
#include <caf/disposable.hpp>

#include <chrono>
#include <thread>

namespace troupe {

namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

/// How often a trial tells its progress to those who watch.
constexpr auto progress_period = 500ms;

/// The trial's actor as its training thread sees it.
using threaded_trial_actor =
    trial_actor::extend<caf::result<void>(trial_report), caf::result<void>(trial_exit),
                        caf::result<void>(trial_log)>;

/// What the training thread and the trial's actor share. The thread may outlive the actor, and even
/// the actor system, if the actor is killed from outside: then it has nobody to talk to.
class trial_exchange {
public:
  verdict_slot slot;
  std::atomic<double> fraction = 0;

  void connect(threaded_trial_actor actor) {
    const std::lock_guard lock{mutex_};
    actor_ = std::move(actor);
  }

  void disconnect() { connect(threaded_trial_actor{}); }

  /// Sends a message from the training thread to the actor, if that still lives.
  template <class Message>
  void send(Message message) {
    const std::lock_guard lock{mutex_};
    if (actor_) anon_tell(actor_, std::move(message));
  }

private:
  std::mutex mutex_;
  threaded_trial_actor actor_;
};

/// The training function's view of its trial; lives on the training thread.
class threaded_trial final : public trial {
public:
  threaded_trial(trial_order order, std::shared_ptr<trial_exchange> exchange)
      : order_{std::move(order)},
        id_{trial_id(order_.number)},
        exchange_{std::move(exchange)} {}

  const std::string& id() const noexcept override { return id_; }
  const troupe::config& config() const noexcept override { return order_.config; }
  const checkpoint& last_checkpoint() const noexcept override { return order_.from; }
  int iteration() const noexcept override { return order_.from_iteration; }
  int threads() const noexcept override { return order_.threads; }
  const std::vector<std::string>& devices() const noexcept override { return order_.devices; }

  const std::filesystem::path& folder() const noexcept override { return order_.folder; }
  double memory_gb() const noexcept override { return order_.memory_gb; }

  std::uint64_t seed(std::string_view purpose) const noexcept override {
    return random_stream{order_.seed, order_.number, purpose}();
  }

  bool report(metrics m, checkpoint c) override {
    const std::chrono::duration<double> spent = clock::now() - resumed_;
    exchange_->send(
        trial_report{order_.number, order_.attempt, std::move(m), std::move(c), spent.count()});
    const verdict v = exchange_->slot.wait();
    exchange_->fraction.store(0, std::memory_order_relaxed);
    resumed_ = clock::now();
    pausing_ = v == verdict::pause;
    return v == verdict::proceed;
  }

  bool pausing() const noexcept override { return pausing_; }
  bool stopping() const noexcept override { return exchange_->slot.stopping(); }
  std::stop_token stop_token() const noexcept override { return exchange_->slot.stop_token(); }

  void progress(double fraction) noexcept override {
    exchange_->fraction.store(fraction, std::memory_order_relaxed);
  }

  void log(std::string_view line) override {
    exchange_->send(trial_log{order_.number, std::string{line}});
  }

private:
  trial_order order_;
  std::string id_;
  std::shared_ptr<trial_exchange> exchange_;
  clock::time_point resumed_ = clock::now();
  bool pausing_ = false;
};

/// Runs the training function to its end, and adds to its trial's last word what it threw.
void run(const std::function<void(trial&)>& train, trial& t, trial_exit& last_word) {
  try {
    train(t);
  } catch (...) {
    const auto e = thrown_error();
    last_word.error = e.what();
    last_word.reason_kind = e.reason_kind;
  }
}

/// The trial's actor: answers at once while its thread trains.
class trial_shell {
public:
  static inline const char* name = "trial";

  trial_shell(threaded_trial_actor::pointer self, trial_order order, trial_parent_actor parent,
              std::function<void(trial&)> train)
      : self_{self},
        order_{std::move(order)},
        parent_{std::move(parent)},
        train_{std::move(train)} {}

  ~trial_shell() {
    exchange_->disconnect();
    // Only if the actor was killed from outside: the thread ends at its next batch, on its own.
    if (!thread_.joinable()) return;
    exchange_->slot.request_stop();
    thread_.detach();
  }

  trial_shell(const trial_shell&) = delete;
  trial_shell& operator=(const trial_shell&) = delete;

  threaded_trial_actor::behavior_type make_behavior() {
    start_thread();
    tell_progress();
    return {
        [this](const end_trial&) { exchange_->slot.request_stop(); },
        [this](trial_report& r) { pass_on(std::move(r)); },
        [this](trial_exit& e) { leave(std::move(e)); },
        [this](trial_log& line) { tell(self_, parent_, std::move(line)); },
    };
  }

private:
  void start_thread() {
    exchange_->connect(threaded_trial_actor{self_});
    thread_ = std::thread{
        [train = std::move(train_), exchange = exchange_, order = std::move(order_)]() mutable {
          trial_exit last_word{order.number, order.attempt, {}};
          {
            threaded_trial t{std::move(order), exchange};
            run(train, t, last_word);
          }
          exchange->send(std::move(last_word));
        }};
  }

  void pass_on(trial_report r) {
    ask(self_, parent_, caf::infinite, std::move(r))
        .then([this](const report_answer& a) { exchange_->slot.put(a.verdict); },
              [this](const caf::error&) { exchange_->slot.request_stop(); });
  }

  void leave(trial_exit e) {
    thread_.join();
    progress_timer_.dispose();
    tell(self_, parent_, std::move(e));
    self_->quit();
  }

  void tell_progress() {
    progress_timer_ = self_->run_delayed(progress_period, [this] {
      const double fraction = exchange_->fraction.load(std::memory_order_relaxed);
      if (fraction != told_fraction_) tell(self_, parent_, trial_progress{number_, fraction});
      told_fraction_ = fraction;
      tell_progress();
    });
  }

  threaded_trial_actor::pointer self_;
  trial_order order_;
  trial_number number_ = order_.number;
  trial_parent_actor parent_;
  std::function<void(trial&)> train_;
  std::shared_ptr<trial_exchange> exchange_ = std::make_shared<trial_exchange>();
  std::thread thread_;
  caf::disposable progress_timer_;
  double told_fraction_ = 0;
};

} // namespace

trial_factory threaded_trials(std::function<void(trial&)> train) {
  return [train = std::move(train)](caf::actor_system& system, trial_order order,
                                    trial_parent_actor parent) {
    return system.spawn<threaded_trial_actor::stateful_impl<trial_shell>>(std::move(order),
                                                                          std::move(parent), train);
  };
}

} // namespace troupe
