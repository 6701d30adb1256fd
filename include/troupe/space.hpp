#pragma once

#include <troupe/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe {

/// The laws that a parameter can be drawn by. Names and bounds are Ray Tune's (2.60).
/// @{

/// Always the same value.
struct constant {
  boost::json::value value;
};

/// A double, uniform on [low, high). Both finite, low < high.
struct uniform {
  double low, high;
};

/// exp(U) with U uniform on [ln low, ln high): a double whose logarithm is uniform. 0 < low < high.
struct loguniform {
  double low, high;
};

/// An integer, uniform on low, …, high - 1: `high` itself is never drawn. low < high.
struct randint {
  std::int64_t low, high;
};

/// One of the values, each equally likely; a value that is listed twice is twice as likely.
struct choice {
  std::vector<boost::json::value> values;
};
/// @}

using domain = std::variant<constant, uniform, loguniform, randint, choice>;

/// What configurations a study draws from: domains by path, in the order of the study file.
///
///     auto s = search_space{}
///       .add("lr", loguniform{1e-4, 1e-1})
///       .add("optimizer/momentum", constant{0.9});
class search_space {
public:
  struct entry {
    std::string path; ///< Nested names are joined by "/".
    troupe::domain domain;
  };

  /// Adds a parameter. A part of a path that is a number is the index of a list; indices are added
  /// in order, from 0. Throws std::invalid_argument, saying what is wrong, for a domain that
  /// nothing can be drawn from, and for a path that is taken or lies inside another's.
  search_space& add(std::string path, troupe::domain d);

  const std::vector<entry>& entries() const noexcept { return entries_; }

  /// Returns the domain at `path`, or null.
  const domain* find(std::string_view path) const noexcept;

private:
  std::vector<entry> entries_;
};

/// Says why nothing can be drawn from `d`, or returns an empty string if something can.
std::string impossible(const domain& d);

/// Draws configuration `number` of the study with `seed`. Each parameter has its own stream of
/// random numbers, so the draw depends on (seed, number, path, law) alone.
config sample(const search_space&, std::uint64_t seed, std::uint64_t number);

} // namespace troupe
