#include "cli/verify_command.hpp"

#include "base/count_text.hpp"
#include "cli/exit_code.hpp"
#include "store/verification.hpp"

#include <fmt/format.h>

#include <ostream>

namespace troupe {

int verify_command(const std::filesystem::path& folder, std::ostream& out, std::ostream& err) {
  const auto found = verify(study_layout{folder});
  for (const auto& line : found.first)
    err << line << '\n';
  out << fmt::format("{} of {} differ\n", found.differences,
                     count_text(found.decisions, "decision"));
  return found.differences == 0 ? exit_code::done : exit_code::nothing_succeeded;
}

} // namespace troupe
