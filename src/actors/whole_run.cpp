#include "actors/whole_run.hpp"

#include "actors/caf_compat.hpp"
#include "actors/runtime.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <mutex>
#include <utility>

namespace troupe {

namespace {

/// CAF's own threads: one to keep reports moving while a searcher thinks on the other. "sharing"
/// leaves the cores to the training threads (docs/architecture.md).
void configure(caf::actor_system_config& config) {
  config.set("caf.scheduler.policy", "sharing");
  config.set("caf.scheduler.max-threads", 2);
}

} // namespace

study_results run_whole(study_setup setup, const capacity& total,
                        std::unique_ptr<study_folder> folder, const run_ends& ends) {
  static std::once_flag registered;
  std::call_once(registered, init_actors);
  caf::actor_system_config config;
  configure(config);
  caf::actor_system system{config};
  caf::scoped_actor self{system};

  setup.broker = spawn_broker(system, total);
  const auto running = spawn_study(system, std::move(setup), std::move(folder));
  if (ends.before) ends.before(system, running);

  study_results results;
  auto answer = ask(self, running, caf::infinite, await_results{});
  anon_tell(running, start_study{});
  std::move(answer).receive([&](study_results& r) { results = std::move(r); },
                            [&](const caf::error& e) { results.not_recorded = to_string(e); });
  if (ends.after) ends.after(self, results);
  return results;
}

} // namespace troupe
