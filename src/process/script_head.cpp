#include "process/script_head.hpp"

#include <algorithm>

namespace troupe {

namespace {

constexpr std::string_view mark = "#!";
constexpr std::string_view blanks = " \t";

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

} // namespace

script_head read_script_head(std::string_view bytes) {
  script_head head;
  if (bytes.empty()) {
    head.problem = "it is empty";
    return head;
  }
  if (!bytes.starts_with(mark)) {
    const bool is_text = bytes.find('\0') == bytes.npos;
    if (is_text)
      head.problem =
          "its first line does not say what runs it: a script begins with a line such as "
          "#!/bin/sh; or name that first, as in [\"sh\", \"train.sh\"]";
    return head;
  }
  const auto line = without_blanks(bytes.substr(mark.size(), bytes.find('\n') - mark.size()));
  const auto end = std::min(line.find_first_of(blanks), line.size());
  if (line.ends_with('\r'))
    head.problem = "its lines end with \\r\\n, as on Windows; sed -i 's/\\r$//' changes that";
  else if (line.empty())
    head.problem = "its first line names no program behind #!";
  else
    head = {std::string{line.substr(0, end)}, std::string{without_blanks(line.substr(end))}, {}};
  return head;
}

} // namespace troupe
