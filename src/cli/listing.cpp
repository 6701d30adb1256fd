#include "cli/listing.hpp"

#include "base/json.hpp"
#include "cli/terminal.hpp"

#include <CLI/Validators.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>
#include <unistd.h>

namespace troupe {

listing_format format_of(const std::string& name) {
  if (name == "json") return listing_format::json;
  if (name == "csv") return listing_format::csv;
  return name == "value" ? listing_format::value : listing_format::text;
}

void add_format(CLI::App& command, std::string& format) {
  command
      .add_option("-f,--format", format,
                  "table: for people; json; csv; value: the bare cells, with tabs between [table]")
      ->check(CLI::IsMember({"table", "json", "csv", "value"}))
      ->type_name("FORMAT");
}

void add_listing(CLI::App& command, listing_options& o) {
  add_format(command, o.format);
  command.add_option("--columns", o.columns, "Which columns, and in which order: id,lr,loss")
      ->delimiter(',')
      ->transform([](const std::string& name) { return CLI::detail::trim_copy(name); })
      ->type_name("NAMES");
  command.add_flag("--wide", o.wide, "Leave out no column where the terminal is narrow");
}

void print_listing(const table& t, const listing_options& o, std::ostream& out, std::ostream& err) {
  auto chosen = with_columns(t, o.columns);
  const auto how = format_of(o.format);
  const bool on_terminal = &out == &std::cout && isatty(STDOUT_FILENO);
  std::vector<std::string> left_out;
  if (how == listing_format::text && on_terminal && !o.wide && o.columns.empty())
    chosen = narrowed(std::move(chosen), terminal{STDOUT_FILENO}.size().columns, left_out);
  out << to_text(chosen, how);
  if (!left_out.empty())
    err << fmt::format("no room for {}; --wide shows all, --columns those that you name\n",
                       fmt::join(left_out, ", "));
}

void print_sheet(const table& t, const listing_options& o, std::ostream& out) {
  const auto chosen = with_columns(t, o.columns);
  const auto how = format_of(o.format);
  if (how == listing_format::csv || how == listing_format::value) {
    out << to_text(chosen, how);
    return;
  }
  if (how == listing_format::text) {
    out << to_sheet(chosen);
    return;
  }
  boost::json::object one;
  for (std::size_t i = 0; i < chosen.columns.size(); ++i)
    one[chosen.columns[i].name] = chosen.rows.front()[i];
  out << to_text(boost::json::value(std::move(one))) << '\n';
}

} // namespace troupe
