#pragma once

#include <troupe/scheduler.hpp>

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <string_view>
#include <vector>

namespace troupe {

/// A study whose scheduler is `name` with `options`, a JSON object. The metric is "score", larger
/// is better.
inline study scheduled_study(std::string_view name, std::string_view options = "{}") {
  study s;
  s.metric = "score";
  s.mode = direction::max;
  s.scheduler = {std::string{name},
                 boost::json::parse({options.data(), options.size()}).get_object()};
  return s;
}

/// A scheduler and the shortest ways to talk to it.
class scheduler_driver {
public:
  explicit scheduler_driver(const study& s) : scheduler_{make_scheduler(s)} {}

  scheduler& operator*() { return *scheduler_; }
  scheduler* operator->() { return scheduler_.get(); }

  /// Trial `n` is added and chosen.
  void start(trial_number n) {
    scheduler_->added(n);
    scheduler_->choose();
  }

  verdict report(trial_number n, double time, double value) {
    return scheduler_->reported(n, {time, value}).verdict;
  }

  void complete(trial_number n, double time, double value) {
    scheduler_->completed(n, result{time, value});
  }

private:
  std::unique_ptr<scheduler> scheduler_;
};

} // namespace troupe

namespace doctest {
template <>
struct StringMaker<troupe::verdict> {
  static String convert(troupe::verdict v) {
    constexpr const char* names[] = {"proceed", "stop", "pause"};
    return names[static_cast<int>(v)];
  }
};
} // namespace doctest
