#include "store/machine_ledger.hpp"

#include "store/system_lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace troupe {

namespace {

namespace fs = std::filesystem;

constexpr auto ledger_variable = "TROUPE_LEDGER";
constexpr auto joining_name = "lock";
constexpr std::string_view lease_prefix = "lease-";

/// More than any entry has.
constexpr std::size_t most_bytes = 1 << 16;

/// Joining takes a millisecond.
constexpr std::chrono::milliseconds joining_pause{5};
constexpr int most_joining_tries = 1000;

/// Opens a file of `folder`; none if that is not possible, or it is not a file of ours: a link, a
/// pipe.
file_handle open_file(const file_handle& folder, const std::string& name, int flags) {
  file_handle file{::openat(folder.descriptor(), name.c_str(),
                            O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | flags, 0600)};
  struct stat found = {};
  if (!file || (::fstat(file.descriptor(), &found) == 0 && S_ISREG(found.st_mode) &&
                found.st_uid == ::geteuid()))
    return file;
  errno = EINVAL;
  return file_handle{-1};
}

std::vector<std::string> leases_in(const file_handle& folder) {
  std::vector<std::string> names;
  const int again = ::openat(folder.descriptor(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> open{again < 0 ? nullptr : ::fdopendir(again),
                                                 &::closedir};
  if (!open) throw std::system_error{errno, std::generic_category()};
  while (const auto* entry = ::readdir(open.get()))
    if (std::string_view{entry->d_name}.starts_with(lease_prefix))
      names.emplace_back(entry->d_name);
  std::ranges::sort(names); // so that what is said of them changes only with them
  return names;
}

std::string read_start(const file_handle& file) {
  std::string text(most_bytes, '\0');
  const auto size = ::pread(file.descriptor(), text.data(), text.size(), 0);
  text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return text;
}

} // namespace

machine_lease::~machine_lease() {
  if (file_) ::unlinkat(folder_.descriptor(), name_.c_str(), 0); // while it is ours still
}

machine_ledger::machine_ledger(fs::path folder) : path_{std::move(folder)} {
  (void)open_folder();
}

void machine_ledger::fail(std::string_view what, int cause) const {
  throw ledger_error{
      fmt::format("{} {}: {}", path_.string(), what, std::generic_category().message(cause))};
}

file_handle machine_ledger::open_folder() const {
  if (::mkdir(path_.c_str(), 0700) != 0 && errno != EEXIST) fail("cannot be made", errno);
  file_handle folder{::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  if (!folder && errno == ENOTDIR) throw ledger_error{path_.string() + " is a link, or no folder"};
  struct stat found = {};
  if (!folder || ::fstat(folder.descriptor(), &found) != 0) fail("cannot be opened", errno);
  if (found.st_uid != ::geteuid()) throw ledger_error{path_.string() + " belongs to somebody else"};
  if ((found.st_mode & 077) != 0)
    throw ledger_error{
        fmt::format("{} is open to others; close it with chmod 700", path_.string())};
  return folder;
}

file_handle machine_ledger::lock_for_joining(const file_handle& folder) const {
  auto file = open_file(folder, joining_name, O_CREAT);
  if (!file) fail("cannot be written to", errno);
  for (int tries = 0; !lock_whole(file.descriptor()); ++tries) {
    if (tries == most_joining_tries) fail("is kept locked by another process", ETIMEDOUT);
    std::this_thread::sleep_for(joining_pause);
  }
  return file;
}

/// Removes what the dead have left; returns what the living hold.
std::vector<machine_holding> machine_ledger::clear(const file_handle& folder) const {
  std::vector<machine_holding> held;
  for (const auto& name : leases_in(folder)) {
    const auto file = open_file(folder, name, 0);
    if (!file) continue;
    if (lock_whole(file.descriptor()))
      ::unlinkat(folder.descriptor(), name.c_str(), 0);
    else if (auto h = read_holding(read_start(file)))
      held.push_back(std::move(*h));
  }
  return held;
}

file_handle machine_ledger::make_file(const file_handle& folder, std::string& name) const {
  for (int n = 0;; ++n) { // a process of another container may have the same number
    name = fmt::format("{}{}-{}", lease_prefix, ::getpid(), n);
    auto made = open_file(folder, name, O_CREAT | O_EXCL);
    if (made) return made;
    if (errno != EEXIST) fail("cannot be written to", errno);
  }
}

machine_lease machine_ledger::enter(file_handle folder, const machine_holding& h) const {
  std::string name;
  auto file = make_file(folder, name);
  machine_lease lease{std::move(folder), std::move(file), std::move(name)};
  if (!lock_whole(lease.file_.descriptor())) fail("cannot be written to", EAGAIN);
  const auto line = to_text(h);
  errno = ENOSPC; // if not all of it can be written
  if (::write(lease.file_.descriptor(), line.data(), line.size()) !=
      static_cast<ssize_t>(line.size()))
    fail("cannot be written to", errno);
  return lease;
}

std::optional<machine_lease> machine_ledger::join(const choice& choose) const {
  try {
    auto folder = open_folder();
    // Programs that clear folders for temporary files of what is old leave locked ones alone.
    ::flock(folder.descriptor(), LOCK_SH | LOCK_NB);
    const auto joining = lock_for_joining(folder);
    const auto chosen = choose(clear(folder));
    if (!chosen) return std::nullopt;
    return enter(std::move(folder), *chosen);
  } catch (const std::system_error& e) {
    fail("cannot be used", e.code().value());
  }
}

fs::path ledger_folder() {
  const char* said = std::getenv(ledger_variable);
  return said && *said ? fs::path{said} : fs::path{fmt::format("/tmp/troupe-{}", ::geteuid())};
}

} // namespace troupe
