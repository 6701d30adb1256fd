#pragma once

#include <troupe/reason_kind.hpp>

#include <stdexcept>
#include <string>

namespace troupe {

/// A trial has failed, and whoever throws this knows of what kind that is. What else a training
/// function throws is a reason_kind::error, or out_of_memory if it is a std::bad_alloc.
struct trial_error : std::runtime_error {
  trial_error(troupe::reason_kind kind, const std::string& message)
      : std::runtime_error{message},
        reason_kind{kind} {}

  troupe::reason_kind reason_kind;
};

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
