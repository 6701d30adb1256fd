// Preloaded into a program, this lets the n-th call that makes or changes a file fail, or be the
// last one: what a full disk, a broken one or a power switch would do, at a moment of one's choice.
//
//     TROUPE_FAULT_FOLDER  only files below it count
//     TROUPE_FAULT_AT      n, from 1; 0 or absent: nothing happens
//     TROUPE_FAULT         kill    the process is killed before the call
//                          enospc  from this call on nothing can grow or be made
//                          eio     this call alone fails
//                          short   this call, if it writes, writes half
//     TROUPE_FAULT_LOG     a file that gets a line for each call: "rename OUT/study.json.tmp"
//     TROUPE_FAULT_HOST    what the machine pretends to be called
//     TROUPE_FAULT_LOCKS   none: no file there can be locked

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// What the environment asks for, and how many calls there were.
struct plan {
  std::string folder = variable("TROUPE_FAULT_FOLDER");
  std::string fault = variable("TROUPE_FAULT");
  std::string log = variable("TROUPE_FAULT_LOG");
  long at = std::atol(variable("TROUPE_FAULT_AT").c_str());
  std::atomic<long> calls{0};
};

plan& the_plan() {
  static plan p;
  return p;
}

bool is_below(std::string_view path) {
  const auto& folder = the_plan().folder;
  return !folder.empty() && path.starts_with(folder) &&
         (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string path_of(int descriptor) {
  char name[64];
  char target[4096];
  std::snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
  const long size = ::syscall(SYS_readlinkat, AT_FDCWD, name, target, sizeof target);
  return size > 0 ? std::string(target, static_cast<std::size_t>(size)) : std::string{};
}

std::string path_of(int folder, const char* path) {
  return path[0] == '/' || folder == AT_FDCWD ? std::string{path} : path_of(folder) + '/' + path;
}

void note(const char* what, const std::string& path) {
  const auto& log = the_plan().log;
  if (log.empty()) return;
  const auto line = what + (' ' + path) + '\n';
  const auto fd = static_cast<int>(
      ::syscall(SYS_openat, AT_FDCWD, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666));
  (void)!::syscall(SYS_write, fd, line.data(), line.size());
  ::syscall(SYS_close, fd);
}

/// A call that changes something.
struct change {
  const char* what;
  std::string path;
  bool grows = false; ///< Takes room on the disk.
};

/// Returns the errno with which the call is to fail, or 0. `*half` becomes true if it is to write
/// half.
int strike(const change& c, bool* half = nullptr) {
  auto& p = the_plan();
  if (!is_below(c.path)) return 0;
  note(c.what, c.path);
  const long call = ++p.calls;
  if (p.at <= 0 || call < p.at) return 0;
  if (p.fault == "enospc") return c.grows ? ENOSPC : 0;
  if (call > p.at) return 0;
  if (p.fault == "kill") {
    ::kill(::getpid(), SIGKILL);
    for (;;)
      ::pause();
  }
  if (p.fault == "eio") return EIO;
  if (half) *half = p.fault == "short";
  return 0;
}

template <class Function>
Function* real(Function*, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

/// Calls the function that has been replaced, unless a fault strikes.
template <class Function, class... Args>
auto pass(const change& c, Function* original, Args... args) -> decltype(original(args...)) {
  if (const int error = strike(c)) {
    errno = error;
    return -1;
  }
  return original(args...);
}

int pass_open(int (*original)(const char*, int, ...), const char* path, int flags, mode_t mode) {
  if ((flags & (O_CREAT | O_WRONLY | O_RDWR)) == 0) return original(path, flags, mode);
  const bool makes = (flags & O_CREAT) != 0 && ::access(path, F_OK) != 0;
  return pass({"open", path, makes}, original, path, flags, mode);
}

mode_t mode_in(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

template <class Write>
ssize_t pass_write(int fd, std::size_t size, Write write) {
  bool half = false;
  if (const int error = strike({"write", path_of(fd), true}, &half)) {
    errno = error;
    return -1;
  }
  return write(half && size > 1 ? size / 2 : size);
}

bool may_lock(int fd, int command) {
  const bool locks = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK ||
                     command == F_OFD_SETLKW;
  if (!locks || variable("TROUPE_FAULT_LOCKS") != "none" || !is_below(path_of(fd))) return true;
  errno = ENOLCK;
  return false;
}

} // namespace

#define REAL(name) static auto* const original = real(&::name, #name)

extern "C" {

int open(const char* path, int flags, ...) {
  REAL(open);
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_in(flags, arguments);
  va_end(arguments);
  return pass_open(original, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  REAL(open64);
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_in(flags, arguments);
  va_end(arguments);
  return pass_open(original, path, flags, mode);
}

ssize_t write(int fd, const void* bytes, std::size_t size) {
  REAL(write);
  return pass_write(fd, size, [&](std::size_t n) { return original(fd, bytes, n); });
}

ssize_t pwrite(int fd, const void* bytes, std::size_t size, off_t at) {
  REAL(pwrite);
  return pass_write(fd, size, [&](std::size_t n) { return original(fd, bytes, n, at); });
}

ssize_t pwrite64(int fd, const void* bytes, std::size_t size, off64_t at) {
  REAL(pwrite64);
  return pass_write(fd, size, [&](std::size_t n) { return original(fd, bytes, n, at); });
}

int fsync(int fd) {
  REAL(fsync);
  return pass({"fsync", path_of(fd)}, original, fd);
}

int fdatasync(int fd) {
  REAL(fdatasync);
  return pass({"fsync", path_of(fd)}, original, fd);
}

int ftruncate(int fd, off_t size) noexcept {
  REAL(ftruncate);
  return pass({"ftruncate", path_of(fd)}, original, fd, size);
}

int ftruncate64(int fd, off64_t size) noexcept {
  REAL(ftruncate64);
  return pass({"ftruncate", path_of(fd)}, original, fd, size);
}

int rename(const char* from, const char* to) noexcept {
  REAL(rename);
  return pass({"rename", to}, original, from, to);
}

int unlink(const char* path) noexcept {
  REAL(unlink);
  return pass({"remove", path}, original, path);
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  REAL(unlinkat);
  return pass({"remove", path_of(folder, path)}, original, folder, path, flags);
}

int rmdir(const char* path) noexcept {
  REAL(rmdir);
  return pass({"remove", path}, original, path);
}

int remove(const char* path) noexcept {
  REAL(remove);
  return pass({"remove", path}, original, path);
}

int mkdir(const char* path, mode_t mode) noexcept {
  REAL(mkdir);
  return pass({"mkdir", path, true}, original, path, mode);
}

int gethostname(char* name, std::size_t size) noexcept {
  REAL(gethostname);
  const auto pretended = variable("TROUPE_FAULT_HOST");
  if (pretended.empty()) return original(name, size);
  std::snprintf(name, size, "%s", pretended.c_str());
  return 0;
}

int fcntl(int fd, int command, ...) {
  REAL(fcntl);
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return may_lock(fd, command) ? original(fd, command, argument) : -1;
}

int fcntl64(int fd, int command, ...) {
  REAL(fcntl64);
  va_list arguments;
  va_start(arguments, command);
  void* const argument = va_arg(arguments, void*);
  va_end(arguments);
  return may_lock(fd, command) ? original(fd, command, argument) : -1;
}

} // extern "C"
