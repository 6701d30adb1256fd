#include "process/command_run.hpp"

#include "process/conversation.hpp"
#include "process/counted_names.hpp"
#include "process/file_reports.hpp"
#include "process/line_splitter.hpp"
#include "process/memory_limit.hpp"
#include "process/output_log.hpp"
#include "process/program_path.hpp"
#include "process/report_line.hpp"
#include "process/stop_bell.hpp"
#include "process/trial_environment.hpp"

#include <troupe/errors.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace troupe {

namespace {

using steady = std::chrono::steady_clock;

process_order order_for(const command_spec& command, const trial& t) {
  process_order order{find_program(command.program, command.cwd, search_path_of(command)),
                      {command.program},
                      trial_environment(own_environment(), command, t),
                      command.cwd};
  for (const auto& argument : command.arguments)
    order.arguments.push_back(argument.fill(t.config(), t.id()));
  return order;
}

conversation::patience patience_of(const command_spec& command) {
  using seconds = std::chrono::duration<double>;
  constexpr double least_s = 2; // a process that ends closes its descriptors somewhat before
  return {seconds{command.silence_s}, seconds{std::max(command.grace_s, least_s)}};
}

class command_run {
public:
  /// `obtain`: starts the program, or takes one that waits.
  command_run(const std::function<running_program()>& obtain, const command_spec& command, trial& t,
              bool may_rest = false)
      : command_{command},
        trial_{t},
        patterns_{command.metrics},
        log_{[&t](std::string_view lines) { t.log(lines); }},
        bell_{t.stop_token()} {
    if (command.metrics_file)
      file_.emplace(
          (std::filesystem::path{command.cwd} / command.metrics_file->fill(t.config(), t.id()))
              .string());
    program_ = obtain(); // not before it is known what the file has had before
    if (command.protocol)
      talk_.emplace(t, patience_of(command), listener(), *program_.socket,
                    conversation::manner{program_.has_greeted, may_rest});
  }

  /// `begun` is called when it has been told what to train, if it waited for that.
  void run(const std::function<void()>& begun = [] {}) {
    try {
      if (talk_) talk_->go_on();
      begun();
      follow();
      drain();
      lines_.finish(receiver_);
      if (file_ && !stopping_) file_->finish(pass_on_);
      if (talk_ && !rests()) talk_->finish(status_ == 0);
    } catch (...) {
      log_.finish();
      throw;
    }
    log_.finish();
    if (stopping_) return;
    if (status_ != 0)
      throw trial_error{WIFSIGNALED(status_) ? reason_kind::signal : reason_kind::exit_code,
                        describe_end(status_) + what_it_said()};
    // One that goes on may find that nothing is left to do.
    const bool had_reported = talk_ && talk_->has_greeted() && trial_.iteration() > 0;
    if (has_reported_ || had_reported || !(file_ || talk_)) return;
    throw trial_error{reason_kind::no_report, "exit code 0 without a report: " +
                                                  (file_ ? file_->why_none() : talk_->why_none())};
  }

  /// After run().
  std::optional<running_program> rested() {
    if (!rests()) return std::nullopt;
    program_.has_greeted = true;
    return std::move(program_);
  }

private:
  /// The last line, by which programs say what was wrong; below it those before.
  std::string what_it_said() const {
    const auto said = log_.last_lines();
    if (said.empty()) return "; it printed nothing";
    const auto last = said.substr(said.rfind('\n') + 1);
    return ": " + last + (last == said ? "" : "\nthe last that it printed:\n" + said);
  }

  /// It has trained the trial, and may train another: it was neither told to stop nor killed.
  bool rests() const { return talk_ && talk_->is_resting() && !is_told_ && !is_killed_; }

  /// Until the process has ended, or rests.
  void follow() {
    while (!rests()) {
      if (talk_ && talk_->is_resting()) talk_->hang_up();
      enum : std::uint8_t { output, ended, bell, talk };
      std::array<pollfd, 4> polled{
          {{has_output_ ? program_.process->output() : -1, POLLIN, 0},
           {program_.process->ended(), POLLIN, 0},
           {is_told_ ? -1 : bell_.descriptor(), POLLIN, 0},
           {talk_ ? talk_->descriptor() : -1, talk_ ? talk_->awaited() : short{0}, 0}}};
      if (poll(polled.data(), polled.size(), patience_ms()) < 0 && errno != EINTR)
        throw std::system_error{errno, std::generic_category(), "a command cannot be watched"};
      if (deadline_ && steady::now() >= *deadline_) kill_group();
      if (polled[bell].revents != 0) stop();
      if (polled[output].revents != 0) read_some();
      if (polled[talk].revents != 0) talk_->go_on();
      if (talk_) talk_->check_deadline();
      memory_.check(program_.process->session());
      if (file_ && !stopping_) file_has_more_ = file_->read_on(pass_on_);
      if (polled[ended].revents == 0) continue;
      status_ = program_.process->wait();
      return;
    }
  }

  /// What the process has left in the pipe. What has left its group may hold that open, and write.
  void drain() {
    constexpr std::chrono::milliseconds longest_wait{200};
    constexpr std::size_t largest_pipe = 1U << 20;
    const auto end = rests() ? steady::time_point::min() : steady::now() + longest_wait;
    for (std::size_t left = largest_pipe; has_output_ && left > 0;) {
      const auto taken = read_some();
      left -= std::min(left, taken);
      if (taken > 0 || !has_output_) continue;
      const auto now = steady::now();
      if (now >= end) return;
      pollfd polled{program_.process->output(), POLLIN, 0};
      poll(&polled, 1, milliseconds_until(end, now));
    }
  }

  /// Returns how many bytes there were.
  std::size_t read_some() {
    const auto size = read(program_.process->output(), buffer_.data(), buffer_.size());
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    has_output_ = size > 0;
    if (size <= 0) return 0;
    lines_.add({buffer_.data(), static_cast<std::size_t>(size)}, receiver_);
    log_.flush();
    return static_cast<std::size_t>(size);
  }

  void take(std::string_view line, bool begins) {
    log_.add(line);
    if (stopping_ || !begins || file_ || talk_) return;
    auto report = command_.metrics.empty() ? read_report_line(line) : patterns_.read(line);
    if (report) pass_on(*report);
  }

  void pass_on(const metrics& report) {
    if (!stopping_ && !judge(report, {})) stop();
  }

  /// Returns whether it goes on.
  bool judge(const metrics& report, checkpoint c) {
    log_.flush();
    metrics own;
    for (const auto& [name, value] : report)
      if (!is_counted(name)) own.set(name, value);
    has_reported_ = true;
    return trial_.report(std::move(own), std::move(c));
  }

  conversation::listener listener() {
    return {[this](const metrics& report, checkpoint c) {
              if (judge(report, std::move(c))) return verdict::proceed;
              give_grace(); // it is told so, and ends by itself
              return trial_.pausing() ? verdict::pause : verdict::stop;
            },
            [this](std::string_view line) { log_.add(line); }};
  }

  /// Once more every second, for what has come into the group meanwhile.
  void kill_group() {
    is_killed_ = true;
    program_.process->signal(SIGKILL);
    deadline_ = steady::now() + std::chrono::seconds{1};
  }

  /// Begins to stop it; or, if that has begun, and now the study waits for it, hurries it.
  void stop() {
    if (!give_grace()) return;
    if (talk_) talk_->tell_stop();
    program_.process->signal(SIGTERM);
  }

  /// From now on it is to end, and has its grace for that. Returns whether that is new.
  bool give_grace() {
    // A study waits half a minute for trials that it tells to end.
    constexpr double longest_when_told_s = 20;
    is_told_ = trial_.stopping();
    const double grace_s =
        is_told_ ? std::min(command_.grace_s, longest_when_told_s) : command_.grace_s;
    const auto deadline = steady::now() + std::chrono::duration_cast<steady::duration>(
                                              std::chrono::duration<double>{grace_s});
    deadline_ = deadline_ ? std::min(*deadline_, deadline) : deadline;
    return !std::exchange(stopping_, true);
  }

  /// How long to wait for what comes, in milliseconds; -1: however long it takes.
  int patience_ms() const {
    constexpr std::chrono::milliseconds file_period{50};
    if (file_has_more_ && !deadline_) return 0;
    const auto now = steady::now();
    std::optional<steady::time_point> soonest = memory_.next();
    const auto also = [&](std::optional<steady::time_point> other) {
      if (other && (!soonest || *other < *soonest)) soonest = other;
    };
    also(deadline_);
    if (talk_ && !deadline_) also(talk_->deadline());
    if (file_ && !deadline_) also(now + file_period);
    return soonest ? milliseconds_until(*soonest, now) : -1;
  }

  static int milliseconds_until(steady::time_point end, steady::time_point now) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - now);
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
  }

  const command_spec& command_;
  trial& trial_;
  pattern_reader patterns_;
  line_splitter lines_;
  line_splitter::receiver receiver_ = [this](std::string_view line, bool begins) {
    take(line, begins);
  };
  std::function<void(metrics)> pass_on_ = [this](const metrics& report) { pass_on(report); };
  std::optional<file_reports> file_;
  std::optional<conversation> talk_;
  running_program program_; ///< Ends before its folders go, which talk_ has.
  memory_limit memory_{trial_.memory_gb()};
  bool file_has_more_ = false;
  output_log log_;
  stop_bell bell_;
  std::array<char, std::size_t{64} * 1024> buffer_{};
  std::optional<steady::time_point> deadline_; ///< When the group is killed.
  bool has_output_ = true;                     ///< The pipe has not come to its end.
  bool stopping_ = false;
  bool has_reported_ = false;
  bool is_told_ = false; ///< To stop by the stop token.
  bool is_killed_ = false;
  int status_ = 0;
};

} // namespace

void run_command_trial(const command_spec& command, trial& t, const process_starter& start) {
  const auto obtain = [&] { return start_program(start, order_for(command, t), command.protocol); };
  command_run{obtain, command, t}.run();
}

std::optional<running_program> run_trial_in(running_program program, const command_spec& command,
                                            trial& t, bool may_rest,
                                            const std::function<void()>& begun) {
  command_run run{[&] { return std::move(program); }, command, t, may_rest};
  run.run(begun);
  return run.rested();
}

} // namespace troupe
