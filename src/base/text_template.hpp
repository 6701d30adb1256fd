#pragma once

#include <troupe/config.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// A text in which parameters may stand: an argument of a command, or what trials are called.
///
///     --lr={lr}    {optimizer/momentum}    {{not one}}
///
/// {TROUPE_TRIAL} is the trial's id. Each trial gets it with its own values. As an argument it
/// stays one whatever those are: no shell reads it.
class text_template {
public:
  /// Throws std::invalid_argument, saying what is wrong, for a brace without its counterpart, an
  /// empty placeholder, and a NUL, which no argument can have.
  explicit text_template(std::string_view text);

  /// Returns the paths of the parameters that stand in it, in order.
  std::vector<std::string> parameters() const;

  /// Returns whether the trial's id stands in it.
  bool has_trial() const;

  /// Returns the text for the configuration of a trial; a parameter that is absent from it is
  /// an empty text. Throws std::invalid_argument if a value has a NUL.
  std::string fill(const config& c, std::string_view trial_id) const;

private:
  static constexpr std::string_view trial_name = "TROUPE_TRIAL";

  struct part {
    std::string text; ///< The path, if it is a parameter.
    bool is_parameter = false;
  };

  void add_text(std::string_view text);
  std::size_t add_placeholder(std::string_view text, std::size_t brace);

  std::vector<part> parts_;
};

/// Throws std::invalid_argument if a text that a process is to be given has a NUL.
void check_no_nul(std::string_view text);

/// Returns a parameter's value as an argument: texts as they are; all else as JSON, in which
/// numbers read back exactly.
std::string argument_text(const boost::json::value& v);

} // namespace troupe
