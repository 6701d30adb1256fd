#pragma once

#include <cerrno>
#include <exception>
#include <string>
#include <system_error>

namespace troupe {

/// Standard output has not taken what was to be printed. An answer that could not be printed has
/// not been given: no command ends with exit code 0 after this.
///
/// It is no runtime_error, so that nobody takes it for a fault of what was read.
class output_error : public std::exception {
public:
  /// `cause`: what errno said; 0 if nobody knows.
  explicit output_error(int cause)
      : cause_{cause != 0 ? cause : EIO},
        message_{"cannot write to standard output: " + std::generic_category().message(cause_)} {}

  const char* what() const noexcept override { return message_.c_str(); }

  /// Adds to the message what the failure means.
  void add(const std::string& meaning) { message_ += meaning; }

  /// Returns whether whoever read the output has gone, as `head` does when it has enough.
  bool is_reader_gone() const noexcept { return cause_ == EPIPE; }

private:
  int cause_;
  std::string message_;
};

} // namespace troupe
