#pragma once

#include <troupe/results.hpp>

#include <caf/result.hpp>
#include <caf/typed_response_promise.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace troupe {

/// Where a study's results are asked for, and handed out when they are there.
class results_desk {
public:
  using promise = caf::typed_response_promise<study_results>;

  void ask(promise p) { askers_.push_back(std::move(p)); }

  /// From now on they can be had.
  void open(std::shared_ptr<const study_results> results) { results_ = std::move(results); }

  /// Hands them out, if they are there and somebody has asked. Returns whether it has.
  bool serve() {
    if (!results_ || askers_.empty()) return false;
    for (auto& asker : std::exchange(askers_, {}))
      asker.deliver(*results_);
    return true;
  }

private:
  std::shared_ptr<const study_results> results_;
  std::vector<promise> askers_;
};

} // namespace troupe
