#pragma once

#include "search/life/known_trial.hpp"
#include "store/study_folder.hpp"
#include "store/study_layout.hpp"

#include <troupe/study.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace troupe {

/// What came of the trials of a former study.
struct fork_outcome {
  std::size_t taken = 0;    ///< Known results of the new study.
  std::size_t unfit = 0;    ///< Left out: their configurations are none of its space.
  std::size_t unjudged = 0; ///< Left out: their last report lacks one of its metrics, or has NaN.
  std::size_t unended = 0;  ///< Left out: they have failed, or not come to their end.
};

/// Begins study `s` in `folder` with what the study `from` has found out: its trials that have
/// completed, or were stopped, are the first trials of `s`, with their configurations and reports.
/// The searcher of `s` learns of them; its scheduler, and its rules for stopping, do not. They come
/// on top of the trials that `s` has by its num_samples. Nothing is trained: the study is left as
/// one that goes on. Either all of it is in the folder, or nothing.
///
/// `from` is only read, and may be under way. Throws folder_error if it is no study, or `folder`
/// cannot be written to, and journal_error or sqlite::error if the journal cannot be followed.
fork_outcome fork(const study_layout& from, std::unique_ptr<study_folder> folder, study s);

/// The same with trials that other programs have trained, which `by` says: each has completed.
/// Constants and expressions of the space follow from the other parameters.
fork_outcome fork(const std::vector<known_trial>& past, const std::string& by,
                  std::unique_ptr<study_folder> folder, study s);

} // namespace troupe
