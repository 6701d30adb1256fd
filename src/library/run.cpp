#include "actors/caf_compat.hpp"
#include "actors/whole_run.hpp"
#include "library/devices.hpp"
#include "library/engines.hpp"
#include "library/hooks.hpp"
#include "library/study_watch.hpp"
#include "study/callbacks.hpp"

#include <troupe/isolation.hpp>
#include <troupe/run.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace troupe {

namespace {

void say(const run_options& how, std::string_view line) {
  if (how.say) how.say(line);
}

bool hears_anything(const study_callbacks& c) {
  return c.trial_started || c.trial_reported || c.trial_ended || c.improved || c.study_ended;
}

/// Returns the study as it names its trainable. A space that is asked for trial by trial is not
/// known yet.
study checked(study s, const registry& known, const run_options& how) {
  auto faults = check(s, &known);
  if (how.make_searcher)
    std::erase_if(faults, [](const fault& f) { return f.path.starts_with("space"); });
  if (!faults.empty()) throw invalid_study{std::move(faults)};
  return s;
}

std::unique_ptr<study_folder> folder_of(const run_options& how) {
  if (how.folder.empty()) return nullptr;
  return std::make_unique<study_folder>(how.folder,
                                        how.resume ? folder_use::go_on : folder_use::fresh,
                                        folder_patience{}, "the folder");
}

} // namespace

study_results run(const study& given, const registry& known, const run_options& how) {
  auto s = checked(given, known, how);
  auto t = *known.find(s.trainable.name);
  const auto devices = plan_devices(s, how.device, machine_capacity());
  auto folder = folder_of(how);
  share_out(s, devices);
  decide_engine(s, t, devices, how.resume ? folder.get() : nullptr);
  const run_context context{s.trainable.options,
                            how.data_dir,
                            s.seed,
                            devices.names.empty() ? "cpu" : devices.names.front(),
                            s.engine,
                            [&how](std::string_view line) { say(how, line); },
                            threads_within(devices)};
  if (t.load) t.load(context);
  if (s.isolation == isolation::process && s.trainable.name != "command")
    t = isolated(std::move(t), context, s.reuse);

  auto callbacks = make_callbacks(s, known);
  if (hears_anything(how.callbacks)) callbacks.push_back(how.callbacks);
  if (auto hooks = hook_callbacks(s, how.folder, [&how](auto line) { say(how, line); });
      hears_anything(hooks))
    callbacks.push_back(std::move(hooks));
  study_watch watch{s, std::move(callbacks), how.watch};
  study_setup setup{std::move(s), std::move(t), {}, {}, devices.names};
  setup.make_searcher = how.make_searcher;
  setup.resume = how.resume;
  setup.retry_failed = how.retry_failed;
  setup.past = [&watch](const event& e) { watch.restore(e); };
  setup.warn = [&how](const std::string& what) { say(how, what); };
  std::optional<std::stop_callback<std::function<void()>>> stop;
  const auto before = [&](caf::actor_system& system, const study_actor& running) {
    watch.join(system, running);
    stop.emplace(how.stop,
                 [running] { anon_tell(running, interrupt_study{"interrupted by the program"}); });
  };
  const auto after = [&](caf::scoped_actor& self, const study_results& results) {
    stop.reset();
    watch.leave(self, results);
  };
  auto results = run_whole(std::move(setup), devices.total, std::move(folder), {before, after});
  if (watch.thrown()) std::rethrow_exception(watch.thrown());
  return results;
}

study_results run(const study& s, trainable t, const run_options& how) {
  auto named = s;
  if (named.trainable.name.empty()) named.trainable.name = t.name;
  return run(named, registry{}.add(std::move(t)), how);
}

study_results run(const study& s, std::function<void(trial&)> train, const run_options& how) {
  trainable t;
  t.name = s.trainable.name.empty() ? "function" : s.trainable.name;
  t.train = std::move(train);
  return run(s, std::move(t), how);
}

} // namespace troupe
