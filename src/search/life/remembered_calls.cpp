#include "search/life/remembered_calls.hpp"

#include "search/life/packed_reports.hpp"

#include <utility>

namespace troupe {

namespace {

enum class told : std::uint8_t {
  configured,
  added,
  reported,
  completed,
  failed,
  removed,
  choose,
  aftermath,
  correct
};

enum class learned : std::uint8_t { suggest, adopt, recall, observe, complete, stopped };

template <class T>
T take(packed_reader& in) {
  T value{};
  in(value);
  return value;
}

} // namespace

// -- the scheduler -------------------------------------------------------------------------------

void remembered_scheduler::configured(trial_number n, const config& c) {
  inner().configured(n, c);
  calls_.note(told::configured, n);
}

void remembered_scheduler::added(trial_number n) {
  inner().added(n);
  calls_.note(told::added, n);
}

decision remembered_scheduler::reported(trial_number n, const result& r) {
  auto d = inner().reported(n, r);
  calls_.note(told::reported, n, r);
  return d;
}

void remembered_scheduler::completed(trial_number n, const std::optional<result>& last) {
  inner().completed(n, last);
  calls_.note(told::completed, n, last);
}

void remembered_scheduler::failed(trial_number n) {
  inner().failed(n);
  calls_.note(told::failed, n);
}

void remembered_scheduler::removed(trial_number n) {
  inner().removed(n);
  calls_.note(told::removed, n);
}

std::optional<trial_number> remembered_scheduler::choose() {
  const auto chosen = inner().choose();
  calls_.note(told::choose);
  return chosen;
}

std::vector<decision> remembered_scheduler::aftermath() {
  auto all = inner().aftermath();
  calls_.note(told::aftermath);
  return all;
}

void remembered_scheduler::correct(trial_number n, trial_state state) {
  inner().correct(n, state);
  calls_.note(told::correct, n, state);
}

correctable_scheduler& remembered_scheduler::inner() {
  calls_.pass_on([this](packed_reader& in) { pass_on(in); });
  return *inner_;
}

void remembered_scheduler::pass_on(packed_reader& in) {
  const auto call = take<told>(in);
  if (call == told::choose) return void(inner_->choose());
  if (call == told::aftermath) return void(inner_->aftermath());
  const auto n = take<trial_number>(in);
  switch (call) {
  case told::configured:
    return inner_->configured(n, config_of_(n));
  case told::added:
    return inner_->added(n);
  case told::reported:
    return inner_->recall(n, take<result>(in));
  case told::completed:
    return inner_->completed(n, take<std::optional<result>>(in));
  case told::failed:
    return inner_->failed(n);
  case told::removed:
    return inner_->removed(n);
  case told::correct:
    return inner_->correct(n, take<trial_state>(in));
  default:
    throw packed_error{};
  }
}

// -- the searcher --------------------------------------------------------------------------------

void remembered_searcher::catch_up() {
  calls_.pass_on([this](packed_reader& in) { pass_on(in); });
}

suggestion remembered_searcher::suggest(trial_number n) {
  catch_up();
  auto made = inner_->suggest(n);
  calls_.note(learned::suggest, n);
  return made;
}

void remembered_searcher::adopt(trial_number n, const config& c) {
  if (!calls_.waiting()) inner_->adopt(n, c);
  calls_.note(learned::adopt, n, c);
}

void remembered_searcher::recall(trial_number n, const config& c) {
  if (!calls_.waiting()) inner_->recall(n, c);
  calls_.note(learned::recall, n, c);
}

void remembered_searcher::observe(trial_number n, int iteration, const outcome& o) {
  if (!calls_.waiting()) inner_->observe(n, iteration, o);
  calls_.note(learned::observe, n, iteration, o);
}

void remembered_searcher::complete(trial_number n, const std::optional<outcome>& last) {
  if (!calls_.waiting()) inner_->complete(n, last);
  calls_.note(learned::complete, n, last);
}

void remembered_searcher::stopped(trial_number n, const std::optional<outcome>& last) {
  if (!calls_.waiting()) inner_->stopped(n, last);
  calls_.note(learned::stopped, n, last);
}

void remembered_searcher::pass_on(packed_reader& in) {
  const auto call = take<learned>(in);
  const auto n = take<trial_number>(in);
  switch (call) {
  case learned::suggest:
    return void(inner_->suggest(n));
  case learned::adopt:
    return inner_->adopt(n, take<config>(in));
  case learned::recall:
    return inner_->recall(n, take<config>(in));
  case learned::observe: {
    const auto iteration = take<int>(in);
    return inner_->observe(n, iteration, take<outcome>(in));
  }
  case learned::complete:
    return inner_->complete(n, take<std::optional<outcome>>(in));
  case learned::stopped:
    return inner_->stopped(n, take<std::optional<outcome>>(in));
  }
  throw packed_error{};
}

} // namespace troupe
