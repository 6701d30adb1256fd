#include "search/schedulers/mutations.hpp"

#include "base/json.hpp"
#include "base/path.hpp"
#include "base/values.hpp"
#include "search/space/dimension.hpp"
#include "search/space/domain_draw.hpp"
#include "search/space/laws.hpp"

#include <troupe/config.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace troupe {

namespace json = boost::json;

namespace {

constexpr std::string_view mutations_key = "hyperparam_mutations";

/// Returns the law that an object of the form {LAW: ARGUMENT} names, or null.
const law* law_of(const json::object& object) {
  const auto* found = object.size() == 1 ? find_law(object.begin()->key()) : nullptr;
  return found && found->read ? found : nullptr;
}

bool can_be_drawn_alone(const domain& d) {
  return !std::holds_alternative<grid_search>(d) && !std::holds_alternative<expression>(d) &&
         !std::holds_alternative<sample_from>(d);
}

/// Says why `d` cannot be a mutation; empty if it can.
std::string wrong_law(const domain& d) {
  if (!can_be_drawn_alone(d)) return "is no law to draw one value from; use choice, or a list";
  return impossible(d);
}

class mutation_reader {
public:
  explicit mutation_reader(std::vector<option_problem>& problems) : problems_{problems} {}

  void read_members(const json::object& members, const std::string& path) {
    for (const auto& [name, v] : members)
      read(v, join_path(path, name));
  }

  std::vector<mutation> result() && { return std::move(mutations_); }

private:
  void read(const json::value& v, const std::string& path) {
    if (const auto* list = v.if_array())
      read_values(*list, path);
    else if (const auto* object = v.if_object(); object && law_of(*object))
      read_law(*law_of(*object), object->begin()->value(), path);
    else if (object && !object->empty())
      read_members(*object, path);
    else
      refuse(path, R"(must be a list of values, or a law, as in {"uniform": [0, 1]}; found )" +
                       describe(v));
  }

  void read_values(const json::array& list, const std::string& path) {
    if (list.empty()) return refuse(path, "must have at least one value");
    mutations_.push_back({path, std::vector<json::value>(list.begin(), list.end())});
  }

  void read_law(const law& l, const json::value& argument, const std::string& path) {
    const auto law_path = join_path(path, l.name);
    auto d = l.read(argument);
    if (!d)
      return refuse(law_path, "must be " + std::string{l.takes} + "; found " + describe(argument));
    if (auto problem = wrong_law(*d); !problem.empty()) return refuse(law_path, problem);
    mutations_.push_back({path, *std::move(d)});
  }

  void refuse(const std::string& path, const std::string& problem) {
    problems_.push_back({join_path(mutations_key, path), problem});
  }

  std::vector<option_problem>& problems_;
  std::vector<mutation> mutations_;
};

} // namespace

json::value* find_in(config& c, std::string_view path) {
  auto [name, rest] = split_first(path);
  auto* v = c.if_contains(name);
  while (v && !rest.empty()) {
    std::tie(name, rest) = split_first(rest);
    const auto index = list_index(name);
    if (auto* object = v->if_object())
      v = object->if_contains(name);
    else if (auto* array = v->if_array(); array && index)
      v = array->if_contains(*index);
    else
      v = nullptr;
  }
  return v;
}

json::value of_kind(const json::value& old, double x) {
  if (old.is_bool()) return x != 0;
  const double whole = std::nearbyint(x);
  if (!old.is_double() && std::abs(whole) < 0x1p63) return static_cast<std::int64_t>(whole);
  return x;
}

namespace {

json::value change(const json::value& old, const std::vector<json::value>& values,
                   const exploration& how, random_stream& random) {
  const auto at =
      std::ranges::find_if(values, [&](const json::value& v) { return same_value(v, old); });
  if (random.uniform() < how.resample_probability || at == values.end())
    return values[random.below(values.size())];
  const bool right = random.below(2) == 1;
  if (right) return std::next(at) == values.end() ? *at : *std::next(at);
  return at == values.begin() ? *at : *std::prev(at);
}

/// Returns the number nearest to `x` that `law` can give.
double nearest_of(const domain& law, double x) {
  if (std::holds_alternative<randn>(law)) return x;
  if (const auto* normal = std::get_if<qrandn>(&law)) return near_multiple(x, normal->q);
  const auto range = dimension_of(law);
  const auto nearest = to_value(law, range ? std::clamp(x, range->low, range->high) : x);
  return real_number(nearest).value_or(x);
}

json::value change(const json::value& old, const domain& law, const exploration& how,
                   random_stream& random) {
  const auto* listed = std::get_if<choice>(&law);
  if (listed && how.keep_bounds) return change(old, listed->values, how, random);
  const auto number = old.is_bool() ? std::optional{old.get_bool() ? 1.0 : 0.0} : real_number(old);
  const bool resample = random.uniform() < how.resample_probability;
  if (resample || !number) {
    auto drawn = draw(law, random);
    const auto x = real_number(drawn);
    return number && x ? of_kind(old, *x) : drawn;
  }
  const double changed = *number * how.factors[random.below(how.factors.size())];
  return of_kind(old, how.keep_bounds ? nearest_of(law, changed) : changed);
}

} // namespace

std::vector<mutation> read_mutations(const json::value& v, std::vector<option_problem>& problems) {
  mutation_reader reader{problems};
  const auto* members = v.if_object();
  if (members && !members->empty())
    reader.read_members(*members, "");
  else
    problems.push_back({std::string{mutations_key},
                        R"(must name what to change, as in {"lr": {"loguniform": [1e-4, 1]}, )"
                        R"("batch_size": [16, 32]}; found )" +
                            (members ? "{}" : describe(v))});
  return std::move(reader).result();
}

config explore(config from, std::span<const mutation> mutations, const exploration& how,
               random_stream& random) {
  for (const auto& m : mutations)
    if (auto* v = find_in(from, m.path))
      *v =
          std::visit([&](const auto& source) { return change(*v, source, how, random); }, m.source);
  return from;
}

} // namespace troupe
