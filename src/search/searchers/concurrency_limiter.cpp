#include "search/searchers/concurrency_limiter.hpp"

#include "base/option_values.hpp"
#include "search/searchers/wrapped_searcher.hpp"

#include <utility>

namespace troupe {

namespace {

constexpr option concurrency_limiter_table[] = {
    wrapped_option,
    {.key = "max_concurrent",
     .type = option_type::whole,
     .help = "how many trials at once",
     .required = true,
     .example = "4",
     .range = from(1, most_trials)},
    {.key = "batch",
     .type = option_type::truth,
     .help = "whether the searcher hears of the ends of so many trials together, and suggests "
             "nothing before",
     .fallback = "false"},
};

} // namespace

constinit const plugin concurrency_limiter_plugin{
    .name = "concurrency_limiter",
    .summary = "passes on another searcher's suggestions, but for no more trials at once",
    .options = concurrency_limiter_table};

concurrency_limiter::concurrency_limiter(const study& s) : inner_{make_wrapped(s)} {
  const auto in = option_values::of(concurrency_limiter_plugin, s.searcher.options);
  max_concurrent_ = in.count("max_concurrent");
  batch_ = in.truth("batch");
}

suggestion concurrency_limiter::suggest(trial_number n) {
  if (live_.size() >= max_concurrent_) return not_now{};
  auto made = inner_->suggest(n);
  const bool all_ended = !untold_.empty() && untold_.size() == live_.size();
  if (!std::holds_alternative<config>(made) && all_ended) {
    tell_all();
    made = inner_->suggest(n);
  }
  if (std::holds_alternative<config>(made)) live_.insert(n);
  return made;
}

void concurrency_limiter::adopt(trial_number n, const config& c) {
  live_.insert(n);
  inner_->adopt(n, c);
}

void concurrency_limiter::recall(trial_number n, const config& c) {
  if (batch_) return searcher::recall(n, c); // what a batch has come to is told on the way
  live_.insert(n);
  inner_->recall(n, c);
}

void concurrency_limiter::observe(trial_number n, int iteration, const outcome& o) {
  inner_->observe(n, iteration, o);
}

void concurrency_limiter::complete(trial_number n, const std::optional<outcome>& last) {
  end({n, last, false});
}

void concurrency_limiter::stopped(trial_number n, const std::optional<outcome>& last) {
  end({n, last, true});
}

void concurrency_limiter::end(ended e) {
  if (!live_.contains(e.number)) return;
  untold_.push_back(std::move(e));
  if (!batch_ || (untold_.size() == live_.size() && live_.size() >= max_concurrent_)) tell_all();
}

void concurrency_limiter::tell(const ended& e) {
  live_.erase(e.number);
  if (e.stopped)
    inner_->stopped(e.number, e.last);
  else
    inner_->complete(e.number, e.last);
}

void concurrency_limiter::tell_all() {
  for (const auto& e : std::exchange(untold_, {}))
    tell(e);
}

} // namespace troupe
