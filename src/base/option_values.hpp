#pragma once

#include "base/options.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// The options of a plugin, complete and typed.
///
///     const auto in = option_values::of(tpe_plugin, s.searcher.options);
///     options.n_ei_candidates = in.count("n_ei_candidates");
class option_values {
public:
  /// Reads them by the plugin's table. Throws std::invalid_argument with all that is wrong with
  /// them: "tpe: prior_weight: must be a number above 0; found 0".
  static option_values of(const plugin& p, const boost::json::object& given);

  /// `all` are options as read_options returns them, for what was `given`, which must outlive this.
  option_values(boost::json::object all, const boost::json::object& given)
      : all_{std::move(all)},
        given_{&given} {}

  /// Returns whether the option was given, and is not only there by default.
  bool given(std::string_view key) const { return given_->contains(key); }

  /// Returns the option; null if it is absent.
  const boost::json::value* find(std::string_view key) const { return all_.if_contains(key); }

  /// Return the option, which is of this type, and is there.
  /// @{
  const boost::json::value& at(std::string_view key) const { return all_.at(key); }
  bool truth(std::string_view key) const { return at(key).as_bool(); }
  double number(std::string_view key) const { return at(key).to_number<double>(); }
  std::string text(std::string_view key) const { return std::string{at(key).as_string()}; }
  std::uint32_t count(std::string_view key) const { return at(key).to_number<std::uint32_t>(); }
  /// @}

  /// Return the option; none if it is absent, or something else stands in its place, as null.
  /// @{
  std::optional<double> maybe_number(std::string_view key) const;
  std::optional<std::uint32_t> maybe_count(std::string_view key) const;
  std::optional<bool> maybe_truth(std::string_view key) const;
  std::optional<std::string> maybe_text(std::string_view key) const;
  /// @}

private:
  boost::json::object all_;
  const boost::json::object* given_;
};

} // namespace troupe
