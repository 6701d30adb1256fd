#pragma once

#include "store/study_folder.hpp"

#include <troupe/study.hpp>
#include <troupe/trainable.hpp>

#include <functional>
#include <memory>
#include <string>

namespace troupe {

/// What the commands that train were told about how to do it.
struct run_style {
  std::string program = "troupe"; ///< As it was called.
  std::string data_dir = "data";
  std::string device; ///< "cpu", "cuda", "cuda:N"; empty: as the study's resources say.
  bool json = false;
  bool events = false;
};

/// How a study is to be run.
struct run_plan {
  run_style how;
  std::function<std::unique_ptr<study_folder>()> take_folder; ///< When all else is well.
  bool resume = false; ///< Goes on with the study that is in the folder, if there is one.
  bool retry_failed = false;
};

/// Runs a study, shows it on stderr, prints what it came to on stdout. Its trainable is one of
/// `known`. Returns the exit code. Throws folder_error, resource_error and data_error before the
/// first trial, std::invalid_argument if another study is to go on than that in the folder.
int run_study(study s, const run_plan& plan, const registry& known);

} // namespace troupe
