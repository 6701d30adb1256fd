#pragma once

#include "store/study_layout.hpp"

#include <troupe/errors.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace troupe {

/// What may be in a results folder that is taken.
enum class folder_use : std::uint8_t {
  fresh,     ///< Nothing.
  overwrite, ///< Nothing, or a former study, which is to be replaced.
  go_on,     ///< Nothing, or a study that is to be continued.
};

/// A results folder that this object alone may write to: it holds an exclusive lock on OUT/.lock
/// until it is destroyed, against other processes and against other objects of this one.
///
/// A folder that nothing was written to is removed again with the object, and so are the parents
/// that were created for it.
class study_folder {
public:
  /// Takes `root`, creating it and its parents if needed. Waits up to `patience` for others that
  /// have it. Throws folder_error if it is in use, is not a folder, cannot be written to, or holds
  /// what it may not.
  explicit study_folder(const std::filesystem::path& root, folder_use use = folder_use::fresh,
                        std::chrono::milliseconds patience = {});
  study_folder(const study_folder&) = delete;
  study_folder& operator=(const study_folder&) = delete;
  ~study_folder();

  /// Removes what a former study left here, and nothing else. Call it when all else is ready,
  /// before anything is written. Throws folder_error if it cannot be removed.
  void begin();

  /// Removes whatever of a study is here: for who has begun one and cannot go on with it. Throws
  /// folder_error if it cannot be removed.
  void clear();

  const study_layout& layout() const noexcept { return layout_; }

private:
  void create();
  void lock(std::chrono::milliseconds patience);
  void refuse_unless_empty() const;
  void refuse_unless_ours() const;
  void remove_if_unused() noexcept;

  study_layout layout_;
  std::vector<std::filesystem::path> created_; ///< Innermost first.
  int lock_ = -1;
};

} // namespace troupe
