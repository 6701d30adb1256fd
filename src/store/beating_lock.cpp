#include "store/beating_lock.hpp"

#include "store/system_lock.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace troupe {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(int cause) {
  throw std::system_error{cause, std::generic_category()};
}

/// Returns 0, or what has gone wrong. The text is never shorter than the one before.
int write_note(int descriptor, const lock_note& note) {
  const auto text = to_text(note);
  const auto written = ::pwrite(descriptor, text.data(), text.size(), 0);
  if (written != static_cast<ssize_t>(text.size())) return written < 0 ? errno : ENOSPC;
  return ::fsync(descriptor) == 0 ? 0 : errno;
}

} // namespace

beating_lock::beating_lock(const fs::path& file, lock_note self)
    : file_{file},
      next_{fs::path{file} += ".next"},
      self_{std::move(self)},
      holder_{file_, self_},
      claimant_{next_, self_, holder_watch::emptiness::unknown} {}

beating_lock::~beating_lock() {
  // By its descriptor: the file of that name may be somebody else's by now.
  if (descriptor_ >= 0) (void)!::ftruncate(descriptor_, 0);
  drop();
}

void beating_lock::drop() noexcept {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

bool beating_lock::try_take(clock::time_point now) {
  found_ = holder_.look(now);
  if (found_ == lock_state::held || found_ == lock_state::unsure) return false;
  if (!claim(now)) return false;
  // Somebody else may have taken it, and let go of FILE.next, after the look.
  if (read_lock_file(file_) == holder_.content())
    put_in_place();
  else if (!is_ours())
    ::unlink(next_.c_str());
  // Whoever takes us for dead removes FILE.next, and whoever was taken for dead may rename ours:
  // what counts is the file alone.
  if (!is_ours()) {
    drop();
    found_ = lock_state::unsure;
    return false;
  }
  is_new_ = !holder_.content();
  is_taken_over_ = found_ == lock_state::abandoned;
  try {
    // Keeps off those for whom the same folder is on a local disk, if locks reach as far as them.
    lock_whole(descriptor_);
  } catch (const std::system_error&) {
    // There are no locks here: the heartbeat has to do.
  }
  return true;
}

/// Makes FILE.next, which one alone can; returns false if another is at it.
bool beating_lock::claim(clock::time_point now) {
  descriptor_ = ::open(next_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor_ < 0 && errno != EEXIST) fail(errno);
  if (descriptor_ < 0) {
    const auto left = claimant_.look(now);
    const bool is_dead = left == lock_state::free || left == lock_state::abandoned;
    if (is_dead && claimant_.content()) ::unlink(next_.c_str()); // else it has gone by itself
    found_ = left == lock_state::held ? lock_state::held : lock_state::unsure;
    return false;
  }
  if (const int cause = write_note(descriptor_, self_)) {
    ::unlink(next_.c_str());
    drop();
    fail(cause);
  }
  return true;
}

/// Makes FILE.next the file, if it is there.
void beating_lock::put_in_place() {
  if (std::rename(next_.c_str(), file_.c_str()) == 0 || errno == ENOENT) return;
  const int cause = errno;
  ::unlink(next_.c_str());
  drop();
  fail(cause);
}

void beating_lock::beat() noexcept {
  ++self_.beating->beat;
  write_note(descriptor_, self_);
}

bool beating_lock::is_ours() const {
  const auto content = read_lock_file(file_);
  // Not by reading the note, of which beat() may have written a part just now.
  return content && content->find(self_.beating->id) != std::string::npos;
}

} // namespace troupe
