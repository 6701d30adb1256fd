#include "store/study_lock.hpp"

#include "store/file_system.hpp"
#include "store/lock_note.hpp"
#include "store/system_lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace troupe {

namespace {

namespace fs = std::filesystem;
using milliseconds = std::chrono::milliseconds;

constexpr auto heartbeat_variable = "TROUPE_HEARTBEAT_S";
constexpr milliseconds usual_period{2000};
constexpr double shortest_s = 0.01, longest_s = 600;

/// Returns how often a lock on a network file system is renewed.
milliseconds heartbeat_period() {
  const char* text = std::getenv(heartbeat_variable);
  if (!text) return usual_period;
  const std::string_view digits{text};
  double seconds = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  if (error != std::errc{} || end != digits.data() + digits.size() || !(seconds >= shortest_s) ||
      seconds > longest_s)
    throw std::invalid_argument{fmt::format("{} must be a number of seconds from {} to {}; found "
                                            "\"{}\"",
                                            heartbeat_variable, shortest_s, longest_s, digits)};
  return milliseconds{static_cast<std::int64_t>(seconds * 1000)};
}

/// Often enough for a watch to miss nothing, and seldom enough for a file server.
milliseconds look_pause(milliseconds period) {
  return std::max(period / 4, milliseconds{1});
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path{"."};
}

} // namespace

study_lock::study_lock(fs::path file) : file_{std::move(file)} {
  if (is_on_network(folder_of(file_)))
    shared_.emplace(file_, beating_note_of_this_process(heartbeat_period()));
}

bool study_lock::try_take() {
  if (!shared_) {
    if (auto taken = folder_lock::take(file_)) local_.emplace(std::move(*taken));
    return local_.has_value();
  }
  if (!shared_->try_take(std::chrono::steady_clock::now())) {
    holder_lives_ = holder_lives_ || !shared_->is_unsure();
    return false;
  }
  heartbeat_.emplace(heartbeat_period(), [this] { shared_->beat(); });
  return true;
}

bool study_lock::may_be_left() const noexcept {
  return shared_ && shared_->is_unsure() && !holder_lives_;
}

milliseconds study_lock::pause() const {
  constexpr milliseconds others_take{5}, others_take_over_a_network{50};
  if (may_be_left()) return look_pause(shared_->period());
  return shared_ ? others_take_over_a_network : others_take;
}

bool study_lock::is_ours() const {
  return !shared_ || shared_->is_ours();
}

bool study_lock::is_new() const noexcept {
  return shared_ ? shared_->is_new() : local_->is_new();
}

bool study_lock::is_taken_over() const noexcept {
  return shared_ && shared_->is_taken_over();
}

void study_lock::remove_file() noexcept {
  std::error_code error;
  try {
    if (is_ours()) fs::remove(file_, error);
  } catch (const std::system_error&) {
    // Nobody is hurt by a file that says that nobody has it.
  }
}

std::string holder_of(const fs::path& file) {
  try {
    const auto content = read_lock_file(file);
    // None if it has just taken the lock, or there was no room to say who it is.
    if (const auto note = content ? read_note(*content) : std::nullopt) return described(*note);
  } catch (const std::system_error&) {
    // Then nobody can tell.
  }
  return "another process";
}

bool is_held(const fs::path& file) {
  if (!is_on_network(folder_of(file))) return is_locked(file);
  holder_watch watch{file, beating_note_of_this_process(heartbeat_period())};
  while (true) {
    const auto found = watch.look(std::chrono::steady_clock::now());
    if (found != lock_state::unsure) return found == lock_state::held;
    std::this_thread::sleep_for(look_pause(watch.period()));
  }
}

} // namespace troupe
