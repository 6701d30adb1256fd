#include "cli/init_command.hpp"

#include "base/nearest.hpp"
#include "cli/exit_code.hpp"
#include "cli/write_output.hpp"
#include "study/study_template.hpp"

#include <troupe/errors.hpp>
#include <troupe/study.hpp>

#include <fmt/format.h>

#include <ostream>
#include <string_view>
#include <vector>

namespace troupe {

int init_command(const init_options& o, const registry& known, std::ostream& out,
                 std::ostream& err) {
  const auto* t = known.find(o.trainable);
  if (!t) {
    const auto names = known.names();
    const std::vector<std::string_view> views{names.begin(), names.end()};
    throw invalid_study{{{"init", "",
                          fmt::format("unknown trainable \"{}\"; {}", o.trainable,
                                      suggest_name(o.trainable, views))}}};
  }
  const auto text = o.trainable == "command" ? command_template() : study_template(*t);
  if (o.file == "-") {
    out << text;
    return exit_code::done;
  }
  if (!o.overwrite && exists(o.file))
    throw folder_error{o.file.string() + " is there already; --overwrite replaces it"};
  write_output(o.file, text);
  err << fmt::format("wrote {}; next: troupe preview {}\n", o.file.string(), o.file.string());
  return exit_code::done;
}

} // namespace troupe
