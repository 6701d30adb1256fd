#include "base/json.hpp"
#include "search/recorded_lines.hpp"
#include "search/space/laws.hpp"

#include <troupe/space.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <set>
#include <string>
#include <vector>

using namespace troupe;

namespace {

constexpr std::size_t draws = 20'000;

/// Returns the domain of a line, read as a study file's.
domain domain_of(const boost::json::value& line) {
  const auto* law = find_law(std::string_view{line.at("fn").as_string()});
  REQUIRE(law);
  const auto& args = line.at("args");
  return law->read(law->name == "choice" ? args.at(0) : args).value();
}

std::vector<boost::json::value> draw(const domain& d) {
  const auto space = search_space{}.add("x", d);
  std::vector<boost::json::value> values;
  for (std::uint64_t n = 0; n < draws; ++n)
    values.push_back(sample(space, 11, n).at("x"));
  return values;
}

/// Ray Tune's steps of decimals have the rounding of doubles in their last digits, ours have not.
double rounded(const boost::json::value& v) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.13g", as_number(v));
  return std::strtod(text.data(), nullptr);
}

/// Checks that the distribution functions of two samples agree at the recorded quantiles, at level
/// 1e-4 (Kolmogorov and Smirnov).
void check_quantiles(const boost::json::value& line,
                     const std::vector<boost::json::value>& values) {
  std::vector<double> sorted;
  for (const auto& v : values)
    sorted.push_back(rounded(v));
  std::sort(sorted.begin(), sorted.end());
  const auto share = [&](auto bound) {
    return static_cast<double>(bound - sorted.begin()) / static_cast<double>(sorted.size());
  };
  const double tolerance = 2.23 * std::sqrt(1 / as_number(line.at("n")) + 1.0 / draws);
  const auto& quantiles = line.at("quantiles").as_array();
  REQUIRE(quantiles.size() == 99);
  for (std::size_t i = 0; i < quantiles.size(); ++i) {
    const double q = rounded(quantiles[i]);
    const double level = static_cast<double>(i + 1) / 100;
    CHECK(share(std::lower_bound(sorted.begin(), sorted.end(), q)) <= level + tolerance);
    CHECK(share(std::upper_bound(sorted.begin(), sorted.end(), q)) >= level - tolerance);
  }
}

/// Returns the value that chi-square with `freedom` degrees exceeds with probability 1e-4 (Wilson
/// and Hilferty's approximation).
double chi_square_bound(double freedom) {
  const double spread = 2 / (9 * freedom);
  return freedom * std::pow(1 - spread + 3.719 * std::sqrt(spread), 3);
}

boost::json::value as_compared(const boost::json::value& v) {
  return v.is_number() ? boost::json::value(rounded(v)) : v;
}

/// Checks that the counts of `options` in two samples of one size agree, at level 1e-4. Rare
/// values, of which each sample may lack some, count together.
void check_counts(const boost::json::array& options, const boost::json::array& counts,
                  const std::vector<boost::json::value>& values) {
  REQUIRE(options.size() == counts.size());
  double chi_square = 0, cells = 0, rare_ours = static_cast<double>(values.size()), rare_theirs = 0;
  const auto compare = [&](double ours, double theirs) {
    if (ours + theirs > 0) chi_square += (ours - theirs) * (ours - theirs) / (ours + theirs);
    cells += 1;
  };
  for (std::size_t i = 0; i < options.size(); ++i) {
    const auto option = as_compared(options[i]);
    const auto same = [&](const auto& v) { return same_value(v, option); };
    const auto ours = static_cast<double>(std::count_if(values.begin(), values.end(), same));
    const auto theirs = static_cast<double>(counts[i].as_int64());
    if (ours + theirs < 10) {
      rare_theirs += theirs;
      continue;
    }
    compare(ours, theirs);
    rare_ours -= ours;
  }
  compare(rare_ours, rare_theirs);
  CHECK(chi_square < chi_square_bound(cells));
}

} // namespace

TEST_CASE("every law draws as Ray Tune's does") {
  std::size_t tested = 0;
  for (const auto& line : recorded_lines("space_draws")) {
    CAPTURE(to_text(line.at("fn")));
    CAPTURE(to_text(line.at("args")));
    const auto domain = domain_of(line);
    const auto& fields = line.as_object();
    const auto values = draw(domain);
    for (const auto& v : values)
      REQUIRE(contains(domain, v));
    std::vector<boost::json::value> compared;
    std::ranges::transform(values, std::back_inserter(compared), as_compared);
    if (fields.contains("quantiles")) check_quantiles(line, values);
    if (const auto* whole = fields.if_contains("integer"))
      CHECK(values.front().is_int64() == whole->as_bool());
    if (const auto* picked = std::get_if<choice>(&domain))
      check_counts(boost::json::array(picked->values.begin(), picked->values.end()),
                   fields.at("counts").as_array(), compared);
    else if (fields.contains("counts"))
      check_counts(fields.at("values").as_array(), fields.at("counts").as_array(), compared);
    ++tested;
  }
  CHECK(tested == 35);
}

TEST_CASE("laws with few values draw all of them, and no other") {
  for (const auto& line : recorded_lines("space_draws")) {
    const auto& fields = line.as_object();
    const auto fn = std::string_view{line.at("fn").as_string()};
    if (!fields.contains("values") || fn == "qrandn") continue; // its tails have no end
    CAPTURE(to_text(line.at("args")));
    const auto& options = fields.at("values").as_array();
    std::set<double> known, drawn;
    for (const auto& v : options)
      known.insert(rounded(v));
    for (const auto& v : draw(domain_of(line)))
      drawn.insert(rounded(v));
    CHECK(drawn == known);
  }
}
