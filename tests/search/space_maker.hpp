#pragma once

#include <troupe/random.hpp>
#include <troupe/space.hpp>

#include <boost/json/array.hpp>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

/// Makes search spaces of all sorts: every law but grid_search, constants, nested objects and
/// lists, conditions on conditions, expressions and functions.
class space_maker {
public:
  /// `finite`: only what has an end of values.
  space_maker(troupe::random_stream& random, bool finite) : random_{random}, finite_{finite} {}

  troupe::search_space make() {
    const auto count = random_.below(7);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto path = next_path(i);
      auto d = chance(0.15) ? computed() : law();
      auto when = path.starts_with("list/") && !path.ends_with("/x") ? none() : conditions();
      if (is_number(d) && when.empty() && path.find('/') == path.npos) numbers_.push_back(path);
      space_.add(path, std::move(d), std::move(when));
    }
    return std::move(space_);
  }

private:
  using conditions_of = std::vector<troupe::condition>;

  bool chance(double p) { return random_.uniform() < p; }
  std::int64_t whole(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(high - low)));
  }
  static conditions_of none() { return {}; }

  std::string next_path(std::uint64_t i) {
    const auto name = "p" + std::to_string(i);
    switch (random_.below(6)) {
    case 0:
      return "net/" + name;
    case 1:
      return "net/deep/" + name;
    case 2:
      return "list/" + std::to_string(elements_++) + (chance(0.5) ? "/x" : "");
    default:
      return name;
    }
  }

  static bool is_number(const troupe::domain& d) {
    return !std::holds_alternative<troupe::choice>(d) &&
           !std::holds_alternative<troupe::constant>(d);
  }

  troupe::domain law() { return finite_ || chance(0.4) ? finite_law() : endless_law(); }

  troupe::domain endless_law() {
    using namespace troupe;
    switch (random_.below(6)) {
    case 0:
      return uniform{-2, 3};
    case 1:
      return loguniform{1e-5, 1e-1};
    case 2:
      return randn{1, 2};
    case 3:
      return qrandn{0, 1, 0.25};
    case 4:
      return float_range{1, 10, {}, chance(0.5)};
    default:
      return float_range{-0.5, 0.5};
    }
  }

  troupe::domain finite_law() {
    using namespace troupe;
    const auto low = whole(1, 5);
    switch (random_.below(12)) {
    case 0:
      return constant{boost::json::array{1, "a"}};
    case 1:
      return choice{{"a", "b", "c"}};
    case 2:
      return choice{{0.5, 1, nullptr, 1.0}};
    case 3:
      return randint{low - 3, low + whole(1, 6)};
    case 4:
      return quniform{-0.5, 1, 0.25};
    case 5:
      return qloguniform{0.1, 0.8, 0.1};
    case 6:
      return qrandint{low, low + 9, 3};
    case 7:
      return lograndint{low, low + 5};
    case 8:
      return qlograndint{low, low + 9, 4};
    case 9:
      return float_range{0, 1, 0.3};
    case 10:
      return int_range{low, low + whole(0, 6), chance(0.5) ? 2 : 1};
    default:
      return int_range{low, 20, 1, true};
    }
  }

  /// An expression or a function, of a number if there is one.
  troupe::domain computed() {
    using namespace troupe;
    if (chance(0.3))
      return sample_from{[](const config& c, random_stream&) {
        return boost::json::value(static_cast<std::int64_t>(c.size()));
      }};
    if (!finite_ && chance(0.3)) return expression{"2 ^ randint(2, 9)"};
    if (numbers_.empty()) return expression{"3 / 2"};
    return expression{"2 * " + numbers_[random_.below(numbers_.size())] + " + 1"};
  }

  /// None, or one on an earlier parameter with a value that it can have.
  conditions_of conditions() {
    if (space_.entries().empty() || chance(0.6)) return {};
    const auto& other = space_.entries()[random_.below(space_.entries().size())];
    const bool is_known = !std::holds_alternative<troupe::expression>(other.domain) &&
                          !std::holds_alternative<troupe::sample_from>(other.domain);
    conditions_of when{{other.path, {}}};
    for (int tries = 0; tries < 5 && is_known; ++tries) {
      const auto c = troupe::sample(space_, random_(), 0);
      if (const auto* v = troupe::find(c, other.path)) when[0].values.push_back(*v);
    }
    return when[0].values.empty() ? none() : when;
  }

  troupe::random_stream& random_;
  bool finite_;
  troupe::search_space space_;
  std::vector<std::string> numbers_; ///< Paths that every configuration has.
  int elements_ = 0;                 ///< Of the list.
};
