#include "store/holder_watch.hpp"

#include "store/system_lock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace troupe {

std::optional<std::string> read_lock_file(const std::filesystem::path& file) {
  // Opening is what makes a client of a file server ask it what the file is now.
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT || errno == ESTALE) return std::nullopt;
    throw std::system_error{errno, std::generic_category()};
  }
  std::string text(4096, '\0'); // more than a note has
  const auto size = ::pread(descriptor, text.data(), text.size(), 0);
  const int cause = errno;
  ::close(descriptor);
  if (size < 0 && cause == ESTALE) return std::nullopt;
  if (size < 0) throw std::system_error{cause, std::generic_category()};
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::chrono::milliseconds holder_watch::period() const {
  return note_ && note_->beating ? note_->beating->period : self_.beating.value().period;
}

lock_state holder_watch::look(clock::time_point now) {
  content_ = read_lock_file(file_);
  note_ = content_ ? read_note(*content_) : std::nullopt;
  const auto found = judge(now);
  if (found == lock_state::free) watch_.reset();
  return found;
}

lock_state holder_watch::judge(clock::time_point now) {
  if (!content_ || (content_->empty() && empty_ == emptiness::free)) return lock_state::free;
  const auto seen = note_ ? presence_of(*note_, self_) : presence::out_of_sight;
  if (seen == presence::gone) return lock_state::free;
  if (seen == presence::alive) return lock_state::held;
  // One that takes the folder for a local one shows no heartbeat, but may have the system's lock.
  if (!(note_ && note_->beating) && is_locked(file_)) return lock_state::held;
  if (!watch_) {
    watch_.emplace(*content_, period(), now);
    return lock_state::unsure;
  }
  switch (watch_->look(*content_, now)) {
  case still_watch::finding::moves:
    return lock_state::held;
  case still_watch::finding::still:
    return lock_state::abandoned;
  case still_watch::finding::unsure:
    break;
  }
  return lock_state::unsure;
}

} // namespace troupe
