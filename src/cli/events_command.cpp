#include "cli/events_command.hpp"

#include "base/json.hpp"
#include "cli/exit_code.hpp"
#include "store/former_study.hpp"
#include "store/journal.hpp"

#include <troupe/errors.hpp>

#include <ostream>

namespace troupe {

int events_command(const std::filesystem::path& folder, std::ostream& out) {
  journal_reader reader{existing_journal(study_layout{folder})};
  std::string line;
  while (const auto e = reader.next()) {
    line.clear();
    write_json(line, to_json(*e));
    line += '\n';
    out.write(line.data(), static_cast<std::streamsize>(line.size()));
  }
  return exit_code::done;
}

} // namespace troupe
