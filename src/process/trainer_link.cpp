#include "process/trainer_link.hpp"

#include "base/json.hpp"
#include "process/client_message.hpp"
#include "process/line_splitter.hpp"
#include "process/tuner_message.hpp"

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_line = std::size_t{64} << 20;

} // namespace

trainer_link::trainer_link(file_handle socket)
    : socket_{std::move(socket)},
      listener_{[this] { listen(); }} {}

// By another constructor: what is thrown from here on ends the listener, too.
trainer_link::trainer_link(int descriptor) : trainer_link{file_handle{descriptor}} {
  greet();
}

trainer_link::~trainer_link() {
  shutdown(socket_.descriptor(), SHUT_RDWR);
  listener_.join();
}

void trainer_link::greet() {
  {
    const std::lock_guard lock{mutex_};
    stop_ = {};
  }
  say({{"type", "hello"}, {"version", protocol_version}});
}

bool trainer_link::await_order() {
  order_ = next();
  return !order_.empty();
}

std::stop_token trainer_link::stop_token() {
  const std::lock_guard lock{mutex_};
  return stop_.get_token();
}

verdict trainer_link::report(const metrics& m, const std::optional<std::string>& checkpoint) {
  json::object values;
  for (const auto& [name, value] : m)
    values.emplace(name, number(value));
  json::object message{{"type", "report"}, {"metrics", std::move(values)}};
  if (checkpoint) message["checkpoint"] = *checkpoint;
  say(std::move(message));
  return verdict_in(next());
}

void trainer_link::progress(double fraction) {
  say({{"type", "progress"}, {"fraction", fraction}});
}

void trainer_link::log(std::string_view text) {
  say({{"type", "log"}, {"text", text}});
}

void trainer_link::fail(const trial_error& e) {
  say({{"type", "error"}, {"message", e.what()}, {"reason_kind", to_string(e.reason_kind)}});
}

void trainer_link::listen() {
  line_splitter lines{longest_line};
  const line_splitter::receiver receive = [this](std::string_view line, bool) { take(line); };
  std::array<char, std::size_t{64} * 1024> buffer{};
  while (true) {
    const auto size = read(socket_.descriptor(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    lines.add({buffer.data(), static_cast<std::size_t>(size)}, receive);
  }
  {
    const std::lock_guard lock{mutex_};
    is_over_ = true;
    news_.notify_all();
  }
  request_stop();
}

void trainer_link::request_stop() {
  std::stop_source stop;
  {
    const std::lock_guard lock{mutex_};
    stop = stop_;
  }
  stop.request_stop(); // whoever waits for that is called, and may do what it likes
}

void trainer_link::take(std::string_view line) {
  json::value message;
  try {
    message = parse_json(line);
  } catch (const json_error&) {
    return; // whoever waits for it is told when nothing more comes
  }
  if (!message.is_object()) return;
  const auto* type = message.get_object().if_contains("type");
  if (type && *type == "stop") request_stop();
  if (!type || (*type != "start" && *type != "decision")) return; // of a later version
  const std::lock_guard lock{mutex_};
  heard_.push_back(message.get_object());
  news_.notify_all();
}

/// Empty if nothing more comes.
json::object trainer_link::next() {
  std::unique_lock lock{mutex_};
  news_.wait(lock, [this] { return is_over_ || !heard_.empty(); });
  if (heard_.empty()) return {};
  auto first = std::move(heard_.front());
  heard_.pop_front();
  return first;
}

void trainer_link::say(json::object message) {
  const auto text = to_text(json::value(std::move(message))) + "\n";
  const std::lock_guard lock{speaking_};
  for (std::string_view rest = text; !rest.empty();) {
    const auto sent = send(socket_.descriptor(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return; // nobody listens: listen() sees that, too
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
}

} // namespace troupe
