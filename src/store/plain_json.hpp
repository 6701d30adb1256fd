#pragma once

#include <troupe/config.hpp>
#include <troupe/metrics.hpp>

#include <charconv>
#include <concepts>
#include <string_view>
#include <system_error>

namespace troupe {

/// Reads JSON as Troupe's own files mostly have it, token by token and without building values: no
/// escapes, no letters beyond ASCII, no numbers beyond the range of their types, spaces alone
/// between tokens. What it reads, it reads as parse_json does; of anything else it says only that
/// it is not plain, and is of no use any more.
class plain_json {
public:
  explicit plain_json(std::string_view text) noexcept
      : at_{text.data()},
        end_{text.data() + text.size()} {}

  /// Goes on behind `token`, a punctuation mark, if that is next.
  bool take(char token) noexcept {
    skip_spaces();
    if (at_ == end_ || *at_ != token) return false;
    ++at_;
    return true;
  }

  /// The same for null, true and false.
  bool take_word(std::string_view word) noexcept;

  /// Returns whether nothing is left.
  bool at_end() noexcept {
    skip_spaces();
    return at_ == end_;
  }

  /// Reads what comes next; false if it is not plain, or no such thing.
  /// @{
  bool read(std::string_view& text) noexcept; ///< A string; the view is one of the text.
  bool read(double& x) noexcept;              ///< A number.
  template <std::integral T>
  bool read(T& n) noexcept {
    bool whole = false;
    const auto digits = number(whole);
    return whole && read_all(digits, n);
  }
  bool read(config& out); ///< An object that may have objects in it.
  bool read(metrics& out);
  /// @}

private:
  template <class T>
  static bool read_all(std::string_view digits, T& out) noexcept {
    const auto* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, out);
    return error == std::errc{} && stop == end;
  }

  void skip_spaces() noexcept {
    while (at_ != end_ && *at_ == ' ')
      ++at_;
  }

  bool skip_digits() noexcept;
  std::string_view number(bool& whole) noexcept;
  bool read_value(boost::json::value& out);
  template <class Object, class Member>
  bool read_members(Object& out, Member read_one);

  const char* at_;
  const char* end_;
  int depth_ = 0; ///< Of objects within objects.
};

} // namespace troupe
