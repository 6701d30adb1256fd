#include "base/json.hpp"
#include "store/doctor_parts.hpp"
#include "store/files.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

namespace {

namespace fs = std::filesystem;

using table_row = std::vector<std::string>;

/// Takes the next row off `text`, RFC 4180; empty at the end.
table_row take_row(std::string_view& text) {
  table_row row;
  bool quoted = false;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (row.empty()) row.emplace_back();
    if (c == '"') {
      // Two of them within quotes are one.
      if (!quoted && !row.back().empty()) row.back() += c;
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      row.emplace_back();
    } else if (c == '\n' && !quoted) {
      break;
    } else {
      row.back() += c;
    }
  }
  return row;
}

report_origin origin_of_line(const std::string& line) {
  try {
    const auto object = parse_json(line).as_object();
    return {object.at("pid").as_int64(), std::string{object.at("hostname").as_string()}};
  } catch (const std::exception&) {
    return {};
  }
}

/// Fills in what is not known yet from progress.csv.
void complete_from_table(std::vector<report_origin>& origins, const fs::path& file) {
  if (!fs::is_regular_file(file)) return;
  const auto table = read_all_text(file);
  std::string_view text{table};
  const auto names = take_row(text);
  const auto column = [&](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
  };
  const auto pid = column("pid");
  const auto hostname = column("hostname");
  for (auto& origin : origins) {
    const auto row = take_row(text);
    if (origin.pid || row.size() != names.size() || std::max(pid, hostname) >= row.size()) continue;
    std::int64_t number = 0;
    std::from_chars(row[pid].data(), row[pid].data() + row[pid].size(), number);
    if (row[pid] == std::to_string(number)) origin = {number, row[hostname]};
  }
}

} // namespace

std::vector<report_origin> origins_in(const fs::path& trial_folder, std::size_t reports) {
  std::vector<report_origin> origins(reports);
  std::ifstream lines{trial_folder / "result.json"};
  std::string line;
  for (auto& origin : origins)
    if (std::getline(lines, line)) origin = origin_of_line(line);
  if (std::ranges::any_of(origins, [](const auto& o) { return !o.pid; }))
    complete_from_table(origins, trial_folder / "progress.csv");
  return origins;
}

} // namespace troupe
