#include "base/json.hpp"
#include "search/space/domain_draw.hpp"
#include "search/space/expression.hpp"

#include <troupe/space.hpp>

#include <boost/json/array.hpp>

#include <algorithm>
#include <cmath>

namespace troupe {

namespace json = boost::json;

namespace {

/// Up to here in size doubles hold every integer, so multiples can be told apart.
constexpr double largest_index = 9007199254740992.0;

template <class... Bound>
std::string found(Bound... bounds) {
  return "; found " + to_text(json::array{bounds...});
}

bool is_multiple(double x, double q) {
  const auto [ceiled, floored] = multiples_of(q, x, x);
  return ceiled == floored;
}

/// Says what is wrong with the quantized law `name`; its bounds are right in themselves.
std::string wrong_multiples(const std::string& name, double low, double high, double q) {
  if (!(q > 0) || !std::isfinite(q)) return name + " needs q > 0" + found(low, high, q);
  if (std::max(std::abs(low), std::abs(high)) / q > largest_index)
    return name + " needs a larger q, or its multiples cannot be told apart" + found(low, high, q);
  if (!is_multiple(low, q) || !is_multiple(high, q))
    return name + " needs bounds that are multiples of q" + found(low, high, q);
  return {};
}

std::string wrong_multiples(const std::string& name, std::int64_t low, std::int64_t high,
                            std::int64_t q) {
  if (q < 1) return name + " needs q >= 1" + found(low, high, q);
  const auto [first, last] = multiples_of(q, low, high);
  if (first > last) return name + " needs a multiple of q in its range" + found(low, high, q);
  return {};
}

/// A value inside a grid has a configuration of its own: it cannot depend on the others.
std::string wrong_inside(const search_space& space) {
  for (const auto& e : space.entries())
    if (std::holds_alternative<expression>(e.domain) ||
        std::holds_alternative<sample_from>(e.domain) || !e.when.empty())
      return "inside a value of grid_search there is no expression, function or condition; make it "
             "a parameter of its own";
  return {};
}

struct domain_check {
  std::string operator()(const constant&) const { return {}; }

  std::string operator()(const uniform& d) const {
    if (!(d.low < d.high)) return "uniform needs low < high" + found(d.low, d.high);
    if (!std::isfinite(d.high - d.low))
      return "uniform needs a finite range" + found(d.low, d.high);
    return {};
  }

  std::string operator()(const loguniform& d) const {
    if (0 < d.low && d.low < d.high && std::isfinite(d.high)) return {};
    return "loguniform needs finite 0 < low < high" + found(d.low, d.high);
  }

  std::string operator()(const randint& d) const {
    if (d.low < d.high) return {};
    return "randint needs low < high, as high itself is never drawn" + found(d.low, d.high);
  }

  std::string operator()(const choice& d) const {
    return d.values.empty() ? "choice needs at least one value" : "";
  }

  std::string operator()(const quniform& d) const {
    if (!(d.low < d.high) || !std::isfinite(d.high - d.low))
      return "quniform needs finite low < high" + found(d.low, d.high, d.q);
    return wrong_multiples("quniform", d.low, d.high, d.q);
  }

  std::string operator()(const qloguniform& d) const {
    if (!(0 < d.low && d.low < d.high && std::isfinite(d.high)))
      return "qloguniform needs finite 0 < low < high" + found(d.low, d.high, d.q);
    return wrong_multiples("qloguniform", d.low, d.high, d.q);
  }

  std::string operator()(const randn& d) const {
    if (std::isfinite(d.mean) && 0 < d.sd && std::isfinite(d.sd)) return {};
    return "randn needs a finite mean and sd > 0" + found(d.mean, d.sd);
  }

  std::string operator()(const qrandn& d) const {
    if (!std::isfinite(d.mean) || !(0 < d.sd) || !std::isfinite(d.sd))
      return "qrandn needs a finite mean and sd > 0" + found(d.mean, d.sd, d.q);
    if (0 < d.q && std::isfinite(d.q)) return {};
    return "qrandn needs q > 0" + found(d.mean, d.sd, d.q);
  }

  std::string operator()(const qrandint& d) const {
    if (!(d.low < d.high)) return "qrandint needs low < high" + found(d.low, d.high, d.q);
    return wrong_multiples("qrandint", d.low, d.high, d.q);
  }

  std::string operator()(const lograndint& d) const {
    if (1 <= d.low && d.low < d.high) return {};
    return "lograndint needs 1 <= low < high, and high itself is never drawn" +
           found(d.low, d.high);
  }

  std::string operator()(const qlograndint& d) const {
    if (!(1 <= d.low && d.low < d.high))
      return "qlograndint needs 1 <= low < high" + found(d.low, d.high, d.q);
    return wrong_multiples("qlograndint", d.low, d.high, d.q);
  }

  std::string operator()(const grid_search& d) const {
    if (d.values.empty()) return "grid_search needs at least one value";
    for (const auto& space : d.inside)
      if (auto problem = space ? wrong_inside(*space) : std::string{}; !problem.empty())
        return problem;
    return {};
  }

  std::string operator()(const float_range& d) const {
    if (!(d.low <= d.high) || !std::isfinite(d.high - d.low))
      return "float needs finite low <= high" + found(d.low, d.high);
    if (d.log && d.step) return "float has a step or is logarithmic, not both";
    if (d.log && !(0 < d.low)) return "a logarithmic float needs 0 < low" + found(d.low, d.high);
    if (!d.step) return {};
    if (!(0 < *d.step) || !std::isfinite(*d.step)) return "float needs step > 0" + found(*d.step);
    const double largest = std::max({d.high - d.low, std::abs(d.low), std::abs(d.high)});
    if (largest / *d.step < largest_index) return {};
    return "float needs a larger step, or its values cannot be told apart" + found(*d.step);
  }

  std::string operator()(const int_range& d) const {
    if (d.low > d.high) return "int needs low <= high" + found(d.low, d.high);
    if (d.step < 1) return "int needs step >= 1" + found(d.step);
    if (d.log && d.step != 1) return "a logarithmic int has no step" + found(d.step);
    if (d.log && d.low < 1) return "a logarithmic int needs 1 <= low" + found(d.low, d.high);
    return {};
  }

  std::string operator()(const expression& d) const { return wrong_syntax(d.text); }

  std::string operator()(const sample_from& d) const {
    return d.function ? "" : "sample_from needs a function";
  }
};

} // namespace

std::string impossible(const domain& d) {
  return std::visit(domain_check{}, d);
}

} // namespace troupe
