#include "cli/live_view.hpp"

#include "base/count_text.hpp"
#include "views/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

namespace troupe {
namespace {

/// From so many columns on a trial's line has its bar, its metric's name, its iteration.
constexpr int room_for_bar = 48, room_for_name = 36, room_for_iteration = 22;

constexpr std::size_t most_failures = 3; ///< Kinds of them that are shown.

constexpr std::string_view bold = "1", green = "32", red = "31", faint = "2";

/// What the view draws with, as ASCII: each takes one column, too.
std::string in_ascii(std::string line) {
  static constexpr std::array<std::pair<std::string_view, char>, 4> replacements{
      {{"█", '#'}, {"░", '.'}, {"·", '|'}, {"…", '~'}}};
  for (const auto& [from, to] : replacements)
    for (auto at = line.find(from); at != line.npos; at = line.find(from, at + 1))
      line.replace(at, from.size(), 1, to);
  return line;
}

/// Lines are cut first and coloured then, so that colours take no room.
class page {
public:
  explicit page(const canvas& c) : columns_{c.columns}, colour_{c.colour}, ascii_{c.ascii} {}

  void add(std::string_view text, std::string_view style = {}) {
    std::string line = fit(text, columns_);
    if (ascii_) line = in_ascii(std::move(line));
    if (colour_ && !style.empty()) line = fmt::format("\x1b[{}m{}\x1b[0m", style, line);
    lines_.push_back(std::move(line));
  }

  std::vector<std::string> take(std::size_t at_most) {
    lines_.resize(std::min(lines_.size(), at_most));
    return std::move(lines_);
  }

  int columns() const noexcept { return columns_; }

private:
  int columns_;
  bool colour_, ascii_;
  std::vector<std::string> lines_;
};

std::string header(const view_state& s, int columns) {
  static constexpr std::array shown{trial_state::running, trial_state::paused, trial_state::stopped,
                                    trial_state::failed, trial_state::interrupted};
  std::string counts = fmt::format("{}/{} done", s.done(), s.total());
  for (const trial_state state : shown)
    if (const auto n = s.count(state)) counts += fmt::format(" · {} {}", n, to_string(state));
  // A long name gives way to the counts.
  const int room = std::max(columns - display_width("study   " + counts), 8);
  return fmt::format("study {}  {}", fit(s.name(), room), counts);
}

std::string times(const view_state& s, std::chrono::nanoseconds now) {
  std::string text = "elapsed " + clock_text(s.elapsed(now));
  if (s.ended()) return text + (s.stopping().empty() ? "" : " · " + first_line(s.stopping()));
  const bool saves = s.running().empty() && s.unsaved() > 0;
  if (saves) text += fmt::format(" · {} to be saved", count_text(s.unsaved(), "checkpoint"));
  if (!s.stopping().empty()) return text + " · stopping: " + first_line(s.stopping());
  if (s.paused())
    return text + (s.running().empty() ? " · PAUSED" : " · PAUSED once what runs has left");
  if (saves) return text;
  const auto e = s.time_left(now);
  if (!e) return text + " · no estimate yet";
  return text + fmt::format(" · about {} left ({})", clock_text(e->left), e->basis);
}

std::string best(const view_state& s, std::chrono::nanoseconds now) {
  const auto b = s.best();
  if (!b) return fmt::format("best {}: none yet", s.metric());
  std::string line =
      fmt::format("best {} {} · trial {} at iteration {}", s.metric(),
                  short_number(b->value, view_digits), s.called(b->number), b->iteration);
  if (const auto& change = s.last_change(); change && change->before)
    line += fmt::format(" · {} ago, before {}", clock_text(now - change->at),
                        short_number(*change->before, view_digits));
  const auto& parameters = s.trial(b->number).parameters;
  if (!parameters.empty()) line += fmt::format(" · {}", fmt::join(parameters, " "));
  return line;
}

std::string bar(double fraction, int cells) {
  const int full = static_cast<int>(fraction * cells);
  std::string text;
  for (int i = 0; i < cells; ++i)
    text += i < full ? "█" : "░";
  return text;
}

/// How far a trial is, in [0, 1].
double progress_of(const trial_view& t, const std::optional<int>& most) {
  return most ? std::clamp((t.iteration + t.fraction) / *most, 0.0, 1.0) : t.fraction;
}

std::string iteration_text(const trial_view& t, const std::optional<int>& most) {
  if (!most) return fmt::format("iter {:>2} ", t.iteration + 1);
  const auto total = std::to_string(*most);
  return fmt::format("iter {:>{}}/{}", std::min(t.iteration + 1, *most),
                     std::max<std::size_t>(total.size(), 2), total);
}

std::string running_line(const view_state& s, trial_number n, int columns) {
  const trial_view& t = s.trial(n);
  const auto& most = s.most_iterations();
  std::string line = s.called(n);
  if (columns >= room_for_bar)
    line += ' ' + bar(progress_of(t, most), std::clamp(columns / 10, 4, 24));
  if (columns >= room_for_iteration) line += ' ' + iteration_text(t, most);
  if (columns >= room_for_name) line += ' ' + fit(s.metric(), 12);
  line += ' ' + pad_right(t.value ? short_number(*t.value, view_digits) : "-", 6);
  return line + fmt::format("  {}", fmt::join(t.parameters, " "));
}

/// The kinds of failures, the most frequent first.
std::vector<std::string> failure_lines(const view_state& s) {
  std::vector<std::pair<std::string, std::size_t>> kinds{s.failures().begin(), s.failures().end()};
  std::ranges::stable_sort(kinds, std::greater{}, &std::pair<std::string, std::size_t>::second);
  std::vector<std::string> lines;
  for (const auto& [why, times] : kinds) {
    if (lines.size() == most_failures) {
      lines.push_back(
          fmt::format("… and {} more", count_text(kinds.size() - most_failures, "kind")));
      break;
    }
    lines.push_back(fmt::format("{} failed: {}", times, why));
  }
  return lines;
}

} // namespace

std::vector<std::string> live_view(const view_state& s, std::chrono::nanoseconds now,
                                   const canvas& c) {
  const auto room = static_cast<std::size_t>(std::max(c.rows - 1, 1));
  page p{c};
  p.add(header(s, p.columns()), bold);
  p.add(times(s, now));
  p.add(best(s, now), green);
  const auto failures = failure_lines(s);
  for (const auto& line : failures)
    p.add(line, red);

  const std::size_t fixed = 3 + failures.size();
  std::size_t shown = s.running().size();
  if (fixed + shown > room) shown = room > fixed + 1 ? room - fixed - 1 : 0;
  auto next = s.running().begin();
  for (std::size_t i = 0; i < shown; ++i)
    p.add(running_line(s, *next++, p.columns()));
  if (const auto more = s.running().size() - shown)
    p.add(fmt::format("… and {} more", more), faint);
  return p.take(room);
}

} // namespace troupe
