#include "cli/way_on.hpp"

#include "base/count_text.hpp"
#include "views/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace troupe {

std::string shell_word(const std::string& text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
      "_-./+:,@%";
  if (!text.empty() && text.find_first_not_of(plain) == text.npos) return text;
  std::string word = "'";
  for (const char c : text)
    word += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return word + "'";
}

std::string progress_of(const view_state& s, std::uint64_t total) {
  if (s.done() == s.total() && total <= s.total())
    return fmt::format("all {} done, after {}; a larger --num-samples adds some{}",
                       count_text(s.total(), "trial"), clock_text(s.elapsed_so_far()),
                       s.count(trial_state::failed) > 0
                           ? ", --retry-failed tries those again that have failed"
                           : "");
  return fmt::format("going on with {} of {} trials done, {} under way, after {}", s.done(),
                     std::max(s.total(), total),
                     s.count(trial_state::running) + s.count(trial_state::interrupted) +
                         s.count(trial_state::paused),
                     clock_text(s.elapsed_so_far()));
}

std::string how_to_resume(const std::string& program, const study_layout& layout) {
  return fmt::format("{} resume {}", program, shell_word(layout.root().string()));
}

std::string how_to_go_on(const std::string& program, const study_results& results, const study& s,
                         const study_layout& layout) {
  const bool in_time = !s.time_budget_s || results.wall_s < *s.time_budget_s;
  return fmt::format("{}; to go on: {}{}", results.interrupted, how_to_resume(program, layout),
                     in_time ? "" : fmt::format(" --time-budget N, above {:g}", *s.time_budget_s));
}

std::string how_to_look(const std::string& program, const study_results& results,
                        const study_layout& layout) {
  const auto folder = shell_word(layout.root().string());
  const auto n = results.best ? *results.best : results.trials.front().number;
  return fmt::format("more: {0} show {1} {2}, {0} importance {1}, {0} report {1}", program, folder,
                     trial_id(n));
}

std::string what_is_missing(const study_results& kept, const study_layout& layout,
                            const std::string& program, std::uint64_t before) {
  const auto folder = layout.root().string();
  if (kept.recorded == 0)
    return fmt::format("{} has nothing of the study{}: {}; when that is mended, run it again",
                       folder, exists(layout.journal()) ? ", and the one before it still" : "",
                       kept.not_recorded);
  // What was to be changed, or tried again, is not in the journal either.
  const auto remedy = kept.recorded <= before ? "give the same command again"
                                              : "go on with: " + how_to_resume(program, layout);
  return fmt::format("{} lacks what came last: {}; its results up to there follow; when that is "
                     "mended, {}",
                     folder, kept.not_recorded, remedy);
}

} // namespace troupe
