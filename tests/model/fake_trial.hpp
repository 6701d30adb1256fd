#pragma once

#include <troupe/random.hpp>
#include <troupe/trainable.hpp>

#include <filesystem>
#include <functional>
#include <limits>

/// A trial without a runtime around it: keeps what is reported, and stops when told to.
class fake_trial : public troupe::trial {
public:
  explicit fake_trial(troupe::config c, std::uint64_t number = 0)
      : config_{std::move(c)},
        number_{number} {}

  const std::string& id() const noexcept override { return id_; }
  const troupe::config& config() const noexcept override { return config_; }
  const troupe::checkpoint& last_checkpoint() const noexcept override { return resumed_; }
  int iteration() const noexcept override { return first_iteration_; }
  std::uint64_t seed(std::string_view purpose) const noexcept override {
    return troupe::random_stream{7, number_, purpose}();
  }
  int threads() const noexcept override { return 1; }
  const std::vector<std::string>& devices() const noexcept override { return devices_; }
  const std::filesystem::path& folder() const noexcept override { return folder_; }
  double memory_gb() const noexcept override { return memory_gb_; }
  bool pausing() const noexcept override { return pauses; }
  bool stopping() const noexcept override { return ++polls_ > polls_before_stop; }
  std::stop_token stop_token() const noexcept override { return {}; }
  void progress(double fraction) noexcept override {
    ++steps;
    last_fraction = fraction;
  }
  void log(std::string_view) override {}

  bool report(troupe::metrics m, troupe::checkpoint c = {}) override {
    reports.push_back(std::move(m));
    checkpoints.push_back(std::move(c));
    return static_cast<int>(reports.size()) < reports_before_stop;
  }

  /// Makes this trial go on where `before` is after its reports.
  void resume(const fake_trial& before) {
    resumed_ = before.checkpoints.back();
    first_iteration_ = static_cast<int>(before.reports.size());
  }

  void use(std::vector<std::string> devices) { devices_ = std::move(devices); }

  /// It is written down there.
  void keep_in(std::filesystem::path folder) { folder_ = std::move(folder); }
  /// So much memory is reserved for it.
  void reserve_gb(double gb) { memory_gb_ = gb; }

  bool pauses = false; ///< When a report is its last, it is to go on later.
  int reports_before_stop = std::numeric_limits<int>::max();
  int polls_before_stop = std::numeric_limits<int>::max();
  std::vector<troupe::metrics> reports;
  std::vector<troupe::checkpoint> checkpoints;
  int steps = 0; ///< Batches that were trained.
  double last_fraction = 0;

private:
  std::string id_ = "00000";
  troupe::config config_;
  std::uint64_t number_;
  std::vector<std::string> devices_{"cpu"};
  troupe::checkpoint resumed_;
  std::filesystem::path folder_;
  double memory_gb_ = 0;
  int first_iteration_ = 0;
  mutable int polls_ = 0;
};
