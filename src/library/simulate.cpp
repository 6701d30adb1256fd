#include "search/simulation/simulate.hpp"

#include "base/seconds.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "search/simulation/parametric_curves.hpp"

#include <troupe/run.hpp>
#include <troupe/simulate.hpp>

#include <exception>
#include <memory>
#include <stdexcept>
#include <utility>

namespace troupe {

namespace {

double seconds_of(std::int64_t ns) {
  return static_cast<double>(ns) * 1e-9;
}

/// A trial whose iterations a function makes up.
class modelled_training final : public training {
public:
  modelled_training(const trial_model& model, const config& c) : model_{model}, config_{c} {}

  training_step next(const training_state& from) const override {
    const int iteration = from.iteration + 1;
    try {
      auto made = model_(config_, iteration);
      if (!made) return {0, training_end{}};
      if (!(made->seconds >= 0)) return {0, training_failure{"an iteration takes no such time"}};
      return {to_nanoseconds(made->seconds),
              training_report{std::move(made->metrics), {iteration, from.progress}}};
    } catch (const std::exception& e) {
      return {0, training_failure{e.what()}};
    }
  }

private:
  const trial_model& model_;
  config config_;
};

class modelled_curves final : public learning_curve {
public:
  explicit modelled_curves(const trial_model& model) : model_{model} {}

  std::unique_ptr<const training> begin(trial_number, const config& c) const override {
    return std::make_unique<modelled_training>(model_, c);
  }

private:
  const trial_model& model_;
};

simulated_study told(simulation came) {
  simulated_study all{std::move(came.results),
                      seconds_of(came.makespan_ns),
                      came.idle_share,
                      came.iterations,
                      came.trials_stopped,
                      came.trials_waiting,
                      {}};
  for (const auto& i : came.improvements)
    all.improvements.push_back({seconds_of(i.at_ns), i.value, i.iterations});
  return all;
}

simulated_study simulate_on(const study& s, std::uint32_t workers, const learning_curve& curve) {
  if (workers == 0) throw std::invalid_argument{"a study is simulated on at least 1 worker"};
  const auto decides = make_correctable_scheduler(s);
  const auto suggests = make_searcher(s);
  return told(simulate({s, number_of_trials(s), workers}, *decides, *suggests, curve));
}

void refuse_faults(const study& s) {
  if (auto faults = check(s); !faults.empty()) throw invalid_study{std::move(faults)};
}

} // namespace

simulated_study simulate(const study& s, std::uint32_t workers, const trial_model& model) {
  refuse_faults(s);
  return simulate_on(s, workers, modelled_curves{model});
}

simulated_study simulate(const study& s, std::uint32_t workers, std::string_view family) {
  refuse_faults(s);
  return simulate_on(s, workers, *make_parametric_curve(family, s));
}

} // namespace troupe
