#pragma once

#include "views/table.hpp"

#include <cstddef>

namespace troupe {

/// Returns what tells rows apart: a row for each column in which they differ, called "what", with
/// their cells side by side in columns called as the cells of the column `by` are.
table comparison(const table& rows, std::size_t by);

} // namespace troupe
