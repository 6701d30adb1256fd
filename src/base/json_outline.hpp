#pragma once

#include "base/json.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace troupe {

/// Walks over a JSON text token by token and knows where it is: finds the positions of members and
/// elements in a text that is JSON, and says what was expected in one that is not.
///
/// Boost.JSON's parser tells neither; it decides what is JSON, and this class follows.
class json_outline {
public:
  /// `text` must outlive the outline. `lenient` texts may have comments and trailing commas.
  json_outline(std::string_view text, bool lenient) : text_{text}, lenient_{lenient} {}

  /// Walks over the whole of a text that is JSON, noting positions and duplicates in `document`.
  void locate(json_document& document);

  /// Says what is wrong at `offset`, where the parser gave up.
  std::string explain(std::size_t offset);

private:
  enum class expectation { value, name, colon, separator, end };

  struct token {
    std::size_t begin = 0;
    std::string_view text; ///< Empty at the end of the text.
    char kind() const noexcept { return text.empty() ? '\0' : text.front(); }
  };

  /// An object or list that is still open.
  struct frame {
    bool is_object;
    std::size_t begin;
    std::string path;
    std::size_t index = 0; ///< Of the element that comes next.
    std::unordered_set<std::string> names{};
  };

  token next();
  void skip_blanks();
  std::size_t token_size() const;
  void take(const token& t, json_document& document);
  void open(const token& t);
  void close();
  void begin_value(const token& t, json_document& document);
  void take_name(const token& t, json_document& document);
  std::string expected() const;
  text_position position(std::size_t offset);

  std::string_view text_;
  bool lenient_;
  std::size_t offset_ = 0;
  std::size_t counted_ = 0; ///< Up to here, lines are counted.
  std::size_t line_start_ = 0;
  int line_ = 1;
  expectation expects_ = expectation::value;
  bool may_close_ = false; ///< Whether the open object or list may end here instead.
  std::string path_;       ///< Of the value that comes next.
  std::vector<frame> open_;
};

/// Returns the line and column of `offset` in `text`.
text_position position_of(std::string_view text, std::size_t offset) noexcept;

} // namespace troupe
