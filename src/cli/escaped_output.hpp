#pragma once

#include <ostream>
#include <streambuf>
#include <string>

namespace troupe {

/// While it lives, whatever is written to a stream is escaped (append_escaped): names, parameters
/// and messages cannot disturb the terminal, and JSON stays the same JSON. Here, and in `terminal`,
/// all that Troupe prints passes by.
///
/// What the stream cannot take throws output_error inside it: the stream goes bad, and who has set
/// its exceptions() to badbit gets the error itself.
class escaped_output final : private std::streambuf {
public:
  /// `stream` must outlive the object, and nobody else may change its buffer meanwhile.
  explicit escaped_output(std::ostream& stream) : stream_{stream}, target_{*stream.rdbuf(this)} {}
  ~escaped_output() override;
  escaped_output(const escaped_output&) = delete;
  escaped_output& operator=(const escaped_output&) = delete;

  /// Writes all that has come, also a character that is not whole. Throws output_error.
  void finish();

private:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;
  void pass_on(bool everything);

  std::ostream& stream_;
  std::streambuf& target_;
  std::string begun_;   ///< The first bytes of a character whose others are still to come.
  std::string escaped_; ///< Kept for its capacity.
};

} // namespace troupe
