#include "cli/live_view.hpp"

#include "base/count_text.hpp"
#include "views/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace troupe {
namespace {

constexpr int widest = 80;
constexpr int bar_columns = 8;

constexpr std::string_view bold = "1", green = "32", faint = "2";

/// Lines are cut first and coloured then, so that colours take no room.
class page {
public:
  explicit page(const canvas& c) : columns_{std::min(c.columns, widest)}, colour_{c.colour} {}

  void add(std::string_view text, std::string_view style = {}) {
    std::string line = fit(text, columns_);
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
  bool colour_;
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
  if (saves) return text;
  const auto e = s.time_left(now);
  if (!e) return text + " · no estimate yet";
  return text + fmt::format(" · about {} left ({})", clock_text(e->left), e->basis);
}

std::string best(const view_state& s) {
  const auto b = s.best();
  if (!b) return fmt::format("best {}: none yet", s.metric());
  std::string line =
      fmt::format("best {} {} · trial {} at iteration {}", s.metric(),
                  short_number(b->value, view_digits), s.called(b->number), b->iteration);
  const auto& parameters = s.trial(b->number).parameters;
  if (!parameters.empty()) line += fmt::format(" · {}", fmt::join(parameters, " "));
  return line;
}

std::string bar(double fraction) {
  const int full = static_cast<int>(fraction * bar_columns);
  std::string cells;
  for (int i = 0; i < bar_columns; ++i)
    cells += i < full ? "█" : "░";
  return cells;
}

std::string running_line(const view_state& s, trial_number n) {
  const trial_view& t = s.trial(n);
  const std::string value = t.value ? short_number(*t.value, view_digits) : "-";
  return fmt::format("{} {} iter {:>2}  {} {}  {}", s.called(n), bar(t.fraction), t.iteration + 1,
                     fit(s.metric(), 12), pad_right(value, 6), fmt::join(t.parameters, " "));
}

} // namespace

std::vector<std::string> live_view(const view_state& s, std::chrono::nanoseconds now,
                                   const canvas& c) {
  const auto room = static_cast<std::size_t>(std::max(c.rows - 1, 1));
  page p{c};
  p.add(header(s, p.columns()), bold);
  p.add(times(s, now));
  p.add(best(s), green);

  const std::size_t fixed = 3;
  std::size_t shown = s.running().size();
  if (fixed + shown > room) shown = room > fixed + 1 ? room - fixed - 1 : 0;
  auto next = s.running().begin();
  for (std::size_t i = 0; i < shown; ++i)
    p.add(running_line(s, *next++));
  if (const auto more = s.running().size() - shown)
    p.add(fmt::format("… and {} more", more), faint);
  return p.take(room);
}

} // namespace troupe
