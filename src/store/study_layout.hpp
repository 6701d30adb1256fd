#pragma once

#include <troupe/searcher.hpp>

#include <filesystem>
#include <string>
#include <utility>

namespace troupe {

/// Returns "checkpoint_000003".
std::string checkpoint_name(int number);

/// Where things are in a results folder. Only names: nothing is opened or looked at.
class study_layout {
public:
  explicit study_layout(std::filesystem::path root) : root_{std::move(root)} {}

  const std::filesystem::path& root() const noexcept { return root_; }
  std::filesystem::path study_file() const { return root_ / "study.json"; }
  std::filesystem::path journal() const { return root_ / "study.db"; }
  std::filesystem::path summary() const { return root_ / "summary.json"; }
  std::filesystem::path lock() const { return root_ / ".lock"; }
  std::filesystem::path next_lock() const { return root_ / ".lock.next"; } ///< See beating_lock.
  std::filesystem::path control() const { return root_ / ".control"; } ///< A socket, while it runs.
  std::filesystem::path former() const { return root_ / ".former"; }   ///< While it is replaced.
  std::filesystem::path trials() const { return root_ / "trials"; }
  std::filesystem::path trial(trial_number n) const { return trials() / trial_id(n); }
  std::filesystem::path checkpoint(trial_number n, int number) const {
    return trial(n) / checkpoint_name(number);
  }

private:
  std::filesystem::path root_;
};

} // namespace troupe
