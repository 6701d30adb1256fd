#pragma once

#include "base/work_folder.hpp"

#include <troupe/checkpoint.hpp>
#include <troupe/trainable.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace troupe {

/// The folders by which a trial's program gets the checkpoint that it goes on from, and hands over
/// new ones. They are the program's own, on the disk of the study's results, and go with this
/// object; a study that is not written down has them where temporary files are.
class checkpoint_handover {
public:
  /// Copies the trial's last checkpoint. Throws std::runtime_error if that cannot be done.
  explicit checkpoint_handover(const trial& t);

  /// Where the program makes its checkpoints: a folder each.
  const std::filesystem::path& folder() const noexcept { return folder_; }

  /// Returns the folder of the results, from the one in which a program makes its checkpoints.
  static std::filesystem::path results_folder(const std::filesystem::path& folder);

  /// The copy of the last one; none if the trial begins.
  const std::optional<std::filesystem::path>& last() const noexcept { return last_; }

  /// Takes the one of that name, by a rename. Throws std::runtime_error if it is no checkpoint.
  checkpoint take(const std::string& name) const;

private:
  std::filesystem::path parent_;
  work_folder work_;
  std::filesystem::path folder_;
  std::optional<std::filesystem::path> last_;
};

} // namespace troupe
