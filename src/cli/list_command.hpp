#pragma once

#include <troupe/trainable.hpp>

#include <iosfwd>
#include <string>

namespace troupe {

/// What `troupe list` is told.
struct list_options {
  std::string kind;             ///< "searchers", "schedulers", "stoppers" or "trainables".
  std::string name;             ///< One of them; empty: all.
  std::string format = "table"; ///< See listing_options.
};

/// Prints what a study file can name: all of a kind, a line each, or one with its options. Returns
/// the exit code. Throws invalid_study for an unknown name.
int list_command(const list_options& options, const registry& known, std::ostream& out);

} // namespace troupe
