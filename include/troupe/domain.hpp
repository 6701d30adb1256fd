#pragma once

#include <troupe/config.hpp>
#include <troupe/random.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace troupe {

class search_space;

/// The laws that a parameter can be drawn by. The first group has the names, bounds and laws of Ray
/// Tune 2.60, the second is Optuna's. Mind where they differ: most upper bounds are excluded, those
/// of the quantized laws and of Optuna's are included.
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

/// One of the values, each equally likely; a value that is listed twice is twice as likely, but
/// one value to searchers that learn or enumerate.
struct choice {
  std::vector<boost::json::value> values;
};

/// A draw of uniform, rounded to a multiple of `q`: the ends `low` and `high` are both drawn, but
/// each **half as often** as the multiples between. low and high must be multiples of q > 0.
struct quniform {
  double low, high, q;
};

/// A draw of loguniform, rounded to a multiple of `q`; as there the multiples at both ends get only
/// the half of their interval that lies inside. low and high must be multiples of q > 0, 0 < low.
struct qloguniform {
  double low, high, q;
};

/// A normally distributed double; it has no bounds. sd > 0.
struct randn {
  double mean = 0, sd = 1;
};

/// A draw of randn, rounded to a multiple of `q` > 0.
struct qrandn {
  double mean, sd, q;
};

/// A multiple of `q` in [low, high], each equally likely: `high` is **included** if it is a
/// multiple. With q = 1, however, it is randint, and `high` is excluded.
struct qrandint {
  std::int64_t low, high, q;
};

/// floor(exp(U)) with U uniform on [ln low, ln high): an integer from low to high - 1; `high` is
/// never drawn. 1 <= low < high.
struct lograndint {
  std::int64_t low, high;
};

/// A multiple k q in [low, high], `high` **included** if it is a multiple; k is drawn as by
/// lograndint. With q = 1, however, it is lograndint, and `high` is excluded. 1 <= low < high.
struct qlograndint {
  std::int64_t low, high, q;
};

/// All of the values, one after the other: see docs/formats.md. It counts as a part of the study's
/// plan, so its trials come in a known order, and their number is known.
struct grid_search {
  std::vector<boost::json::value> values;

  /// Values that are to be drawn, or enumerated, themselves: `inside[i]`, if it is there and not
  /// null, has all of value i as the parameter "value", and `values[i]` does not count.
  std::vector<std::shared_ptr<const search_space>> inside{};
};

/// Optuna's float: uniform on [low, high], or log-uniform; with a `step`, one of low, low + step, …
/// up to `high`, each equally likely. low <= high; 0 < low with `log`, which excludes `step`.
struct float_range {
  double low, high;
  std::optional<double> step{};
  bool log = false;
};

/// Optuna's int: one of low, low + step, … up to `high`, which is included, each equally likely;
/// with `log` round(exp(U)), U uniform on [ln(low - 1/2), ln(high + 1/2)), as Optuna draws it.
/// low <= high; 1 <= low and step = 1 with `log`.
struct int_range {
  std::int64_t low, high;
  std::int64_t step = 1;
  bool log = false;
};

/// The value of an expression in Lua 5.4, like `2 ^ randint(2, 9)` or `lr / batch_size`. It may
/// draw by the names of the laws, use `math`, and read other parameters by name (nested ones as
/// tables: `optimizer.lr`; lists count from 1; absent ones are nil). A float with an integral value
/// becomes an integer.
struct expression {
  std::string text;

  friend bool operator==(const expression&, const expression&) = default;
};

/// What a function returns: a domain of C++ programs, which no study file can express. It is called
/// after everything that does not depend on it has been drawn, with the configuration so far, and
/// draws from the stream that it is given. Several are called in the order of the space.
struct sample_from {
  std::function<boost::json::value(const config&, random_stream&)> function;
};
/// @}

using domain = std::variant<constant, uniform, loguniform, randint, choice, quniform, qloguniform,
                            randn, qrandn, qrandint, lograndint, qlograndint, grid_search,
                            float_range, int_range, expression, sample_from>;

/// Says why nothing can be drawn from `d`, or returns an empty string if something can.
std::string impossible(const domain& d);

/// Returns whether a draw from `d` may be `v`: bounds and multiples are checked, up to the rounding
/// of doubles. Always true for a domain whose values are not known beforehand.
bool contains(const domain& d, const boost::json::value& v);

/// Returns whether two values are the same parameter: texts, true, false and null by themselves,
/// numbers by what they are worth (1 and 1.0 are the same), lists and objects by what is in them.
bool same_value(const boost::json::value& a, const boost::json::value& b);

} // namespace troupe
