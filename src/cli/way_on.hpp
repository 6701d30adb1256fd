#pragma once

#include "cli/view_state.hpp"
#include "store/study_layout.hpp"

#include <troupe/results.hpp>
#include <troupe/study.hpp>

#include <cstdint>
#include <string>

/// What a run says of going on with its study. `program` is what the program was called as.
namespace troupe {

/// Returns `text` as a shell takes it for one word.
std::string shell_word(const std::string& text);

/// Says how far a study has come that goes on, and is to have `total` trials.
std::string progress_of(const view_state& s, std::uint64_t total);

/// Returns the command that goes on with a study, as a shell takes it.
std::string how_to_resume(const std::string& program, const study_layout& layout);

/// Says why a study has ended before its time, and how it goes on.
std::string how_to_go_on(const std::string& program, const study_results& results, const study& s,
                         const study_layout& layout);

/// Says how to look closer at a study that has been told in short.
std::string how_to_look(const std::string& program, const study_results& results,
                        const study_layout& layout);

/// Says what the folder lacks of a study whose end could not be written down, and what to do.
/// `before`: how many events it had when this began.
std::string what_is_missing(const study_results& kept, const study_layout& layout,
                            const std::string& program, std::uint64_t before);

} // namespace troupe
