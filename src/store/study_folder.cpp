#include "store/study_folder.hpp"

#include "store/file_system.hpp"
#include "store/files.hpp"
#include "store/former_study.hpp"
#include "store/journal.hpp"
#include "store/renew_database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <utility>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// So often a folder may vanish again before it is locked.
constexpr int most_tries = 100;

bool holds_nothing(const study_layout& layout) {
  for (const auto& entry : fs::directory_iterator{layout.root()})
    if (entry.path() != layout.lock() && entry.path() != layout.next_lock() &&
        entry.path() != layout.control())
      return false;
  return true;
}

/// Returns whether this is what a file system says that knows no locks.
bool is_without_locks(std::error_code error) {
  return error == std::errc::no_lock_available || error == std::errc::function_not_supported ||
         error == std::errc::operation_not_supported;
}

fs::path parent_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path{"."};
}

} // namespace

std::string checkpoint_name(int number) {
  return fmt::format("checkpoint_{:06}", number);
}

/// Returns what to do where this folder is of no use. A study that is there is in no other.
std::string study_folder::remedy() const {
  if (option_ == "DIR")
    return "mend that, or copy the folder, which may be moved, to where it can be written to";
  return fmt::format("choose another folder with {}", option_);
}

/// `why` is a format; {option} in it is how the folder is chosen, {remedy} what else may be done.
template <class... Args>
void study_folder::refuse(std::string_view why, const Args&... args) const {
  throw folder_error{
      fmt::format("{}: {}", layout_.root().string(),
                  fmt::format(fmt::runtime(why), args..., fmt::arg("option", option_),
                              fmt::arg("remedy", remedy())))};
}

study_folder::study_folder(const fs::path& root, folder_use use, const folder_patience& patience,
                           std::string_view option)
    : layout_{root},
      option_{option} {
  try {
    take(patience);
    renew_journal();
    settle(layout_);
    if (use == folder_use::fresh)
      refuse_unless_empty(use);
    else
      refuse_unless_ours();
    if (use == folder_use::go_on && !is_journal(layout_.journal())) refuse_unless_empty(use);
  } catch (const fs::filesystem_error& e) {
    remove_if_unused();
    refuse("cannot be used: {}; {remedy}", e.code().message());
  } catch (const folder_error&) {
    remove_if_unused();
    throw;
  }
}

study_folder::~study_folder() {
  give_up();
  remove_if_unused();
}

/// Creates what is missing of the path. Throws std::system_error no_such_file_or_directory if some
/// of it vanishes meanwhile.
void study_folder::create() {
  const auto& root = layout_.root();
  if (root.empty()) refuse("the results folder has an empty name; choose one with {option}");
  std::error_code error;
  std::vector<fs::path> missing;
  for (auto p = root; !p.empty() && !fs::exists(p, error); p = p.parent_path())
    missing.push_back(p);
  std::ranges::reverse(missing); // the outermost first
  for (const auto& folder : missing) {
    if (::mkdir(folder.c_str(), 0777) == 0) {
      created_.push_back(folder);
      sync_folder(parent_of(folder));
    } else if (errno == ENOENT) {
      throw std::system_error{ENOENT, std::generic_category()};
    } else if (errno != EEXIST) { // somebody else may have made it meanwhile
      refuse("cannot be created: {}; {remedy}", std::generic_category().message(errno));
    }
  }
  if (!fs::is_directory(root, error) && fs::exists(fs::symlink_status(root, error)))
    refuse("is a file, not a folder; choose another with {option}");
}

void study_folder::take(const folder_patience& patience) {
  auto lock = std::make_unique<study_lock>(layout_.lock());
  auto waited = std::chrono::milliseconds{};
  auto say = patience.say;
  for (int vanished = 0;; waited += lock->pause()) {
    try {
      create();
      if (lock->try_take()) {
        lock_ = std::move(lock);
        return;
      }
    } catch (const std::system_error& e) {
      // Who had made the folder, and did not need it, may have removed it meanwhile.
      if (e.code() == std::errc::no_such_file_or_directory && ++vanished < most_tries) continue;
      if (is_without_locks(e.code()))
        refuse(
            "cannot be locked: {}; set TROUPE_FILE_SYSTEM=network if other machines see it, too, "
            "or {remedy}",
            e.code().message());
      refuse("cannot be written to: {}; {remedy}", e.code().message());
    }
    if (waited >= patience.longest && !lock->may_be_left())
      refuse("is in use by {}; wait until it has ended{}", holder_of(layout_.lock()),
             option_ == "DIR" ? "" : ", or " + remedy());
    if (say && waited >= patience.silence)
      std::exchange(say, {})(fmt::format("{} is in use by {}; waiting for it, at most {:g} s",
                                         layout_.root().string(), holder_of(layout_.lock()),
                                         std::chrono::duration<double>{patience.longest}.count()));
    std::this_thread::sleep_for(lock->pause());
  }
}

/// Where readers see copies only, nobody else completes what a holder has left that has died; and
/// one that has not may wake up without knowing yet that it has lost the folder.
void study_folder::renew_journal() const {
  const auto journal = layout_.journal();
  if (!is_on_network(layout_.root()) || !is_journal(journal)) return;
  const bool is_left_open =
      fs::exists(fs::path{journal} += "-wal") || fs::exists(fs::path{journal} += "-journal");
  if (is_left_open || lock_->is_taken_over()) sqlite::renew_database(journal);
}

/// Whoever has taken the folder over writes to other files from then on (renew_database), so that
/// nothing that is written in ignorance of it can do harm.
void study_folder::check_ours() const {
  try {
    if (lock_->is_ours()) return;
  } catch (const std::system_error& e) {
    refuse("whether {} is still held cannot be seen: {}", layout_.lock().filename().string(),
           e.code().message());
  }
  refuse("has been taken over by {}, which saw no sign of life of this process: it was suspended, "
         "or cut off from the file server; what has not been shown is left to that one",
         holder_of(layout_.lock()));
}

bool study_folder::is_ours() const noexcept {
  try {
    return lock_ && lock_->is_ours();
  } catch (const std::system_error&) {
    return false;
  }
}

void study_folder::refuse_unless_empty(folder_use use) const {
  if (holds_nothing(layout_)) return;
  if (use == folder_use::fresh && option_ == "--out")
    refuse(
        "is not empty; go on with the study in it with --resume, replace it with --overwrite, or "
        "choose another folder with {option}");
  refuse("is not empty and holds no study; choose another folder with {option}");
}

void study_folder::refuse_unless_ours() const {
  const auto journal = layout_.journal();
  if (is_journal(journal)) return;
  // Files with our names but without a journal are somebody else's.
  for (const auto& ours : {journal, layout_.study_file(), layout_.summary(), layout_.trials()})
    if (fs::exists(ours))
      refuse("holds {}, but it is not a study's results folder: it has no study.db with Troupe's "
             "mark; choose another with {option}. If it was one, and its study.db is damaged, put "
             "back a copy of that, or move study.db, study.json, summary.json and trials elsewhere",
             ours.filename().string());
}

void study_folder::begin() {
  check_ours();
  try {
    if (is_journal(layout_.journal())) set_aside(layout_);
    on_trial_ = true;
  } catch (const std::runtime_error& e) {
    refuse("{}; {remedy}", e.what());
  }
}

void study_folder::keep() {
  check_ours();
  if (!std::exchange(on_trial_, false)) return;
  try {
    discard_former(layout_);
  } catch (const std::runtime_error& e) {
    refuse("{}; {remedy}", e.what());
  }
}

void study_folder::give_up() noexcept {
  if (!std::exchange(on_trial_, false) || !is_ours()) return;
  try {
    bring_back(layout_);
  } catch (const std::exception&) {
    // What could not be done now is what the next one to take the folder does first.
  }
}

void study_folder::remove_if_unused() noexcept {
  const bool made_lock = lock_ && (lock_->is_new() || !created_.empty());
  const bool is_unused = made_lock && !is_journal(layout_.journal());
  std::error_code error;
  if (is_unused && fs::is_socket(layout_.control(), error)) fs::remove(layout_.control(), error);
  if (is_unused) lock_->remove_file();
  // Folders that are not empty stay by themselves.
  for (auto folder = created_.rbegin(); folder != created_.rend(); ++folder)
    fs::remove(*folder, error);
  lock_.reset();
}

} // namespace troupe
