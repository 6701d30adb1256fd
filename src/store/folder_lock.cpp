#include "store/folder_lock.hpp"

#include "store/lock_note.hpp"
#include "store/system_lock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace troupe {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_locking(int cause) {
  throw std::system_error{cause, std::generic_category()};
}

/// Returns whether `descriptor` is still the file that `path` names.
bool is_same_file(int descriptor, const fs::path& path) {
  struct stat opened = {};
  struct stat named = {};
  return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

} // namespace

std::optional<folder_lock> folder_lock::take(const fs::path& file) {
  while (true) {
    int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    const bool is_new = descriptor >= 0;
    if (!is_new && errno == EEXIST)
      descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) fail_locking(errno);
    folder_lock taken{file, descriptor, is_new};
    if (!taken.lock()) {
      ::close(std::exchange(taken.descriptor_, -1));
      return std::nullopt;
    }
    // Whoever held the lock before may have removed the file meanwhile: then its successor counts.
    if (!is_same_file(descriptor, file)) {
      ::close(std::exchange(taken.descriptor_, -1));
      continue;
    }
    taken.sign();
    return taken;
  }
}

/// Returns false if somebody else has locked it.
bool folder_lock::lock() {
  try {
    return lock_whole(descriptor_);
  } catch (const std::system_error&) {
    if (is_new_) remove_file(); // it is of no use where there are no locks
    throw;
  }
}

/// It tells people, and a disk without room for it is noticed by what comes next.
void folder_lock::sign() const {
  const auto line = to_text(note_of_this_process());
  (void)!::ftruncate(descriptor_, 0);
  (void)!::pwrite(descriptor_, line.data(), line.size(), 0);
}

folder_lock::~folder_lock() {
  if (descriptor_ < 0) return;
  (void)!::ftruncate(descriptor_, 0);
  ::close(descriptor_);
}

void folder_lock::remove_file() noexcept {
  std::error_code error;
  fs::remove(file_, error);
}

} // namespace troupe
