#include "cli/suggest_command.hpp"

#include "base/count_text.hpp"
#include "base/json.hpp"
#include "cli/exit_code.hpp"
#include "cli/gzip_lines.hpp"
#include "study/history.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <stdexcept>
#include <unordered_map>

namespace troupe {

namespace {

past_trial read_line(const std::string& line, const std::string& place, const study& s) {
  try {
    const auto v = parse_json(line);
    if (!v.is_object()) throw std::invalid_argument{"a trial must be a JSON object"};
    return read_past_trial(v.get_object(), s);
  } catch (const json_error& e) {
    throw std::invalid_argument{fmt::format("{}:{}: {}", place, e.at.column, e.what())};
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument{fmt::format("{}: {}", place, e.what())};
  }
}

std::vector<past_trial> read_history(const std::string& file, const study& s) {
  std::vector<past_trial> history;
  if (file.empty()) return history;
  try {
    gzip_lines lines{file};
    std::unordered_map<trial_number, std::size_t> line_of;
    for (std::string line; lines.next(line);) {
      if (line.empty()) continue;
      const auto place = fmt::format("{}:{}", lines.name(), lines.number());
      history.push_back(read_line(line, place, s));
      const auto n = history.back().number;
      const auto [first, is_new] = line_of.try_emplace(n, lines.number());
      if (!is_new)
        throw std::invalid_argument{fmt::format("{}: number: trial {} stands in line {} already; a "
                                                "trial has one line",
                                                place, n, first->second)};
    }
  } catch (const std::runtime_error& e) {
    throw std::invalid_argument{e.what()};
  }
  return history;
}

} // namespace

int suggest_command(const suggest_options& options, std::ostream& out, std::ostream& err) {
  const auto s = read_study(options.file, options.overrides);
  auto history = read_history(options.history, s);
  trial_number next = 0;
  for (const auto& t : history)
    next = std::max(next, t.number + 1);
  const auto searcher = make_searcher(s);
  teach(*searcher, std::move(history));
  for (std::uint64_t i = 0; i < options.count; ++i, ++next) {
    const auto suggested = searcher->suggest(next);
    const auto* c = std::get_if<config>(&suggested);
    if (!c) {
      err << fmt::format("{} of {}: the searcher {}\n", i, count_text(options.count, "suggestion"),
                         std::holds_alternative<exhausted>(suggested) ? "is exhausted"
                                                                      : "waits for more results");
      break;
    }
    out << to_text(boost::json::object{{"number", next}, {"params", *c}}) << '\n';
    searcher->complete(next, std::nullopt); // the next one is not to know of it
  }
  return exit_code::done;
}

} // namespace troupe
