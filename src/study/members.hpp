#pragma once

#include "base/values.hpp"
#include "study/fault.hpp"

#include <boost/json/object.hpp>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

/// The least that a number may be.
struct lower_bound {
  double value;
  bool included;
};

constexpr lower_bound at_least(double x) noexcept {
  return {x, true};
}
constexpr lower_bound above(double x) noexcept {
  return {x, false};
}

/// Reads the members of one object of a study file. A member that is absent leaves its target as it
/// is, which is how defaults are given; one that is wrong does so too, and adds a fault.
///
///     auto in = member_reader{object, "resources", faults};
///     in.read("cpu", r.cpu, at_least(0));
///     in.refuse_others();
class member_reader {
public:
  /// The object and the faults must outlive the reader.
  member_reader(const boost::json::object& object, std::string path, fault_list& faults)
      : object_{object},
        path_{std::move(path)},
        faults_{faults} {}

  const boost::json::object& object() const noexcept { return object_; }

  /// Returns the member, which counts as known from now on, or null.
  const boost::json::value* take(std::string_view key);

  /// Returns a reader of the object that stands at `key`; none if it is absent or not an object.
  /// `example` shows what may stand there.
  std::optional<member_reader> take_object(std::string_view key, std::string_view example);

  /// The same for a list of objects; those that are none are faults, and left out.
  std::vector<member_reader> take_objects(std::string_view key, std::string_view example);

  /// Reads a text that is not empty. These and the following return whether `out` was set.
  bool read(std::string_view key, std::string& out);
  bool read(std::string_view key, bool& out);
  bool read(std::string_view key, double& out);
  bool read(std::string_view key, double& out, lower_bound bound);

  /// Reads a whole number from `least` up to what T holds.
  template <std::unsigned_integral T>
  bool read(std::string_view key, T& out, std::uint64_t least) {
    const auto n = read_count(key, least, std::numeric_limits<T>::max());
    if (n) out = static_cast<T>(*n);
    return n.has_value();
  }

  template <class T, class Bound>
  bool read(std::string_view key, std::optional<T>& out, Bound bound) {
    T value{};
    const bool is_set = read(key, value, bound);
    if (is_set) out = value;
    return is_set;
  }

  /// Adds a fault if there is no member `key`; `meaning` says what it is for.
  void require(std::string_view key, std::string_view meaning);

  /// Returns whether there is a member `key`, without making it known.
  bool contains(std::string_view key) const { return object_.contains(key); }

  /// Adds a fault at the member `key`, or at the object itself if `key` is empty.
  void refuse(std::string_view key, std::string problem);

  /// Adds a fault for each member that nobody asked for, and suggests one of those asked for;
  /// `hint` if none is near. Members of which the caller has said more already are left `out`.
  void refuse_others(std::initializer_list<std::string_view> out = {}, std::string_view hint = {});

private:
  std::optional<std::uint64_t> read_count(std::string_view key, std::uint64_t least,
                                          std::uint64_t most);

  const boost::json::object& object_;
  std::string path_;
  fault_list& faults_;
  std::vector<std::string_view> known_;
};

} // namespace troupe
