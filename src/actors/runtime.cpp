#include "actors/runtime.hpp"

#include "actors/controller.hpp"
#include "actors/recorder.hpp"
#include "actors/scheduler.hpp"
#include "actors/searcher.hpp"
#include "base/json.hpp"
#include "store/files.hpp"

#include <caf/actor_system.hpp>
#include <caf/init_global_meta_objects.hpp>

namespace troupe {

void init_actors() {
  caf::init_global_meta_objects<caf::id_block::troupe>();
  caf::core::init_global_meta_objects();
}

controller_actor spawn_study(caf::actor_system& system, study_setup setup) {
  std::unique_ptr<study_folder> folder;
  if (!setup.folder.empty()) folder = std::make_unique<study_folder>(setup.folder);
  return spawn_study(system, std::move(setup), std::move(folder));
}

controller_actor spawn_study(caf::actor_system& system, study_setup setup,
                             std::unique_ptr<study_folder> folder) {
  auto searcher =
      setup.make_searcher ? setup.make_searcher(setup.study) : make_searcher(setup.study);
  auto scheduler = make_scheduler(setup.study);

  controller_setup parts;
  parts.lookahead = scheduler->lookahead();
  parts.broker = std::move(setup.broker);
  parts.scheduler = spawn_scheduler(system, std::move(scheduler));
  parts.searcher = spawn_searcher(system, std::move(searcher));
  if (folder) {
    folder->begin();
    const study_layout layout = folder->layout();
    // The journal comes first: it is what says that the folder is ours.
    parts.recorder = spawn_recorder(system, std::move(folder));
    write_atomically(layout.study_file(), to_pretty_text(to_json(setup.study)));
  }
  parts.trials = threaded_trials(std::move(setup.trainable.train));
  parts.devices = std::move(setup.devices);
  parts.subscribers = std::move(setup.subscribers);
  parts.study = std::move(setup.study);
  return spawn_controller(system, std::move(parts));
}

} // namespace troupe
