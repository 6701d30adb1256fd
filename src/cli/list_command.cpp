#include "cli/list_command.hpp"

#include "base/json.hpp"
#include "base/nearest.hpp"
#include "cli/exit_code.hpp"
#include "cli/plugin_sheet.hpp"

#include <troupe/study.hpp>

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string_view>
#include <vector>

namespace troupe {

namespace json = boost::json;

namespace {

void print_all(const std::vector<plugin_sheet>& sheets, bool as_json, std::ostream& out) {
  std::size_t width = 0;
  json::array all;
  for (const auto& sheet : sheets) {
    width = std::max(width, sheet.name.size());
    all.push_back(json::object{{"name", sheet.name}, {"summary", sheet.summary}});
  }
  if (as_json)
    out << to_text(json::value(all)) << '\n';
  else
    for (const auto& sheet : sheets)
      out << fmt::format("{:<{}}  {}\n", sheet.name, width, sheet.summary);
}

[[noreturn]] void unknown_name(const list_options& options,
                               const std::vector<plugin_sheet>& sheets) {
  std::vector<std::string_view> names(sheets.size());
  std::ranges::transform(sheets, names.begin(), &plugin_sheet::name);
  const auto one = options.kind.substr(0, options.kind.size() - 1);
  throw invalid_study{{{"list " + options.kind, "",
                        fmt::format("unknown {} \"{}\"; {}", one, options.name,
                                    suggest_name(options.name, names))}}};
}

} // namespace

int list_command(const list_options& options, const registry& known, std::ostream& out) {
  const auto sheets = sheets_of(options.kind, known);
  if (options.name.empty()) {
    print_all(sheets, options.json, out);
    return exit_code::done;
  }
  const auto found = std::ranges::find(sheets, options.name, &plugin_sheet::name);
  if (found == sheets.end()) unknown_name(options, sheets);
  if (options.json)
    out << to_text(json::value(to_json(*found))) << '\n';
  else
    out << to_text(*found);
  return exit_code::done;
}

} // namespace troupe
