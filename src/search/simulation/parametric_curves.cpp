#include "search/simulation/parametric_curves.hpp"

#include "base/seconds.hpp"
#include "base/values.hpp"
#include "search/simulation/coordinates.hpp"
#include "search/space/domain_draw.hpp"

#include <troupe/random.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <stdexcept>

namespace troupe {

namespace {

constexpr double start_error = 0.9;
constexpr double least_error = 0.05;
constexpr double most_loss = 0.7; ///< What the worst configuration's final error has beyond that.
constexpr double noise_sd = 0.02; ///< Of the first report.
constexpr int never = std::numeric_limits<int>::max();

using point = std::vector<double>;

/// The squared distance of each coordinate from the optimum's, as a share of the largest possible.
point shortfalls(const point& u) {
  point q;
  for (std::size_t i = 0; i < u.size(); ++i) {
    const double turn = 0.618034 * static_cast<double>(i + 1);
    const double best = i == 0 ? 0.3 : 0.25 + 0.5 * (turn - std::floor(turn));
    const double far = (u[i] - best) / std::max(best, 1 - best);
    q.push_back(far * far);
  }
  return q;
}

double mean(point::const_iterator begin, point::const_iterator end) {
  return std::accumulate(begin, end, 0.0) / static_cast<double>(end - begin);
}

/// How fast an error falls: towards `final_error`, exponentially by the factor `keeps` per epoch,
/// or as a power of the epoch.
struct descent {
  double final_error;
  double keeps;
  std::optional<double> exponent{};
  int diverges_at = never; ///< From this epoch on.

  double after_epoch(double error) const {
    const double above = error - final_error;
    if (!exponent || above <= 0) return final_error + above * keeps;
    const double height = start_error - final_error;
    const double t = std::pow(above / height, -1 / *exponent);
    return final_error + height * std::pow(t + 1, -*exponent);
  }
};

descent crossing(const point& u) {
  const auto q = shortfalls(u);
  const double others = q.size() == 1 ? q[0] : mean(q.begin() + 1, q.end());
  const bool diverges = u[0] > 0.9;
  return {.final_error = least_error + most_loss * std::sqrt((q[0] + others) / 2),
          .keeps = std::exp(-0.05 * std::pow(4, u[0])),
          .diverges_at = diverges ? 1 + static_cast<int>(200 * (1 - u[0])) : never};
}

descent power(const point& u) {
  const auto q = shortfalls(u);
  const double exponent = 0.4 + 0.8 * u[0];
  return {.final_error = least_error + most_loss * std::sqrt(mean(q.begin(), q.end())),
          .keeps = std::pow(2, -exponent),
          .exponent = exponent};
}

descent exponential(const point& u) {
  const auto q = shortfalls(u);
  const double loss = std::sqrt(mean(q.begin(), q.end()));
  return {.final_error = least_error + most_loss * loss,
          .keeps = std::exp(-0.05 - 0.15 * (1 - loss))};
}

struct known_family {
  curve_family shown;
  descent (*descent_of)(const point& u);
};

constexpr known_family families[] = {
    {{"crossing", "who starts fast ends worse; the largest values of the first parameter diverge"},
     crossing},
    {{"power", "long tails: the last epochs still matter"}, power},
    {{"exponential", "the better ones are faster too: the first epochs show the order"},
     exponential},
};

/// A number that stands for the point in its noise.
std::uint64_t name_of(const point& u) {
  std::uint64_t h = 0;
  for (const double x : u) {
    h = (h ^ std::bit_cast<std::uint64_t>(x)) * 0x9E3779B97F4A7C15;
    h ^= h >> 32;
  }
  return h;
}

/// What all trials of a study have in common.
struct conditions {
  std::string metric;
  direction mode;
  std::uint64_t seed;
  int epochs;
};

class parametric_training final : public training {
public:
  parametric_training(const conditions& all, const point& u, const descent& d)
      : all_{all},
        name_{name_of(u)},
        descent_{d},
        epoch_ns_{to_nanoseconds(1 + 3 * u.back())} {}

  training_step next(const training_state& from) const override {
    if (from.iteration >= all_.epochs) return {0, training_end{}};
    const int epoch = from.iteration + 1;
    const double error = epoch >= descent_.diverges_at
                             ? std::nan("")
                             : descent_.after_epoch(start_error - from.progress);
    return {epoch_ns_,
            training_report{{{all_.metric, shown(error, epoch)}}, {epoch, start_error - error}}};
  }

private:
  double shown(double error, int epoch) const {
    const auto t = static_cast<std::uint64_t>(epoch);
    auto random = random_stream{all_.seed, name_ + t * 0x9E3779B97F4A7C15, "learning curve"};
    const double noise = draw_normal(random);
    const double seen = error + noise_sd * noise / std::sqrt(epoch);
    return all_.mode == direction::min ? seen : 1 - seen;
  }

  const conditions& all_;
  std::uint64_t name_;
  descent descent_;
  std::int64_t epoch_ns_;
};

class parametric_curve final : public learning_curve {
public:
  parametric_curve(const known_family& family, const study& s)
      : family_{family},
        space_{s.space},
        all_{s.metric, s.mode, s.seed, epochs_of(s)} {}

  std::unique_ptr<const training> begin(trial_number, const config& c) const override {
    auto u = coordinates_of(space_, c);
    if (u.empty()) u.push_back(0.5);
    return std::make_unique<parametric_training>(all_, u, family_.descent_of(u));
  }

private:
  const known_family& family_;
  search_space space_;
  conditions all_;
};

/// Returns the first whole number of epochs that is not below `bound`.
int whole_epochs(double bound) {
  return static_cast<int>(std::clamp(std::ceil(bound), 1.0, 1e9));
}

} // namespace

std::vector<curve_family> curve_families() {
  std::vector<curve_family> all;
  for (const auto& known : families)
    all.push_back(known.shown);
  return all;
}

int epochs_of(const study& s) {
  for (const auto& rule : s.stop)
    if (rule.metric == "training_iteration" && rule.when == stop_rule::side::at_least)
      return whole_epochs(rule.bound);
  const auto* unit = s.scheduler.options.if_contains("time_attr");
  const auto* most = s.scheduler.options.if_contains("max_t");
  const bool counts_epochs = !unit || *unit == "training_iteration";
  const auto max_t = most && counts_epochs ? real_number(*most) : std::nullopt;
  return max_t ? whole_epochs(*max_t) : 100;
}

std::unique_ptr<learning_curve> make_parametric_curve(std::string_view name, const study& s) {
  if (!s.further_objectives.empty() || !s.constraints.empty())
    throw std::invalid_argument{
        "curves from formulas report a single metric, and the study is judged by several: simulate "
        "it with the curves of a former study"};
  std::vector<std::string_view> names;
  for (const auto& known : families) {
    if (known.shown.name == name) return std::make_unique<parametric_curve>(known, s);
    names.push_back(known.shown.name);
  }
  throw std::invalid_argument{
      fmt::format("unknown learning curve \"{}\"; known are {}", name, fmt::join(names, ", "))};
}

} // namespace troupe
