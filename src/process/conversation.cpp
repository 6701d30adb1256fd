#include "process/conversation.hpp"

#include "process/shown_line.hpp"
#include "process/tuner_message.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <poll.h>
#include <stdexcept>
#include <utility>
#include <variant>

namespace troupe {

namespace {

std::string seconds_text(std::chrono::duration<double> s) {
  return fmt::format("{:g} s", s.count());
}

} // namespace

conversation::conversation(trial& t, patience p, listener l, message_socket& socket, manner m)
    : trial_{t},
      patience_{p},
      listener_{std::move(l)},
      manner_{m},
      checkpoints_{t},
      socket_{socket},
      has_greeted_{m.has_greeted} {
  if (has_greeted_) start();
}

short conversation::awaited() const noexcept {
  return static_cast<short>(POLLIN | (socket_.has_unsent() ? POLLOUT : 0));
}

void conversation::go_on() {
  const bool was_closed = socket_.is_closed();
  socket_.flush();
  if (hear() > 0 || socket_.is_closed() != was_closed) last_heard_ = clock::now();
}

void conversation::finish(bool well) {
  // What has left the program's group may hold the socket, and write.
  constexpr std::size_t largest_queue = std::size_t{4} << 20;
  std::size_t taken = 0;
  for (std::size_t left = largest_queue; left > 0; left -= std::min(left, taken))
    if ((taken = hear()) == 0) break;
  if (well && !is_over_) socket_.finish([this](std::string_view line) { take(line); });
}

void conversation::tell_stop() {
  if (std::exchange(is_over_, true)) return;
  socket_.send(stop_message());
}

std::optional<conversation::clock::time_point> conversation::deadline() const {
  const auto after = [this](std::chrono::duration<double> s) {
    return last_heard_ + std::chrono::duration_cast<clock::duration>(s);
  };
  if (is_over_) return std::nullopt;
  if (socket_.is_closed()) return after(patience_.for_end);
  if (has_greeted_ && !beats_) return std::nullopt;
  return after(patience_.for_word);
}

void conversation::check_deadline() const {
  const auto end = deadline();
  if (!end || clock::now() < *end) return;
  const auto word = seconds_text(patience_.for_word);
  throw std::runtime_error{
      socket_.is_closed() ? "the program closed descriptor TROUPE_FD, and has not ended within " +
                                seconds_text(patience_.for_end)
      : has_greeted_ ? "the program has sent nothing for " + word + ", not even a heartbeat"
                     : "the program has not said hello on descriptor TROUPE_FD within " + word};
}

std::string conversation::why_none() const {
  return has_greeted_ ? "it said hello on descriptor TROUPE_FD, but nothing to judge"
                      : "it never said hello on descriptor TROUPE_FD";
}

std::size_t conversation::hear() {
  try {
    return socket_.receive([this](std::string_view line) { take(line); });
  } catch (const std::exception&) {
    if (!is_over_) throw;
    return 0;
  }
}

void conversation::take(std::string_view line) {
  auto message = [line] {
    try {
      return read_client_message(line);
    } catch (const std::invalid_argument& e) {
      throw std::runtime_error{std::string{"a message of the program: "} + e.what() +
                               "; the line: " + shown_line(line)};
    }
  }();
  if (!has_greeted_ && !std::holds_alternative<client_hello>(message) &&
      !std::holds_alternative<client_error>(message))
    throw std::runtime_error{"the program's first message must be hello; the line: " +
                             shown_line(line)};
  std::visit([this](auto& each) { answer(each); }, message);
}

void conversation::answer(const client_hello&) {
  if (!std::exchange(has_greeted_, true)) return start();
  if (!manner_.may_rest) throw std::runtime_error{"the program said hello twice"};
  is_resting_ = true;
}

void conversation::start() {
  socket_.send(start_message(trial_, checkpoints_.folder(), checkpoints_.last()));
}

void conversation::answer(client_report& r) {
  auto decision = final_.value_or(verdict::stop);
  if (!final_) {
    auto c = r.checkpoint ? checkpoints_.take(*r.checkpoint) : checkpoint{};
    decision = listener_.report(std::move(r.metrics), std::move(c));
    if (decision != verdict::proceed) final_ = decision;
  }
  is_over_ = is_over_ || final_;
  socket_.send(decision_message(decision));
}

void conversation::answer(const client_log& l) const {
  std::string_view rest = l.text;
  for (auto end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
    listener_.log(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  listener_.log(rest);
}

void conversation::answer(const client_error& e) const {
  throw trial_error{e.reason_kind, e.message};
}

} // namespace troupe
