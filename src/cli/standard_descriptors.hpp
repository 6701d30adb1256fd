#pragma once

namespace troupe {

/// Takes the places of standard input, output and error that the caller has closed, so that no file
/// that is opened later gets their numbers, and with them what is printed. What stands in their
/// places can neither be read nor written: closed stays closed.
void occupy_standard_descriptors() noexcept;

/// Throws output_error if it is certain that descriptor `fd` takes nothing: it is not open for
/// writing, or whoever read from it has gone.
void require_writable(int fd);

} // namespace troupe
