#include "cli/escaped_output.hpp"

#include "base/escape.hpp"
#include "cli/output_error.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace troupe {

namespace {

/// Returns how many bytes at the end of `text` may be the beginning of a character.
std::size_t unfinished(std::string_view text) noexcept {
  for (std::size_t n = 1; n <= std::min<std::size_t>(3, text.size()); ++n) {
    const auto byte = static_cast<unsigned char>(text[text.size() - n]);
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const std::size_t wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return n < wanted ? n : 0;
    }
  }
  return 0;
}

} // namespace

escaped_output::~escaped_output() {
  try {
    finish();
  } catch (const output_error&) {
    // Whoever wants to know calls finish.
  }
  stream_.rdbuf(&target_);
}

void escaped_output::finish() {
  errno = 0;
  pass_on(true);
  if (target_.pubsync() != 0) throw output_error{errno};
}

/// Writes what has come so far; a character that is not whole only if that is `everything`.
void escaped_output::pass_on(bool everything) {
  const auto kept = everything ? 0 : unfinished(begun_);
  escaped_.clear();
  append_escaped(escaped_, std::string_view{begun_}.substr(0, begun_.size() - kept));
  begun_.erase(0, begun_.size() - kept);
  const auto size = static_cast<std::streamsize>(escaped_.size());
  errno = 0;
  if (target_.sputn(escaped_.data(), size) != size) throw output_error{errno};
}

std::streamsize escaped_output::xsputn(const char* text, std::streamsize size) {
  begun_.append(text, static_cast<std::size_t>(size));
  pass_on(false);
  return size;
}

escaped_output::int_type escaped_output::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  const char one = traits_type::to_char_type(c);
  xsputn(&one, 1);
  return c;
}

int escaped_output::sync() {
  errno = 0;
  if (target_.pubsync() != 0) throw output_error{errno};
  return 0;
}

} // namespace troupe
