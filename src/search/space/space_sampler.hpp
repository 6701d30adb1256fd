#pragma once

#include "search/space/space_order.hpp"

#include <troupe/space.hpp>

#include <cstdint>
#include <optional>
#include <string>
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

  /// The same for entry `i` alone: whatever it needs must be settled before.
  void settle(std::size_t i, std::uint64_t seed, std::uint64_t number, space_values& values) const;

  /// Returns what the parameters need of each other.
  const space_order& order() const noexcept { return order_; }

  /// Returns the configuration that has these values, in the order of the space.
  config assemble(const space_values& values) const;

private:
  /// A condition, and the entry that it is on.
  struct requirement {
    std::size_t on;
    const std::vector<boost::json::value>* values;
  };

  bool is_active(std::size_t i, const space_values& values) const;
  boost::json::value draw_one(std::size_t i, random_stream random,
                              const space_values& values) const;
  config known_to(std::size_t i, const space_values& values) const;

  const search_space& space_;
  space_order order_;
  std::vector<std::string> purposes_; ///< Per entry, the name of its stream of random numbers.
  std::vector<std::vector<requirement>> requirements_; ///< Per entry.
};

/// Puts `v` at `path` of a configuration, with all that lies above it. Indices of lists are added
/// in order.
void place(config& c, std::string_view path, boost::json::value v);

} // namespace troupe
