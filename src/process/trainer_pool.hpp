#pragma once

#include "process/command_spec.hpp"
#include "process/running_program.hpp"

#include <troupe/trainable.hpp>

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace troupe {

/// The processes that train a study's trials, one at a time each. What a process has from its start
/// on, its environment, is the lease's: so one that waits is for trials of that lease alone.
///
/// Without `reuse` a process trains one trial, and when it begins to, the next one is started,
/// which loads meanwhile. So as many processes are started ahead as trials are trained, and never
/// more than those that have run at once wait.
///
/// With `reuse` a process that has trained a trial well takes the next one. Who is tried again is
/// trained in a process of its own; and never more processes train or wait than have trained at
/// once.
class trainer_pool {
public:
  /// `command` starts a process, which speaks the protocol.
  trainer_pool(command_spec command, process_starter start, bool reuse);

  /// Trains a trial; throws what run_command_trial() does.
  void train(trial& one);

private:
  using environment = std::vector<std::string>;

  /// A process without a trial.
  struct waiting {
    environment lease;
    running_program program;
  };

  std::optional<running_program> enter(const std::string& id, const environment& lease);
  void leave(const trial& one, environment lease, std::optional<running_program> rested);
  running_program start(const environment& lease) const;
  void start_ahead(const environment& lease);
  std::list<waiting> surplus();

  command_spec command_;
  process_starter start_;
  bool reuse_;
  std::mutex starting_; ///< Of those who start ahead.
  std::mutex mutex_;    ///< Of what follows.
  std::list<waiting> waiting_;
  std::set<std::string> ended_; ///< Trials that have ended: if one comes again, it had failed.
  std::size_t running_ = 0, most_running_ = 0;
};

} // namespace troupe
