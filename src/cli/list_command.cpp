#include "cli/list_command.hpp"

#include "base/json.hpp"
#include "base/nearest.hpp"
#include "cli/exit_code.hpp"
#include "cli/listing.hpp"
#include "cli/plugin_sheet.hpp"
#include "views/table_text.hpp"

#include <troupe/study.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string_view>
#include <vector>

namespace troupe {

namespace json = boost::json;

namespace {

table names_of(const std::vector<plugin_sheet>& sheets) {
  table all{{{"name"}, {"summary"}}, {}};
  for (const auto& sheet : sheets)
    all.rows.push_back({json::value(sheet.name), json::value(sheet.summary)});
  return all;
}

table options_of(const plugin_sheet& sheet) {
  table all{{{"option"}, {"allowed"}, {"default"}, {"help"}}, {}};
  for (const auto& o : sheet.options)
    all.rows.push_back(
        {json::value(o.key), json::value(o.allowed), json::value(o.fallback), json::value(o.help)});
  return all;
}

/// People get no line of titles: they have just said what they want to see.
void print_for_people(const std::vector<plugin_sheet>& sheets, std::ostream& out) {
  std::size_t width = 0;
  for (const auto& sheet : sheets)
    width = std::max(width, sheet.name.size());
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
    if (options.format == "table")
      print_for_people(sheets, out);
    else
      out << to_text(names_of(sheets), format_of(options.format));
    return exit_code::done;
  }
  const auto found = std::ranges::find(sheets, options.name, &plugin_sheet::name);
  if (found == sheets.end()) unknown_name(options, sheets);
  if (options.format == "json")
    out << to_text(json::value(to_json(*found))) << '\n';
  else if (options.format == "table")
    out << to_text(*found);
  else
    out << to_text(options_of(*found), format_of(options.format));
  return exit_code::done;
}

} // namespace troupe
