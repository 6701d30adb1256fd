#pragma once

namespace troupe {

/// Lets the process have its memory in large pages, where the system has them: for commands that
/// live for milliseconds and fill some 20 MB, most of which small ones would take. To be called
/// before the memory is needed; changes nothing else.
void use_large_pages() noexcept;

} // namespace troupe
