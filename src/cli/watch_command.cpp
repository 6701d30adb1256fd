#include "cli/watch_command.hpp"

#include "cli/exit_code.hpp"
#include "cli/holder_in.hpp"
#include "cli/live_view.hpp"
#include "cli/plain_view.hpp"
#include "cli/signals.hpp"
#include "cli/terminal.hpp"
#include "cli/view_state.hpp"
#include "store/doctor.hpp"
#include "store/former_study.hpp"
#include "store/journal.hpp"
#include "store/stored_study.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <unistd.h>

namespace troupe {

namespace {

using namespace std::chrono_literals;

std::chrono::nanoseconds present() {
  return std::chrono::system_clock::now().time_since_epoch();
}

/// Follows a journal, and shows what it comes to.
class watcher {
public:
  explicit watcher(const std::filesystem::path& journal)
      : reader_{journal_reader::unchecked(journal)},
        state_{study_of(journal)} {}

  /// What has happened until now is told by one line.
  void begin() {
    while (const auto e = reader_.next())
      state_.apply(*e);
    if (screen_.interactive()) return;
    screen_.say(fmt::format("study {}: {}/{} done", state_.name(), state_.done(), state_.total()));
  }

  void look() {
    while (const auto e = reader_.next()) {
      state_.apply(*e);
      if (screen_.interactive()) {
        if (const auto line = failure_line(state_, *e)) screen_.say(*line);
      } else {
        for (const auto& line : plain_.lines(state_, *e))
          screen_.say(line);
      }
    }
    if (screen_.interactive())
      screen_.draw(live_view(state_, present(), screen_.size()));
    else if (const auto line = plain_.heartbeat(state_, present()))
      screen_.say(*line);
  }

  bool ended() const { return state_.ended(); }

  /// Why nothing more is going to happen.
  void conclude() {
    const auto& why = state_.stopping();
    screen_.close_frame();
    screen_.say(!state_.ended() ? "nobody runs the study now"
                : why.empty()   ? "the study has ended"
                                : "the study has ended: " + why);
  }

private:
  journal_reader reader_;
  view_state state_;
  plain_view plain_;
  terminal screen_{STDOUT_FILENO};
};

} // namespace

int watch_command(const study_layout& layout) {
  signal_watch signals;
  signals.leave_at_once();
  watcher w{existing_journal(layout)};
  const bool is_asked = holder_in(layout).is_asked; // then nobody has it for long
  w.begin();
  bool runs = true;
  while (w.look(), !w.ended() && runs) {
    signals.wait(500ms);
    runs = is_asked || is_in_use(layout);
  }
  w.look();
  w.conclude();
  return exit_code::done;
}

} // namespace troupe
