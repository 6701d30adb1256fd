#include "store/folder_lock.hpp"

#include "base/clock.hpp"
#include "base/host_name.hpp"
#include "base/json.hpp"
#include "store/time_text.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <iterator>
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

/// Returns false if somebody else has locked the file.
bool lock_whole(int descriptor) {
  struct flock whole = {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(descriptor, F_OFD_SETLK, &whole) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  fail_locking(errno);
}

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

std::string read_text(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
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
    if (!lock_whole(descriptor)) {
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

/// It tells people, and a disk without room for it is noticed by what comes next.
void folder_lock::sign() const {
  const auto line = to_text(boost::json::object{{"pid", ::getpid()},
                                                {"host", host_name()},
                                                {"since", to_utc_text(unix_ns())},
                                                {"command", this_command()}}) +
                    '\n';
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

std::string holder_of(const fs::path& file) {
  try {
    const auto said = parse_json(read_text(file)).as_object();
    auto since = std::string{said.at("since").as_string().c_str()}.substr(0, 19);
    if (since.size() > 10) since[10] = ' ';
    return fmt::format("process {} ({}) on host {} since {} UTC", said.at("pid").as_int64(),
                       said.at("command").as_string().c_str(), said.at("host").as_string().c_str(),
                       since);
  } catch (const std::exception&) {
    return "another process"; // It has just taken the lock, or there was no room to say who it is.
  }
}

} // namespace troupe
