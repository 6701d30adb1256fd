#pragma once

#include "store/study_layout.hpp"
#include "store/study_lock.hpp"

#include <troupe/errors.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace troupe {

/// What may be in a results folder that is taken.
enum class folder_use : std::uint8_t {
  fresh,     ///< Nothing.
  overwrite, ///< Nothing, or a former study, which is to be replaced.
  go_on,     ///< Nothing, or a study that is to be continued.
};

/// How long others are waited for that have a folder.
struct folder_patience {
  std::chrono::milliseconds longest{}; ///< After that it is in use.

  /// Is called once, after `silence`, with whom is waited for, in a sentence; may be empty.
  std::function<void(std::string_view)> say{};
  std::chrono::milliseconds silence{1000};
};

/// A results folder that this object alone may write to: it holds an exclusive lock on OUT/.lock
/// until it is destroyed, against other processes and against other objects of this one.
///
/// On a network file system (study_lock) it may lose the folder to another machine, where nobody
/// can see whether this process lives. Then the journal of the one is no more the other's, and
/// members throw folder_error; what has been committed before a keep() that did not throw is in the
/// journal that the other goes on with.
///
/// A folder that nothing was written to is removed again with the object, and so are the parents,
/// as far as this object has made them.
class study_folder {
public:
  /// Takes `root`, creating it and its parents if needed, and ends what a process has left
  /// unfinished that has died. Waits with `patience` for others that have it. Throws folder_error
  /// if it is in use, is not a folder, cannot be written to, or holds what it may not; the message
  /// names `option`, with which the folder was chosen. On a network file system a holder on another
  /// machine is watched first, whatever the patience, until it is known whether it lives.
  explicit study_folder(const std::filesystem::path& root, folder_use use = folder_use::fresh,
                        const folder_patience& patience = {}, std::string_view option = "--out");
  study_folder(const study_folder&) = delete;
  study_folder& operator=(const study_folder&) = delete;
  ~study_folder();

  /// Begins a study: moves a former one out of the way, and nothing else. Call it when all else is
  /// ready, before anything is written. Until `keep` the new study is on trial: if the object goes
  /// before, all that was written of it is removed, and the former one is back. Throws
  /// folder_error.
  void begin();

  /// To be called after each commit, before it is shown. The study that was begun has what it
  /// needs: it stays, and the former one is removed. Throws folder_error.
  void keep();

  const study_layout& layout() const noexcept { return layout_; }

private:
  void take(const folder_patience& patience);
  void create();
  void renew_journal() const;
  void check_ours() const;
  bool is_ours() const noexcept;
  void refuse_unless_empty(folder_use use) const;
  void refuse_unless_ours() const;
  void give_up() noexcept;
  void remove_if_unused() noexcept;
  std::string remedy() const;
  template <class... Args>
  [[noreturn]] void refuse(std::string_view why, const Args&... args) const;

  study_layout layout_;
  std::string_view option_;                    ///< A literal.
  std::vector<std::filesystem::path> created_; ///< By this object; outermost first.
  std::unique_ptr<study_lock> lock_;           ///< Null if it is not ours.
  bool on_trial_ = false;                      ///< A study has been begun that may not stay.
};

} // namespace troupe
