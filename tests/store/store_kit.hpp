#pragma once

#include "data/temp_dir.hpp"

#include <troupe/events.hpp>

#include <bit>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

/// What the tests of the store share.
namespace store_kit {

namespace fs = std::filesystem;

/// Returns the message of the `Error` that `action` throws; empty if it throws nothing.
template <class Error, class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const Error& e) {
    return e.what();
  }
  return {};
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// A forked process that runs `body`, whose exceptions become exit code 99. Start it only while the
/// test has a single thread.
class child_process {
public:
  /// Hands `body` the end of a pipe to write numbers to.
  explicit child_process(const std::function<void(int pipe)>& body) {
    int ends[2];
    if (::pipe(ends) != 0 || (id_ = ::fork()) < 0) throw std::runtime_error{"cannot fork"};
    if (id_ == 0) {
      ::close(ends[0]);
      try {
        body(ends[1]);
      } catch (...) {
        ::_exit(99);
      }
      ::_exit(0);
    }
    ::close(ends[1]);
    pipe_ = ends[0];
  }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process() {
    if (id_ > 0) {
      kill();
      wait();
    }
    ::close(pipe_);
  }

  /// Returns the next number that the child tells; none when it has gone.
  std::optional<std::uint64_t> heard() {
    std::uint64_t n = 0;
    return ::read(pipe_, &n, sizeof n) == sizeof n ? std::optional{n} : std::nullopt;
  }

  void kill() { ::kill(id_, SIGKILL); }

  pid_t id() const noexcept { return id_; }

  /// Returns its exit code; -1 if a signal ended it.
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(id_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

private:
  pid_t id_ = -1;
  int pipe_ = -1;
};

/// In a child: tells the parent a number.
inline void say(int pipe, std::uint64_t n) {
  if (::write(pipe, &n, sizeof n) != sizeof n) ::_exit(98);
}

// -- events --------------------------------------------------------------------------------------

/// 2026-03-01T12:00:00Z and some nanoseconds.
inline constexpr std::int64_t noon_ns = 1'772'366'400'000'000'123;

inline troupe::event make_event(std::uint64_t seq, std::optional<troupe::trial_number> trial,
                                troupe::event_body body) {
  return {seq, noon_ns + static_cast<std::int64_t>(seq), trial, std::move(body)};
}

/// A report of trial `trial` that tells its seq in the metric "loss".
inline troupe::event make_report(std::uint64_t seq, troupe::trial_number trial, int iteration,
                                 std::optional<int> checkpoint = {}) {
  return make_event(seq, trial,
                    troupe::event_kind::trial_reported{iteration,
                                                       {{"loss", 1.0 / static_cast<double>(seq)}},
                                                       checkpoint,
                                                       0.25,
                                                       0.25 * iteration});
}

/// Draws events with all kinds, extreme numbers and awkward text.
class event_generator {
public:
  explicit event_generator(std::uint64_t seed) : random_{seed} {}

  troupe::event next(std::uint64_t seq) {
    using namespace troupe::event_kind;
    troupe::event e{seq, static_cast<std::int64_t>(random_()), {}, {}};
    if (below(4) != 0) e.trial = static_cast<troupe::trial_number>(random_());
    switch (below(21)) {
    case 0:
      e.body = study_started{text(), random_()};
      break;
    case 1:
      e.body = trial_added{object(3), random_()};
      break;
    case 2:
      e.body = trial_started{integer(), integer(), lease()};
      break;
    case 3:
      e.body = trial_reported{integer(), metrics(), maybe_int(), real(), real()};
      break;
    case 4:
      e.body =
          trial_decided{integer(), static_cast<troupe::verdict>(below(3)), text(), state(), flip()};
      break;
    case 5:
      e.body = trial_failed{integer(), text(), flip(), flip()};
      break;
    case 6:
      e.body = trial_paused{integer(), text()};
      break;
    case 7:
      e.body = trial_ended{state(), text()};
      break;
    case 8:
      e.body = trial_exploited{static_cast<troupe::trial_number>(random_()), integer(), integer(),
                               real(), object(3)};
      break;
    case 9:
      e.body = trial_resized{{real(), real(), real()}};
      break;
    case 10:
      e.body = study_stopping{text(), state()};
      break;
    case 11:
      e.body = trial_leased{text(), real()};
      break;
    case 12:
      e.body = study_resumed{limits(), {1, 2}};
      break;
    case 13:
      e.body = checkpoint_taken{integer(), integer(), metrics(), real()};
      break;
    case 14:
      e.body = checkpoint_lost{integer()};
      break;
    case 15:
      e.body = choice_asked{};
      break;
    case 16:
      e.body = study_paused{text()};
      break;
    case 17:
      e.body = study_continued{};
      break;
    case 18:
      e.body = trial_held{integer()};
      break;
    case 19:
      e.body = limits_changed{{.num_samples = random_() >> 1}, text()};
      break;
    case 20:
      e.body = trial_retried{};
      break;
    default:
      e.body = study_ended{e.trial, text()};
      break;
    }
    return e;
  }

private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }
  bool flip() { return below(2) == 0; }
  int integer() { return static_cast<int>(static_cast<std::uint32_t>(random_())); }
  std::optional<int> maybe_int() { return flip() ? std::optional{integer()} : std::nullopt; }

  troupe::trial_state state() { return static_cast<troupe::trial_state>(below(7)); }

  /// Any bit pattern but the NaNs that JSON cannot tell apart.
  double real() {
    const auto x = std::bit_cast<double>(random_());
    return std::isnan(x) ? std::numeric_limits<double>::quiet_NaN() : x;
  }

  std::string text() {
    constexpr std::string_view pieces[] = {"loss", "\"", "\\", "\n", "\t",
                                           "\x01", "é",  "漢", "🎭",  "/"};
    std::string out;
    for (auto n = below(6); n > 0; --n)
      out += pieces[below(std::size(pieces))];
    return out;
  }

  troupe::metrics metrics() {
    troupe::metrics m;
    for (auto n = below(5); n > 0; --n)
      m.set(text(), flip() ? real() : 1.0);
    return m;
  }

  std::optional<troupe::study_limits> limits() {
    if (flip()) return std::nullopt;
    troupe::study_limits l;
    l.num_samples = random_();
    l.time_budget_s = real();
    l.stop = {{text(), troupe::stop_rule::side::at_most, real()}};
    return l;
  }

  troupe::lease lease() {
    troupe::lease l{random_(), real(), real(), real(), {}};
    for (auto n = below(3); n > 0; --n)
      l.gpus.push_back(integer());
    return l;
  }

  boost::json::object object(int depth) {
    boost::json::object out;
    for (auto n = below(4); n > 0; --n)
      out[text()] = value(depth - 1);
    return out;
  }

  boost::json::value value(int depth) {
    switch (below(depth > 0 ? 7 : 5)) {
    case 0:
      return nullptr;
    case 1:
      return flip();
    case 2:
      return static_cast<std::int64_t>(random_());
    case 3:
      return std::abs(real()) < 1e300 ? 0.1 : 16.0;
    case 4:
      return boost::json::value(text());
    case 5:
      return object(depth);
    default:
      return boost::json::array{value(depth - 1), value(depth - 1)};
    }
  }

  std::mt19937_64 random_;
};

} // namespace store_kit
