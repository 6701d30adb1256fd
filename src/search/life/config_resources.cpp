#include "search/life/config_resources.hpp"

#include "base/json.hpp"
#include "base/path.hpp"
#include "base/values.hpp"
#include "search/space/expression.hpp"
#include "search/space/parameter_error.hpp"
#include "search/space/space_sampler.hpp"

#include <troupe/random.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace troupe {

namespace {

double& amount_in(resources& r, const std::string& name) {
  if (name == "cpu") return r.cpu;
  if (name == "gpu") return r.gpu;
  if (name == "memory_gb") return r.memory_gb;
  return r.custom[name];
}

/// Returns what is wrong with an amount; empty if nothing.
std::string no_amount(const std::string& name, const boost::json::value& v) {
  if (!v.is_number()) return "is no number but " + describe(v);
  const double x = v.to_number<double>();
  if (!(x >= 0 && x <= most_of(name)))
    return fmt::format("is {}, and must be from 0 to {}", to_text(plain_number(x)),
                       to_text(plain_number(most_of(name))));
  if (is_too_small(x))
    return fmt::format("is {}, and must be 0 or at least 0.0001", to_text(plain_number(x)));
  if (name == "gpu" && x > 1 && std::trunc(x) != x)
    return fmt::format("is {}, and more than one GPU must be a whole number", to_text(x));
  return {};
}

/// Parameters that are absent are nil in expressions.
config with_absent_ones(const search_space& space, config c) {
  for (const auto& e : space.entries())
    if (!find(c, e.path)) place(c, e.path, nullptr);
  return c;
}

double evaluated(const std::string& name, const expression& e, const config& c) {
  random_stream none{0, 0, "resources"}; // reading has refused what draws
  boost::json::value v;
  try {
    v = evaluate(e, c, none);
  } catch (const std::invalid_argument& failed) {
    throw std::invalid_argument{fmt::format("resources/{}: {}", name, failed.what())};
  }
  if (const auto wrong = no_amount(name, v); !wrong.empty())
    throw std::invalid_argument{fmt::format("resources/{}: \"{}\" {}", name, e.text, wrong)};
  return v.to_number<double>();
}

} // namespace

std::string wrong_amount(const expression& e, const search_space& space) {
  if (auto wrong = wrong_syntax(e.text); !wrong.empty()) return wrong;
  const auto names = names_in(e.text);
  for (const std::string& name : names.paths) {
    const auto first = split_first(name).first;
    if (space.holds(first) || names.has_functions || first == "math") continue;
    if (is_expression_function(first))
      return "draws by " + std::string{first} + "; what a trial needs follows from its parameters";
    if (!space.entries().empty())
      return "unknown name \"" + std::string{first} + "\"; " +
             suggest_parameter(name, space.entries(), 0);
  }
  return {};
}

double most_of(std::string_view resource) noexcept {
  if (resource == "cpu") return most_cpus;
  if (resource == "gpu") return most_gpus;
  return resource == "memory_gb" ? most_memory_gb : most_custom;
}

resources resources_for(const study& s, const config& c) {
  resources all = s.per_trial;
  const auto known = with_absent_ones(s.space, c);
  for (const auto& [name, e] : s.per_config)
    amount_in(all, name) = evaluated(name, e, known);
  if (all.cpu == 0 && all.gpu == 0)
    throw std::invalid_argument{"resources: a trial needs some CPU or GPU, and this one has none"};
  return all;
}

resources least_of(resources a, const resources& b) {
  a.cpu = std::min(a.cpu, b.cpu);
  a.gpu = std::min(a.gpu, b.gpu);
  a.memory_gb = std::min(a.memory_gb, b.memory_gb);
  for (auto& [name, amount] : a.custom) {
    const auto other = b.custom.find(name);
    amount = std::min(amount, other == b.custom.end() ? 0 : other->second);
  }
  return a;
}

} // namespace troupe
