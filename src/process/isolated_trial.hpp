#pragma once

#include "process/trainer_link.hpp"

#include <troupe/trainable.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// A trial as its training function sees it in a process of its own: the same as in a thread.
class isolated_trial final : public trial {
public:
  /// What `link` has been told to train, in a study whose seed is `study_seed`. Throws
  /// std::exception if that is not what the protocol says.
  isolated_trial(trainer_link& link, std::uint64_t study_seed);

  const std::string& id() const noexcept override { return id_; }
  const troupe::config& config() const noexcept override { return config_; }
  const checkpoint& last_checkpoint() const noexcept override { return last_; }
  int iteration() const noexcept override { return iteration_; }
  std::uint64_t seed(std::string_view purpose) const noexcept override;
  int threads() const noexcept override { return threads_; }
  const std::vector<std::string>& devices() const noexcept override { return devices_; }
  const std::filesystem::path& folder() const noexcept override { return folder_; }
  double memory_gb() const noexcept override { return 0; } ///< The tuner minds it.
  bool report(metrics m, checkpoint c) override;
  bool pausing() const noexcept override { return pausing_; }
  bool stopping() const noexcept override { return stop_.stop_requested(); }
  std::stop_token stop_token() const noexcept override { return stop_; }
  void progress(double fraction) noexcept override;
  void log(std::string_view line) override { link_.log(line); }

private:
  std::optional<std::string> write(const checkpoint& c);

  using clock = std::chrono::steady_clock;

  trainer_link& link_;
  std::stop_token stop_;
  std::uint64_t study_seed_;
  std::string id_;
  troupe::config config_;
  checkpoint last_;
  int iteration_ = 0, threads_ = 1;
  std::vector<std::string> devices_;
  std::filesystem::path made_; ///< Where its checkpoints are made.
  std::filesystem::path folder_;
  int reports_ = 0;
  bool pausing_ = false;
  clock::time_point told_progress_{};
};

} // namespace troupe
