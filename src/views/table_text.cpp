#include "views/table_text.hpp"

#include "base/json.hpp"
#include "views/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace troupe {

namespace {

namespace json = boost::json;

constexpr int digits = 6, widest_cell = 40;
constexpr std::string_view gap = "  ";

/// A column as it is printed.
struct printed_column {
  std::string title;
  std::vector<std::string> cells;
  int width = 0;
  bool is_number = true; ///< Numbers stand at the right.
};

std::string cell_text(const json::value& v, int most) {
  return v.is_null() ? std::string{} : short_value(v, digits, most);
}

printed_column print_column(const table& t, std::size_t place) {
  printed_column c{printable(t.columns[place].name), {}};
  c.width = display_width(c.title);
  for (const auto& row : t.rows) {
    const auto& v = row[place];
    c.is_number = c.is_number && (v.is_number() || v.is_null());
    c.cells.push_back(cell_text(v, widest_cell));
    c.width = std::max(c.width, display_width(c.cells.back()));
  }
  return c;
}

std::vector<printed_column> print_columns(const table& t) {
  std::vector<printed_column> all;
  for (std::size_t i = 0; i < t.columns.size(); ++i)
    all.push_back(print_column(t, i));
  return all;
}

std::string side_by_side(const table& t) {
  const auto columns = print_columns(t);
  std::string out;
  const auto line = [&](auto&& text_of) {
    std::string one;
    for (const auto& c : columns)
      one += (one.empty() ? "" : std::string{gap}) +
             (c.is_number ? pad_left : pad_right)(text_of(c), c.width);
    one.erase(one.find_last_not_of(' ') + 1);
    out += one + '\n';
  };
  line([](const auto& c) -> const auto& { return c.title; });
  for (std::size_t i = 0; i < t.rows.size(); ++i)
    line([i](const auto& c) -> const auto& { return c.cells[i]; });
  return out;
}

std::string as_json(const table& t) {
  std::string out = "[";
  for (const auto& row : t.rows) {
    json::object one;
    for (std::size_t i = 0; i < row.size(); ++i)
      one[t.columns[i].name] = row[i];
    out += out.size() > 1 ? ",\n " : "";
    write_json(out, one);
  }
  return out + "]\n";
}

std::string exact_text(const json::value& v) {
  if (v.is_null()) return {};
  return v.is_string() ? std::string{v.get_string()} : to_text(v);
}

/// Numbers that are none stand without quotes, as everybody reads them.
std::string csv_cell(const json::value& v) {
  auto text = v.is_double() ? to_text(v.get_double()) : exact_text(v);
  if (text.find_first_of(",\"\r\n") == text.npos) return text;
  std::string quoted = "\"";
  for (const char c : text)
    quoted += c == '"' ? std::string{"\"\""} : std::string{c};
  return quoted + '"';
}

std::string as_csv(const table& t) {
  std::string out;
  const auto line = [&](const auto& items, auto&& text_of) {
    for (std::size_t i = 0; i < items.size(); ++i)
      out += (i ? "," : "") + text_of(items[i]);
    out += '\n';
  };
  line(t.columns, [](const auto& c) { return csv_cell(json::value(c.name)); });
  for (const auto& row : t.rows)
    line(row, csv_cell);
  return out;
}

std::string as_values(const table& t) {
  std::string out;
  for (const auto& row : t.rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      out += (i ? "\t" : "") +
             printable(row[i].is_double() ? to_text(row[i].get_double()) : exact_text(row[i]));
    out += '\n';
  }
  return out;
}

} // namespace

std::string to_text(const table& t, listing_format how) {
  switch (how) {
  case listing_format::json:
    return as_json(t);
  case listing_format::csv:
    return as_csv(t);
  case listing_format::value:
    return as_values(t);
  case listing_format::text:
    break;
  }
  return side_by_side(t);
}

std::string to_sheet(const table& t) {
  int widest = 0;
  for (const auto& row : t.rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      if (!row[i].is_null()) widest = std::max(widest, display_width(printable(t.columns[i].name)));
  std::string out;
  for (const auto& row : t.rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto text = row[i].is_double() ? to_text(row[i].get_double()) : exact_text(row[i]);
      if (row[i].is_null()) continue;
      out += pad_right(printable(t.columns[i].name), widest) + std::string{gap} + printable(text) +
             '\n';
    }
  return out;
}

table narrowed(table t, int width, std::vector<std::string>& left_out) {
  std::vector<int> widths;
  for (const auto& c : print_columns(t))
    widths.push_back(c.width + static_cast<int>(gap.size()));
  int used = -static_cast<int>(gap.size());
  for (const int w : widths)
    used += w;
  while (used > width) {
    std::size_t last = 0;
    for (std::size_t i = 0; i < t.columns.size(); ++i)
      if (t.columns[i].rank >= t.columns[last].rank) last = i;
    if (t.columns[last].rank == 0) break;
    used -= widths[last];
    left_out.push_back(printable(t.columns[last].name));
    const auto at = static_cast<std::ptrdiff_t>(last);
    widths.erase(widths.begin() + at);
    t.columns.erase(t.columns.begin() + at);
    for (auto& row : t.rows)
      row.erase(row.begin() + at);
  }
  return t;
}

} // namespace troupe
