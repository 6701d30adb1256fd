#include "study/json.hpp"
#include "study/path.hpp"

#include <troupe/random.hpp>
#include <troupe/space.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace troupe {

namespace json = boost::json;

namespace {

template <class Bound>
std::string found(Bound low, Bound high) {
  return "; found " + to_text(json::array{low, high});
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
};

struct domain_draw {
  random_stream& random;

  json::value operator()(const constant& d) const { return d.value; }

  json::value operator()(const uniform& d) const {
    const double x = d.low + (d.high - d.low) * random.uniform();
    return x < d.high ? x : std::nextafter(d.high, d.low); // the sum may have been rounded up
  }

  json::value operator()(const loguniform& d) const {
    const double low = std::log(d.low);
    const double x = std::exp(low + (std::log(d.high) - low) * random.uniform());
    return std::clamp(x, d.low, d.high);
  }

  json::value operator()(const randint& d) const {
    const auto low = static_cast<std::uint64_t>(d.low);
    const auto count = static_cast<std::uint64_t>(d.high) - low;
    return static_cast<std::int64_t>(low + random.below(count));
  }

  json::value operator()(const choice& d) const { return d.values[random.below(d.values.size())]; }
};

[[noreturn]] void refuse(std::string_view path, std::string_view problem) {
  throw std::invalid_argument{"parameter \"" + std::string{path} + "\": " + std::string{problem}};
}

/// Returns the part of `path` after its first `size` characters and the slash.
std::string_view below(std::string_view path, std::size_t size) noexcept {
  return path.substr(size == 0 ? 0 : size + 1);
}

/// Checks that `part`, to be added below the first `size` characters of `path`, goes with what is
/// there: names or the next index of a list.
void check_part(const std::vector<search_space::entry>& entries, std::string_view path,
                std::size_t size, std::string_view part) {
  const auto parent = path.substr(0, size);
  const auto index = list_index(part);
  if (part.empty()) refuse(path, "a name is empty");
  if (index && parent.empty()) refuse(path, "a number is the index of a list, and here is none");
  std::size_t next = 0;
  for (const auto& entry : entries) {
    if (!lies_in(entry.path, parent)) continue;
    const auto sibling = list_index(split_first(below(entry.path, size)).first);
    if (sibling.has_value() != index.has_value())
      refuse(path, "\"" + std::string{parent} + "\" has both names and numbers below it");
    if (sibling) next = std::max(next, *sibling + 1);
  }
  if (index && *index > next)
    refuse(path,
           "the elements of a list are added in order, from 0; next is " + std::to_string(next));
}

void check_path(const std::vector<search_space::entry>& entries, std::string_view path) {
  for (const auto& entry : entries)
    if (lies_in(entry.path, path) || lies_in(path, entry.path))
      refuse(path, "\"" + entry.path + "\" is there already");
  std::size_t size = 0;
  do {
    const auto part = split_first(below(path, size)).first;
    check_part(entries, path, size, part);
    size += part.size() + (size == 0 ? 0 : 1);
  } while (size < path.size());
}

json::value& child(json::value& parent, std::string_view part) {
  if (const auto index = list_index(part)) {
    auto& list = parent.is_array() ? parent.get_array() : parent.emplace_array();
    if (*index == list.size()) list.emplace_back(nullptr);
    return list[*index];
  }
  auto& object = parent.is_object() ? parent.get_object() : parent.emplace_object();
  return object[part];
}

void place(config& c, std::string_view path, json::value v) {
  auto [part, rest] = split_first(path);
  auto* slot = &c[part];
  while (!rest.empty()) {
    std::tie(part, rest) = split_first(rest);
    slot = &child(*slot, part);
  }
  *slot = std::move(v);
}

} // namespace

search_space& search_space::add(std::string path, troupe::domain d) {
  check_path(entries_, path);
  const auto problem = impossible(d);
  if (!problem.empty()) refuse(path, problem);
  entries_.push_back({std::move(path), std::move(d)});
  return *this;
}

const domain* search_space::find(std::string_view path) const noexcept {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const entry& e) { return e.path == path; });
  return found == entries_.end() ? nullptr : &found->domain;
}

std::string impossible(const domain& d) {
  return std::visit(domain_check{}, d);
}

config sample(const search_space& space, std::uint64_t seed, std::uint64_t number) {
  config c;
  for (const auto& entry : space.entries()) {
    auto random = random_stream{seed, number, "space/" + entry.path};
    place(c, entry.path, std::visit(domain_draw{random}, entry.domain));
  }
  return c;
}

} // namespace troupe
