#pragma once

#include "search/space_order.hpp"

#include <troupe/space.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace troupe {

/// One value per entry of a space, if it has one.
using space_values = std::vector<std::optional<boost::json::value>>;

/// Draws configurations of one space. It knows in which order its parameters need each other.
class space_sampler {
public:
  /// The space must outlive the sampler. Throws std::invalid_argument if it has problems.
  explicit space_sampler(const search_space& space);

  /// Draws configuration `number` of the study with `seed`, but takes those values that `given`
  /// has. Values of parameters whose conditions do not hold are taken away. Grid values must be
  /// given. Throws std::invalid_argument, naming the parameter, if an expression fails.
  void draw(std::uint64_t seed, std::uint64_t number, space_values& given) const;

  /// Returns the configuration that has these values, in the order of the space.
  config assemble(const space_values& values) const;

private:
  bool is_active(const search_space::entry& e, const space_values& values) const;
  boost::json::value draw_one(std::size_t i, random_stream random,
                              const space_values& values) const;
  config known_to(std::size_t i, const space_values& values) const;

  const search_space& space_;
  space_order order_;
};

/// Puts `v` at `path` of a configuration, with all that lies above it. Indices of lists are added
/// in order.
void place(config& c, std::string_view path, boost::json::value v);

} // namespace troupe
