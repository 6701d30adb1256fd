#pragma once

#include "process/checkpoint_handover.hpp"
#include "process/client_message.hpp"
#include "process/message_socket.hpp"

#include <troupe/scheduler.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace troupe {

/// What a trial and its program say to each other, by the protocol of docs/protocol.md. A program
/// of Troupe's own may train one trial after the other: then it says hello anew after each. Members
/// throw std::runtime_error when the program does not keep to it; but not once it has been told to
/// end: then it matters no more what it says.
class conversation {
public:
  using clock = std::chrono::steady_clock;

  /// What is done with what the program says.
  struct listener {
    std::function<verdict(metrics, checkpoint)> report;
    std::function<void(std::string_view)> log; ///< Gets lines.
  };

  /// How long the program may be silent.
  struct patience {
    std::chrono::duration<double> for_word; ///< For its hello, and between heartbeats.
    std::chrono::duration<double> for_end;  ///< From when it has closed its end until it ends.
  };

  /// Whether a program says hello before the trial, and after it.
  struct manner {
    bool has_greeted = false; ///< It did so before, and is told at once what to train.
    bool may_rest = false;    ///< It may do so after the trial, and then waits for another.
  };

  /// `socket`, whose other end the program has, must outlive this.
  conversation(trial& t, patience p, listener l, message_socket& socket)
      : conversation{t, p, std::move(l), socket, manner{}} {}
  conversation(trial& t, patience p, listener l, message_socket& socket, manner m);

  /// For poll(2): what to look at, and for what.
  int descriptor() const noexcept { return socket_.descriptor(); }
  short awaited() const noexcept;

  /// Hears what has come, and says what is to be said.
  void go_on();

  /// Hears what is left; the program has ended, well or not.
  void finish(bool well);

  /// Tells it to end, not waiting for its report.
  void tell_stop();

  /// Returns whether it has trained the trial, and waits for another.
  bool is_resting() const noexcept { return is_resting_; }
  /// Tells it that there is none.
  void hang_up() noexcept { socket_.hang_up(); }

  /// When it will have been silent for too long; none if it may be.
  std::optional<clock::time_point> deadline() const;
  /// Throws if that is over.
  void check_deadline() const;

  /// Returns whether it has said hello.
  bool has_greeted() const noexcept { return has_greeted_; }

  /// Says why there was no report, if there was none.
  std::string why_none() const;

private:
  void start();
  std::size_t hear();
  void take(std::string_view line);
  void answer(const client_hello&);
  void answer(client_report& r);
  void answer(const client_progress& p) { trial_.progress(p.fraction); }
  void answer(const client_log& l) const;
  void answer(const client_heartbeat&) { beats_ = true; }
  [[noreturn]] void answer(const client_error& e) const;

  trial& trial_;
  patience patience_;
  listener listener_;
  manner manner_;
  checkpoint_handover checkpoints_;
  message_socket& socket_;
  clock::time_point last_heard_ = clock::now(); ///< Or when its end was closed.
  bool has_greeted_ = false;
  bool is_resting_ = false;
  bool beats_ = false;           ///< It sends heartbeats.
  bool is_over_ = false;         ///< It has been told to end.
  std::optional<verdict> final_; ///< How a report of it was answered, if it is to end then.
};

} // namespace troupe
