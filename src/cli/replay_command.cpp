#include "cli/replay_command.hpp"

#include "base/count_text.hpp"
#include "base/json.hpp"
#include "cli/gzip_lines.hpp"
#include "search/replay/replay.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <cstddef>
#include <ostream>
#include <stdexcept>
#include <string_view>

namespace troupe {

namespace {

/// What has been replayed so far.
struct tally {
  std::size_t cases = 0;
  std::size_t events = 0;
  std::size_t differences = 0;
  std::string first; ///< The first difference, in words.

  void count(const replayed_case& c, std::size_t line) {
    if (differences == 0 && !c.differences.empty()) {
      const auto& d = c.differences.front();
      first =
          fmt::format("line {}, event {}: recorded {}, got {}", line, d.event, d.recorded, d.got);
    }
    ++cases;
    events += c.events;
    differences += c.differences.size();
  }
};

replayed_case replay_line(const std::string& line, const std::string& place) {
  try {
    const auto recorded = parse_json(line);
    if (!recorded.is_object()) throw std::invalid_argument{"a case must be a JSON object"};
    return replay(recorded.get_object());
  } catch (const json_error& e) {
    throw std::runtime_error{fmt::format("{}:{}: {}", place, e.at.column, e.what())};
  } catch (const std::invalid_argument& e) {
    throw std::runtime_error{fmt::format("{}: {}", place, e.what())};
  }
}

tally replay_all(const std::string& file, bool check, std::ostream& out) {
  gzip_lines lines{file};
  tally so_far;
  for (std::string line; lines.next(line);) {
    if (line.empty()) continue;
    const auto replayed = replay_line(line, fmt::format("{}:{}", lines.name(), lines.number()));
    so_far.count(replayed, lines.number());
    if (!check) out << to_text(boost::json::value(replayed.text)) << '\n';
  }
  return so_far;
}

int report(const tally& t, std::ostream& out) {
  const auto all = count_text(t.cases, "case") + ", " + count_text(t.events, "event");
  if (t.differences == 0) {
    fmt::print(out, "{} agree\n", all);
    return 0;
  }
  fmt::print(out, "{}\n{} in {}\n", t.first, count_text(t.differences, "difference"), all);
  return 1;
}

} // namespace

int replay_command(const std::string& file, bool check, std::ostream& out, std::ostream& err) {
  try {
    const auto all = replay_all(file, check, out);
    return check ? report(all, out) : 0;
  } catch (const std::runtime_error& e) {
    fmt::print(err, "{}\n", e.what());
    return 2;
  }
}

} // namespace troupe
