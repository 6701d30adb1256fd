#pragma once

#include <string>
#include <string_view>

namespace troupe {

/// What a program's first bytes say of what runs it.
struct script_head {
  std::string interpreter; ///< A path; empty for what is no script.
  std::string argument;    ///< The one that the interpreter gets before the script's path.
  std::string problem;     ///< Why the system will not run it, and the remedy; empty if it may.
};

/// As many bytes as the kernel looks at.
inline constexpr std::size_t script_head_size = 256;

/// Reads the first bytes of a program: all of them, or script_head_size. What is binary is the
/// kernel's to know, and is not judged.
script_head read_script_head(std::string_view bytes);

} // namespace troupe
