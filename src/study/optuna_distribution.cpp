#include "study/optuna_distribution.hpp"

#include "base/json.hpp"
#include "base/values.hpp"
#include "search/space/finite_values.hpp"
#include "search/space/whole_range.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <variant>

namespace troupe {

namespace json = boost::json;

namespace {

/// The choices of a categorical distribution stand beside each trial; longer ones would make the
/// file many times as large as what it tells.
constexpr std::size_t longest_choices = 4000; // bytes
constexpr std::uint64_t most_choices = 2000;  // "1, " and so on are two bytes at least

/// No draw of a normal law in double precision is further out than 8.6 standard deviations.
constexpr double normal_reach = 10;

std::string described(const char* name, const json::object& attributes) {
  return to_text(json::object{{"name", name}, {"attributes", attributes}});
}

/// Returns the last of low, low + step, …, as a person would write it: 0.3, and not 0.1 + 2 * 0.1.
double last_step(const float_range& d) {
  const double last = d.low + steps_of(d) * *d.step;
  if (std::abs(last - d.high) < 1e-9 * *d.step) return d.high;
  return std::strtod(fmt::format("{:.12g}", last).c_str(), nullptr);
}

} // namespace

/// Makes the distribution that is nearest to each law.
struct distribution_maker {
  using made = std::optional<optuna_distribution>;

  made operator()(const uniform& d) const { return real(d.low, d.high, 0, false); }
  made operator()(const loguniform& d) const { return real(d.low, d.high, 0, true); }
  made operator()(const quniform& d) const { return real(d.low, d.high, d.q, false); }
  made operator()(const qloguniform& d) const { return real(d.low, d.high, d.q, false); }
  made operator()(const randn& d) const { return normal(d.mean, d.sd); }
  made operator()(const qrandn& d) const { return normal(d.mean, d.sd + d.q); }
  made operator()(const float_range& d) const {
    return d.step ? real(d.low, last_step(d), *d.step, false) : real(d.low, d.high, 0, d.log);
  }
  made operator()(const choice& d) const { return listed(d); }
  made operator()(const grid_search& d) const { return listed(d); }
  template <whole_law Law>
  made operator()(const Law& d) const {
    const auto r = range_of(d);
    optuna_distribution made;
    made.low_ = static_cast<double>(r.first);
    made.high_ = static_cast<double>(r.last);
    made.step_ = static_cast<double>(r.step);
    made.text_ = described(
        "IntDistribution",
        {{"log", r.log && r.step == 1}, {"step", r.step}, {"low", r.first}, {"high", r.last}});
    return made;
  }
  template <class Other>
  made operator()(const Other&) const {
    return std::nullopt;
  }

private:
  static made real(double low, double high, double step, bool log) {
    optuna_distribution made;
    made.low_ = low;
    made.high_ = high;
    made.step_ = step;
    made.text_ =
        described("FloatDistribution", {{"step", step > 0 ? json::value(step) : json::value()},
                                        {"low", low},
                                        {"high", high},
                                        {"log", log}});
    return made;
  }

  static made normal(double mean, double sd) {
    return real(mean - normal_reach * sd, mean + normal_reach * sd, 0, false);
  }

  static made listed(const domain& d) {
    const auto values = finite_values_of(d);
    if (!values || values->count > most_choices) return std::nullopt;
    optuna_distribution made;
    json::array shown;
    for (auto& choices = made.choices_.emplace(); choices.size() < values->count;) {
      auto value = values->at(choices.size());
      // Optuna knows no lists and objects: they are called by their text.
      shown.push_back(value.is_structured() ? json::value(to_text(value)) : value);
      choices.push_back(std::move(value));
    }
    made.text_ = described("CategoricalDistribution", {{"choices", std::move(shown)}});
    if (made.text_.size() > longest_choices) return std::nullopt;
    return made;
  }
};

std::optional<optuna_distribution> optuna_distribution::of(const domain& d) {
  return std::visit(distribution_maker{}, d);
}

std::optional<double> optuna_distribution::number_of(const json::value& v) const {
  if (choices_) {
    const auto found = std::find_if(choices_->begin(), choices_->end(),
                                    [&](const json::value& one) { return same_value(one, v); });
    if (found == choices_->end()) return std::nullopt;
    return static_cast<double>(found - choices_->begin());
  }
  const auto x = real_number(v);
  if (!x) return std::nullopt;
  if (step_ == 0) return low_ <= *x && *x <= high_ ? x : std::nullopt;
  // What is so near to a step is one, for Optuna too: 7 * 0.1 is more than 0.7.
  const double index = (*x - low_) / step_;
  const double slack = 1e-8;
  if (std::abs(index - std::nearbyint(index)) > slack || index < -slack ||
      index > (high_ - low_) / step_ + slack)
    return std::nullopt;
  return std::clamp(*x, low_, high_);
}

} // namespace troupe
