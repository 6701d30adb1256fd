#include "study/json.hpp"

#include <troupe/space.hpp>

#include <doctest/doctest.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

using namespace troupe;

namespace {

constexpr std::size_t draws = 20'000;

/// Returns the lines of the recorded draws of Ray Tune's laws.
std::vector<boost::json::value> recorded_draws() {
  const auto file = std::unique_ptr<gzFile_s, int (*)(gzFile)>{
      gzopen(TROUPE_VECTORS "/space_draws.jsonl.gz", "rb"), gzclose};
  REQUIRE(file);
  std::string text;
  std::vector<char> buffer(1 << 16);
  for (int n = 0;
       (n = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()))) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(n));
  std::vector<boost::json::value> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    lines.push_back(parse_json(std::string_view{text}.substr(begin, end - begin)));
    begin = end + 1;
  }
  return lines;
}

/// Returns the domain of a line, or a constant for a law that is not tested here.
domain domain_of(const boost::json::value& line) {
  const auto& args = line.at("args").as_array();
  const auto arg = [&](std::size_t i) { return as_number(args.at(i)); };
  const auto fn = std::string_view{line.at("fn").as_string()};
  if (fn == "uniform") return uniform{arg(0), arg(1)};
  if (fn == "loguniform") return loguniform{arg(0), arg(1)};
  if (fn == "randint") return randint{args.at(0).as_int64(), args.at(1).as_int64()};
  if (fn != "choice") return constant{};
  const auto& values = args.at(0).as_array();
  return choice{{values.begin(), values.end()}};
}

std::vector<boost::json::value> draw(const domain& d) {
  const auto space = search_space{}.add("x", d);
  std::vector<boost::json::value> values;
  for (std::uint64_t n = 0; n < draws; ++n)
    values.push_back(sample(space, 11, n).at("x"));
  return values;
}

/// Checks that the distribution functions of two samples agree at the recorded quantiles, at level
/// 1e-4 (Kolmogorov and Smirnov).
void check_quantiles(const boost::json::value& line,
                     const std::vector<boost::json::value>& values) {
  std::vector<double> sorted;
  for (const auto& v : values)
    sorted.push_back(as_number(v));
  std::sort(sorted.begin(), sorted.end());
  const auto share = [&](auto bound) {
    return static_cast<double>(bound - sorted.begin()) / static_cast<double>(sorted.size());
  };
  const double tolerance = 2.23 * std::sqrt(1 / as_number(line.at("n")) + 1.0 / draws);
  const auto& quantiles = line.at("quantiles").as_array();
  REQUIRE(quantiles.size() == 99);
  for (std::size_t i = 0; i < quantiles.size(); ++i) {
    const double q = as_number(quantiles[i]);
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

/// Checks that the counts of `options` in two samples of one size agree, at level 1e-4.
void check_counts(const boost::json::array& options, const boost::json::array& counts,
                  const std::vector<boost::json::value>& values) {
  REQUIRE(options.size() == counts.size());
  double chi_square = 0;
  std::size_t known = 0;
  for (std::size_t i = 0; i < options.size(); ++i) {
    const auto found = std::count(values.begin(), values.end(), options[i]);
    const auto difference = static_cast<double>(found - counts[i].as_int64());
    chi_square += difference * difference / static_cast<double>(found + counts[i].as_int64());
    known += static_cast<std::size_t>(found);
  }
  CHECK(known == values.size());
  CHECK(chi_square < chi_square_bound(static_cast<double>(options.size()) - 1));
}

} // namespace

TEST_CASE("every law draws as Ray Tune's does") {
  std::size_t tested = 0;
  for (const auto& line : recorded_draws()) {
    const auto domain = domain_of(line);
    if (std::holds_alternative<constant>(domain)) continue;
    CAPTURE(to_text(line.at("args")));
    const auto& fields = line.as_object();
    const auto values = draw(domain);
    if (fields.contains("quantiles")) check_quantiles(line, values);
    if (const auto* picked = std::get_if<choice>(&domain))
      check_counts(boost::json::array(picked->values.begin(), picked->values.end()),
                   fields.at("counts").as_array(), values);
    else if (fields.contains("counts"))
      check_counts(fields.at("values").as_array(), fields.at("counts").as_array(), values);
    ++tested;
  }
  CHECK(tested == 12);
}
