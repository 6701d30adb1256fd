#pragma once

#include "base/option_problem.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

struct plugin;

/// The numbers that an option may be. Both ends are finite, and what becomes a size, a count of
/// work or a duration has an upper end that a program can bear.
struct number_range {
  double low, high;
  bool without_low = false; ///< `low` itself is not allowed. `high` always is.

  constexpr bool has(double x) const noexcept {
    return (without_low ? x > low : x >= low) && x <= high;
  }
};

/// Names for ends that have no meaning of their own.
/// @{
constexpr double least_number = std::numeric_limits<double>::lowest();
constexpr double most_number = std::numeric_limits<double>::max();
constexpr double most_time = 1e15;             ///< Iterations or seconds, exact to 1/8.
constexpr double most_iterations = 2147483647; ///< Iterations are ints.
constexpr double most_trials = 4294967295;     ///< Numbers of trials are 32 bits.
constexpr double most_values = 100'000;        ///< To be computed one after the other.
/// @}

constexpr number_range from(double low, double high) noexcept {
  return {low, high};
}
constexpr number_range above(double low, double high) noexcept {
  return {low, high, true};
}

/// A value of a form of its own, such as a list of bounds.
struct option_form {
  std::string_view words;  ///< What it must be, without "must be": "a list of numbers".
  std::string_view schema; ///< A JSON Schema of what may stand there, as JSON.

  /// Returns the value as it is written out. Appends what is wrong, with paths that begin with
  /// `key`.
  boost::json::value (*read)(std::string_view key, const boost::json::value& given,
                             std::vector<option_problem>& problems);
};

enum class option_type : std::uint8_t {
  truth,  ///< true or false
  whole,  ///< a whole number in `range`
  number, ///< a number in `range`
  text,   ///< a text that is not empty
  word,   ///< one of `words`
  nested, ///< {"name": one of `inner`, …its options}
  formed, ///< as `form` says
};

/// One option of a plugin: all that is to be known of it, for whoever reads, lists or documents it.
struct option {
  std::string_view key;
  option_type type;

  /// What it says: "how many trials at once; paused ones count". A message that it is missing has
  /// the words up to the first semicolon or colon.
  std::string_view help;

  /// The value if it is not given, as JSON. Empty: it stays away, or is `required`.
  std::string_view fallback{};

  bool required = false;

  /// Whether it is left out of what is written if it has its fallback.
  bool silent = false;

  /// A value that may be given, as JSON: for what has no other, or none that serves.
  std::string_view example{};

  /// A value that may stand in place of those of `type`, as JSON: null, "auto".
  std::string_view instead{};

  number_range range{least_number, most_number};
  std::span<const std::string_view> words{};
  std::vector<const plugin*> (*inner)() = nullptr;
  const option_form* form = nullptr;
};

/// What was given, complete, and each option right by itself.
class option_values;

/// What a study file can name, with options: {"name": NAME, …options}.
struct plugin {
  std::string_view name;
  std::string_view summary; ///< One line, without a full stop.
  std::span<const option> options{};

  /// Appends what is wrong with options that are right one by one. May be null.
  void (*check)(const option_values& values, std::vector<option_problem>& problems) = nullptr;
};

using plugin_list = std::vector<const plugin*>;

/// Returns the one called `name`, or null.
const plugin* find_plugin(const plugin_list& known, std::string_view name);

/// Returns all options that `p` has, as they are written out: in the order of its table, defaults
/// included. What is wrong is appended to `problems`, with paths from the options on; what has a
/// problem has its default in what is returned.
boost::json::object read_options(const plugin& p, const boost::json::object& given,
                                 std::vector<option_problem>& problems);

/// Reads `{"name": NAME, …options}` likewise; what is returned begins with the name, and is empty
/// if that is not one of `known`. `kind` is what messages call it: "searcher".
boost::json::object read_named(const boost::json::object& given, std::string_view kind,
                               const plugin_list& known, std::vector<option_problem>& problems);

/// Returns what may stand at an option: `null or a number above 0, at most 1e+15`.
std::string allowed(const option& o);

} // namespace troupe
