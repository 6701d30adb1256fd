#include "store/lock_note.hpp"

#include "base/clock.hpp"
#include "base/host_name.hpp"
#include "base/json.hpp"
#include "store/time_text.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <system_error>
#include <unistd.h>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// Longer or shorter periods are nobody's.
constexpr std::int64_t longest_period_ms = 3'600'000;

/// Returns what this process was called as, without its further arguments, which may hold what is
/// nobody's business: "troupe run".
std::string this_command() {
  std::ifstream file{"/proc/self/cmdline", std::ios::binary};
  std::string program;
  std::string first;
  std::getline(file, program, '\0');
  std::getline(file, first, '\0');
  program = fs::path{program}.filename().string();
  return first.empty() || first.starts_with('-') ? program : program + ' ' + first;
}

/// Process numbers mean something only to those who count the same processes.
std::string this_machine() {
  std::string boot;
  std::getline(std::ifstream{"/proc/sys/kernel/random/boot_id"}, boot);
  std::error_code error;
  return boot + ' ' + fs::read_symlink("/proc/self/ns/pid", error).string();
}

/// What the system tells about a process.
struct process {
  char state = '?';
  std::uint64_t started = 0; ///< In ticks since the boot; 0 if nobody tells.

  bool has_ended() const noexcept { return state == 'Z' || state == 'X'; }
};

process look_at(std::int64_t pid) {
  std::string line;
  std::getline(std::ifstream{fmt::format("/proc/{}/stat", pid)}, line);
  // The name in parentheses may have spaces. The state comes next, the start 19 fields later.
  std::istringstream fields{line.substr(std::min(line.rfind(')') + 1, line.size()))};
  process found;
  fields >> found.state;
  std::string skipped;
  for (int i = 0; i < 18; ++i)
    fields >> skipped;
  fields >> found.started;
  return found;
}

std::string new_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

std::string text_at(const boost::json::object& object, std::string_view key) {
  const auto& text = object.at(key).as_string();
  return {text.data(), text.size()};
}

std::optional<lock_note::heart> read_heart(const boost::json::object& said) {
  if (!said.contains("id")) return std::nullopt;
  const auto period = said.at("period_ms").to_number<std::int64_t>();
  return lock_note::heart{
      text_at(said, "id"), text_at(said, "machine"), said.at("started").to_number<std::uint64_t>(),
      std::chrono::milliseconds{std::clamp<std::int64_t>(period, 1, longest_period_ms)},
      said.at("beat").to_number<std::uint64_t>()};
}

} // namespace

lock_note note_of_this_process() {
  return {::getpid(), host_name(), to_utc_text(unix_ns()), this_command()};
}

lock_note beating_note_of_this_process(std::chrono::milliseconds period) {
  auto note = note_of_this_process();
  note.beating = lock_note::heart{new_id(), this_machine(), look_at(note.pid).started, period};
  return note;
}

std::string to_text(const lock_note& note) {
  boost::json::object said{
      {"pid", note.pid}, {"host", note.host}, {"since", note.since}, {"command", note.command}};
  if (const auto& heart = note.beating) {
    said["machine"] = heart->machine;
    said["started"] = heart->started;
    said["id"] = heart->id;
    said["period_ms"] = heart->period.count();
    said["beat"] = heart->beat;
  }
  return to_text(said) + '\n';
}

std::optional<lock_note> read_note(std::string_view text) {
  try {
    const auto read = parse_json(text);
    const auto& said = read.as_object();
    return lock_note{said.at("pid").to_number<std::int64_t>(), text_at(said, "host"),
                     text_at(said, "since"), text_at(said, "command"), read_heart(said)};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::string described(const lock_note& note) {
  auto since = note.since.substr(0, 19);
  if (since.size() > 10) since[10] = ' ';
  return fmt::format("process {} ({}) on host {} since {} UTC", note.pid, note.command, note.host,
                     since);
}

presence presence_of(const lock_note& other, const lock_note& self) {
  const auto& heart = other.beating;
  if (!heart || !self.beating || heart->machine != self.beating->machine || other.host != self.host)
    return presence::out_of_sight;
  if (::kill(static_cast<pid_t>(other.pid), 0) != 0 && errno == ESRCH) return presence::gone;
  const auto seen = look_at(other.pid);
  const bool is_another =
      seen.started != 0 && heart->started != 0 && seen.started != heart->started;
  return is_another || seen.has_ended() ? presence::gone : presence::alive;
}

} // namespace troupe
