#include "store/study_folder.hpp"

#include "store/files.hpp"
#include "store/journal.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace troupe {

namespace {

namespace fs = std::filesystem;

template <class... Args>
[[noreturn]] void refuse(const fs::path& folder, fmt::format_string<Args...> why, Args&&... args) {
  throw folder_error{
      fmt::format("{}: {}", folder.string(), fmt::format(why, std::forward<Args>(args)...))};
}

/// Returns whether `descriptor` is still the file that `path` names.
bool is_same_file(int descriptor, const fs::path& path) {
  struct stat opened = {};
  struct stat named = {};
  return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

bool holds_nothing(const study_layout& layout) {
  for (const auto& entry : fs::directory_iterator{layout.root()})
    if (entry.path() != layout.lock()) return false;
  return true;
}

} // namespace

std::string checkpoint_name(int number) {
  return fmt::format("checkpoint_{:06}", number);
}

study_folder::study_folder(const fs::path& root, folder_use use, std::chrono::milliseconds patience)
    : layout_{root} {
  try {
    create();
    lock(patience);
    if (use == folder_use::fresh)
      refuse_unless_empty();
    else
      refuse_unless_ours();
  } catch (const fs::filesystem_error& e) {
    remove_if_unused();
    refuse(root, "cannot be used: {}; choose another folder with --out", e.code().message());
  } catch (const folder_error&) {
    remove_if_unused();
    throw;
  }
}

study_folder::~study_folder() {
  remove_if_unused();
}

void study_folder::create() {
  const auto& root = layout_.root();
  if (root.empty())
    throw folder_error{"the results folder has an empty name; choose one with --out"};
  std::error_code error;
  for (auto p = root; !p.empty() && !fs::exists(p, error); p = p.parent_path())
    created_.push_back(p);
  fs::create_directories(root, error);
  if (fs::exists(root) && !fs::is_directory(root))
    refuse(root, "is a file, not a folder; choose another with --out");
  if (error)
    refuse(root, "cannot be created: {}; choose another folder with --out", error.message());
}

void study_folder::lock(std::chrono::milliseconds patience) {
  constexpr auto pause = std::chrono::milliseconds{5};
  const auto& root = layout_.root();
  const auto path = layout_.lock();
  // Whoever held the lock before may have removed the file meanwhile: then its successor counts.
  while (lock_ < 0 || !is_same_file(lock_, path)) {
    if (lock_ >= 0) ::close(lock_);
    lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock_ < 0)
      refuse(root, "cannot be written to: {}; choose another folder with --out",
             std::generic_category().message(errno));
    struct flock whole = {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    if (::fcntl(lock_, F_OFD_SETLK, &whole) == 0) continue;
    const int cause = errno;
    ::close(std::exchange(lock_, -1));
    if ((cause == EAGAIN || cause == EACCES) && patience > patience.zero()) {
      std::this_thread::sleep_for(pause);
      patience -= pause;
      continue;
    }
    if (cause == EAGAIN || cause == EACCES)
      refuse(root, "is in use by another run; wait until it has ended, or choose another folder "
                   "with --out");
    refuse(root, "cannot be locked: {}; choose a folder on another disk with --out",
           std::generic_category().message(cause));
  }
}

void study_folder::refuse_unless_empty() const {
  if (!holds_nothing(layout_))
    refuse(layout_.root(), "is not empty; choose another folder with --out, or replace the study "
                           "in it with --overwrite");
}

void study_folder::refuse_unless_ours() const {
  const auto journal = layout_.journal();
  if (is_journal(journal)) return;
  // Files with our names but without a journal are somebody else's.
  for (const auto& ours : {journal, layout_.study_file(), layout_.summary(), layout_.trials()})
    if (fs::exists(ours))
      refuse(layout_.root(),
             "holds {}, but it is not a study's results folder; choose another "
             "with --out",
             ours.filename().string());
}

void study_folder::begin() {
  if (is_journal(layout_.journal())) clear();
}

void study_folder::clear() {
  const auto journal = layout_.journal();
  try {
    for (const auto& ours : {layout_.trials(), layout_.study_file(), layout_.summary()}) {
      remove_tree(ours);
      remove_tree(fs::path{ours} += ".tmp");
    }
    // The journal goes last: it is what says that the rest is ours.
    for (const auto* suffix : {"-wal", "-shm", "-journal", ""})
      remove_tree(fs::path{journal} += suffix);
  } catch (const std::runtime_error& e) {
    refuse(layout_.root(), "{}; choose another folder with --out", e.what());
  }
}

void study_folder::remove_if_unused() noexcept {
  std::error_code error;
  try {
    // The lock file goes while it is locked, so that nobody's but ours is removed.
    if (lock_ >= 0 && !created_.empty() && holds_nothing(layout_))
      fs::remove(layout_.lock(), error);
  } catch (const fs::filesystem_error&) {
    // It cannot be looked into: whatever is in it stays.
  }
  // Folders that are not empty stay by themselves.
  for (const auto& folder : created_)
    fs::remove(folder, error);
  if (lock_ >= 0) ::close(std::exchange(lock_, -1));
}

} // namespace troupe
