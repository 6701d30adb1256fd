#include "cli/exit_code.hpp"
#include "cli/looking.hpp"
#include "cli/meant_study.hpp"
#include "cli/study_end.hpp"

#include <troupe/open_results.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <ostream>
#include <thread>

namespace troupe {

int wait_command(const std::optional<std::filesystem::path>& folder, std::ostream& err) {
  const auto layout = meant_study(folder, err);
  study_end end{layout};
  while (!end.has_come())
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
  if (!end.has_ended()) err << "nobody runs the study, and it has not ended\n";
  if (!end.has_ended() || end.was_interrupted()) return 128 + SIGINT;
  const auto results = open_results(layout.root()).results();
  if (!results.best) return exit_code::nothing_succeeded;
  return std::ranges::any_of(results.trials,
                             [](const auto& t) { return t.state == trial_state::failed; })
             ? exit_code::trials_failed
             : exit_code::done;
}

} // namespace troupe
