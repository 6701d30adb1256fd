#pragma once

#include <stdexcept>

namespace troupe {

/// Data that a trainable needs is missing or corrupt. The message names the file and the remedy.
struct data_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A study asks for more than there is. The message says what, and what to change.
struct resource_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A results folder is in use, not empty, or cannot be written. The message names it and says what
/// to do instead.
struct folder_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

} // namespace troupe
