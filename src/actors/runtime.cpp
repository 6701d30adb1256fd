#include "actors/runtime.hpp"

#include "actors/controller.hpp"
#include "actors/recorder.hpp"
#include "actors/scheduler.hpp"
#include "actors/searcher.hpp"
#include "actors/study.hpp"
#include "store/study_parts.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/init_global_meta_objects.hpp>

namespace troupe {

void init_actors() {
  caf::init_global_meta_objects<caf::id_block::troupe>();
  caf::init_global_meta_objects<caf::id_block::troupe_trials>();
  caf::init_global_meta_objects<caf::id_block::troupe_runtime>();
  caf::core::init_global_meta_objects();
}

study_actor spawn_study(caf::actor_system& system, study_setup setup) {
  std::unique_ptr<study_folder> folder;
  if (!setup.folder.empty())
    folder = std::make_unique<study_folder>(setup.folder,
                                            setup.resume ? folder_use::go_on : folder_use::fresh);
  return spawn_study(system, std::move(setup), std::move(folder));
}

study_actor spawn_study(caf::actor_system& system, study_setup setup,
                        std::unique_ptr<study_folder> folder) {
  // What can throw comes first: an actor that nobody ends would keep the system alive.
  const bool goes_on = setup.resume && folder && has_events(folder->layout().journal());
  auto made = goes_on ? resumed_parts(std::move(folder), setup.study, setup.make_searcher,
                                      {setup.retry_failed, setup.past, setup.warn})
                      : begun_parts(std::move(folder), setup.study, setup.make_searcher);
  controller_setup parts;
  parts.course = std::move(made.course);
  parts.resumption = std::move(made.resumption);
  if (made.writer) parts.layout = made.writer->layout();
  parts.broker = caf::actor_cast<broker_actor>(setup.broker.actor());
  parts.scheduler = spawn_scheduler(system, std::move(made.scheduler));
  parts.searcher = spawn_searcher(system, std::move(made.searcher), made.seen);
  if (made.writer) parts.recorder = spawn_recorder(system, std::move(made.writer));
  parts.trials =
      setup.trials ? std::move(setup.trials) : threaded_trials(std::move(setup.trainable.train));
  parts.devices = std::move(setup.devices);
  parts.subscribers = std::move(setup.subscribers);
  parts.most_checkpoint_bytes =
      static_cast<std::uint64_t>(machine_capacity().memory_gb.value_or(4.0) * 1e9 / 4);
  parts.seed = setup.study.seed;
  parts.time_budget_s = setup.study.time_budget_s;
  return spawn_study_actor(system, spawn_controller(system, std::move(parts)));
}

} // namespace troupe
