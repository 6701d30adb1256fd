#include "study/parameter_fit.hpp"

#include "base/json.hpp"
#include "base/values.hpp"
#include "search/space/domain_draw.hpp"
#include "study/secrets.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <variant>

namespace troupe {

namespace json = boost::json;

std::string wanted(const parameter& p) {
  constexpr std::string_view kinds[]{"a number",      "an integer",      "a text",
                                     "true or false", "a list of texts", "an object of texts"};
  std::string text{kinds[static_cast<std::size_t>(p.type)]};
  if (p.low) text += " >= " + to_text(plain_number(*p.low));
  if (p.low && p.high) text += " and";
  if (p.high) text += " <= " + to_text(plain_number(*p.high));
  return text;
}

namespace {

bool in_range(const parameter& p, double x) {
  return (!p.low || x >= *p.low) && (!p.high || x <= *p.high);
}

/// A secret that was not stored is another fault.
bool is_text(const json::value& v) {
  return v.is_string() || is_placeholder(v);
}

} // namespace

bool fits(const parameter& p, const json::value& v) {
  switch (p.type) {
  case parameter::kind::real: {
    const auto x = real_number(v);
    return x && in_range(p, *x);
  }
  case parameter::kind::integer: {
    const auto n = whole_number(v);
    return n && in_range(p, static_cast<double>(*n));
  }
  case parameter::kind::text:
    return v.is_string();
  case parameter::kind::boolean:
    return v.is_bool();
  case parameter::kind::texts:
    return v.is_array() && std::ranges::all_of(v.get_array(), is_text);
  case parameter::kind::named_texts:
    return v.is_object() && std::ranges::all_of(v.get_object(), [](const auto& member) {
             return is_text(member.value());
           });
  }
  return false;
}

namespace {

std::string misfit(const parameter& p, const constant& d) {
  return fits(p, d.value) ? "" : describe(d.value);
}

std::string misfit(const parameter& p, const choice& d) {
  for (const auto& value : d.values)
    if (!fits(p, value)) return describe(value);
  return {};
}

std::string misfit(const parameter& p, const grid_search& d) {
  for (std::size_t i = 0; i < d.values.size(); ++i)
    if ((i >= d.inside.size() || !d.inside[i]) && !fits(p, d.values[i]))
      return describe(d.values[i]);
  return {};
}

/// Integers from `low` to `high`.
std::string misfit_wholes(const parameter& p, std::int64_t low, std::int64_t high) {
  const bool number = p.type == parameter::kind::integer || p.type == parameter::kind::real;
  if (!number) return "integers";
  if (!in_range(p, static_cast<double>(low))) return std::to_string(low);
  if (!in_range(p, static_cast<double>(high))) return std::to_string(high);
  return {};
}

std::string misfit(const parameter& p, const randint& d) {
  return misfit_wholes(p, d.low, d.high - 1);
}

std::string misfit(const parameter& p, const lograndint& d) {
  return misfit_wholes(p, d.low, d.high - 1);
}

std::string misfit(const parameter& p, const qrandint& d) {
  const auto [first, last] = multiples_of(d.q, d.low, d.high);
  return misfit_wholes(p, first * d.q, last * d.q);
}

std::string misfit(const parameter& p, const qlograndint& d) {
  const auto [first, last] = multiples_of(d.q, d.low, d.high);
  return misfit_wholes(p, first * d.q, last * d.q);
}

std::string misfit(const parameter& p, const int_range& d) {
  return misfit_wholes(p, d.low, d.high);
}

/// Numbers from `low` to `high`; all of them are whole if `steps` are.
std::string misfit_interval(const parameter& p, double low, double high, double steps = 0.5) {
  const bool whole = std::trunc(steps) == steps && std::trunc(low) == low;
  if (p.type != parameter::kind::real && !(whole && p.type == parameter::kind::integer))
    return "numbers with a fraction";
  if (!in_range(p, low)) return to_text(plain_number(low));
  if (!in_range(p, high)) return to_text(plain_number(high));
  return {};
}

std::string misfit(const parameter& p, const uniform& d) {
  return misfit_interval(p, d.low, d.high);
}

std::string misfit(const parameter& p, const loguniform& d) {
  return misfit_interval(p, d.low, d.high);
}

std::string misfit(const parameter& p, const quniform& d) {
  return misfit_interval(p, d.low, d.high, d.q);
}

std::string misfit(const parameter& p, const qloguniform& d) {
  return misfit_interval(p, d.low, d.high, d.q);
}

std::string misfit(const parameter& p, const float_range& d) {
  return misfit_interval(p, d.low, d.high, d.step.value_or(0.5));
}

/// A law without bounds.
std::string misfit_unbounded(const parameter& p, double steps) {
  auto found = misfit_interval({p.name, p.type, {}, {}, {}, {}}, 0, 0, steps);
  if (!found.empty()) return found;
  return p.low || p.high ? "any number" : "";
}

std::string misfit(const parameter& p, const randn&) {
  return misfit_unbounded(p, 0.5);
}

std::string misfit(const parameter& p, const qrandn& d) {
  return misfit_unbounded(p, d.q);
}

/// What these give is known only when they are drawn.
std::string misfit(const parameter&, const expression&) {
  return {};
}

std::string misfit(const parameter&, const sample_from&) {
  return {};
}

} // namespace

std::string misfit(const parameter& p, const domain& d) {
  return std::visit([&](const auto& law) { return misfit(p, law); }, d);
}

} // namespace troupe
