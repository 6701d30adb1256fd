#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Reads the options of a scheduler or rule. An option that is absent leaves its target as it is,
/// which is how defaults are given; one that is wrong throws std::invalid_argument, "RULE: OPTION
/// must be …".
///
///     option_reader in{"threshold", options};
///     in.read("n_warmup_steps", warmup, 0);
///     in.finish();
class option_reader {
public:
  /// Both must outlive the reader.
  option_reader(std::string_view rule, const boost::json::object& given)
      : rule_{rule},
        given_{given} {}

  /// Returns the option, which counts as known from now on, or null.
  const boost::json::value* take(std::string_view option);

  void read(std::string_view option, bool& out);
  void read(std::string_view option, std::string& out);

  /// Reads a whole number from `least` on.
  void read(std::string_view option, std::uint32_t& out, std::uint32_t least);

  /// Reads a whole number from `least` on, or "auto", which is none.
  void read_or_auto(std::string_view option, std::optional<std::uint32_t>& out,
                    std::uint32_t least);

  /// Reads a number from `least` to `most`; without `most`, a finite one.
  void read(std::string_view option, double& out, double least, double most);
  void read(std::string_view option, double& out, double least);

  /// Reads a number that is not NaN, or null, which is none.
  void read_or_null(std::string_view option, std::optional<double>& out);

  /// Refuses the options if this one is absent.
  void require(std::string_view option) const;

  /// Refuses the options if there is one that nobody asked for.
  void finish() const;

  [[noreturn]] void refuse(std::string_view option, std::string_view problem) const;

private:
  std::string_view rule_;
  const boost::json::object& given_;
  std::vector<std::string_view> known_;
};

} // namespace troupe
