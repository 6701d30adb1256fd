#pragma once

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Reads the options of a scheduler one by one. An option that is absent leaves its target as it
/// is, which is how defaults are given. Everything throws std::invalid_argument that begins with
/// the scheduler's name and names the option.
class option_reader {
public:
  /// The object must outlive the reader.
  option_reader(std::string_view scheduler, const boost::json::object& given)
      : scheduler_{scheduler},
        given_{given} {}

  void read(std::string_view key, bool& out);
  void read(std::string_view key, std::string& out);
  /// Reads a finite number of at least `least`.
  void read(std::string_view key, double& out, double least);
  /// Reads a whole number of at least 0.
  void read(std::string_view key, std::size_t& out);

  /// Refuses all options that nobody asked for.
  void refuse_others() const;

  /// Refuses the option: it must be `wanted`.
  [[noreturn]] void refuse(std::string_view key, std::string_view wanted) const;

private:
  const boost::json::value* take(std::string_view key);

  std::string scheduler_;
  const boost::json::object& given_;
  std::vector<std::string_view> known_;
};

} // namespace troupe
