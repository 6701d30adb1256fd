#include "cli/console.hpp"

#include "actors/caf_compat.hpp"
#include "base/escape.hpp"
#include "base/json.hpp"
#include "cli/descriptor.hpp"
#include "cli/live_view.hpp"
#include "cli/plain_view.hpp"
#include "cli/view_state.hpp"

#include <caf/actor_system.hpp>
#include <caf/disposable.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <unistd.h>
#include <utility>
#include <variant>

namespace troupe {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr auto shortest_pause = 100ms;
constexpr auto longest_pause = 500ms;

std::chrono::nanoseconds unix_now() {
  return std::chrono::system_clock::now().time_since_epoch();
}

class console_state {
public:
  console_state(subscriber_actor::pointer self, console_options options)
      : self_{self},
        screen_{std::move(options.screen)},
        event_lines_{options.event_lines},
        event_lines_error_{std::move(options.event_lines_error)},
        shows_{!event_lines_ || !isatty(*event_lines_)},
        state_{std::move(options.so_far)} {}

  ~console_state() {
    timer_.dispose();
    screen_->close_frame();
  }

  subscriber_actor::behavior_type make_behavior() {
    due_ = steady::now();
    wait();
    return {
        [this](const event& e) { take(e); },
        [this](const trial_progress& p) {
          state_.progress(p.number, p.fraction);
          refresh();
        },
    };
  }

  static inline const char* name = "console";

private:
  void take(const event& e) {
    if (event_lines_) print(e);
    state_.apply(e);
    if (shows_) show(e);
    if (state_.ended()) self_->quit();
  }

  void show(const event& e) {
    if (!screen_->interactive()) {
      for (const std::string& line : plain_.lines(state_, e))
        screen_->say(line);
      return;
    }
    if (const auto line = failure_line(state_, e)) screen_->say(*line);
    if (state_.ended())
      draw();
    else
      refresh();
  }

  /// Draws, unless it has just been done.
  void refresh() {
    if (steady::now() - drawn_ >= shortest_pause) draw();
  }

  void draw() {
    if (!shows_ || !screen_->interactive()) return;
    screen_->draw(live_view(state_, unix_now(), screen_->size()));
    drawn_ = steady::now();
  }

  /// Waits for the next tick, counted from the one before so that ticks do not drift.
  void wait() {
    due_ = std::max(due_ + longest_pause, steady::now());
    timer_ = self_->run_delayed(due_ - steady::now(), [this] { tick(); });
  }

  void tick() {
    draw();
    if (shows_ && !screen_->interactive())
      if (const auto line = plain_.heartbeat(state_, unix_now())) screen_->say(*line);
    wait();
  }

  void print(const event& e) {
    if (write_all(*event_lines_, escaped(to_text(to_json(e))) + '\n')) return;
    const int cause = errno;
    screen_->say(std::string{"cannot write events: "} + std::strerror(cause) +
                 "; no more will be written");
    if (event_lines_error_) *event_lines_error_ = cause;
    event_lines_.reset();
  }

  subscriber_actor::pointer self_;
  std::shared_ptr<terminal> screen_;
  std::optional<int> event_lines_;
  std::shared_ptr<std::atomic<int>> event_lines_error_;
  bool shows_; ///< Whether there is a view.
  view_state state_;
  plain_view plain_;
  steady::time_point drawn_{}, due_{};
  caf::disposable timer_;
};

} // namespace

subscriber_actor spawn_console(caf::actor_system& system, console_options options) {
  return system.spawn<subscriber_actor::stateful_impl<console_state>, caf::detached>(
      std::move(options));
}

} // namespace troupe
