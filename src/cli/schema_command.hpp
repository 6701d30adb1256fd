#pragma once

#include <troupe/trainable.hpp>

#include <iosfwd>

namespace troupe {

/// Prints the schema of a study file for a program with these trainables. Returns the exit code.
int schema_command(const registry& known, std::ostream& out);

} // namespace troupe
