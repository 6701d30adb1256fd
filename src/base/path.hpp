#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace troupe {

/// Splits "optimizer/momentum" into "optimizer" and "momentum"; the second is empty for the last
/// part.
std::pair<std::string_view, std::string_view> split_first(std::string_view path) noexcept;

/// Returns `parent/child`, or `child` at the top.
std::string join_path(std::string_view parent, std::string_view child);

/// Returns the list index that a part of a path stands for, or none: digits without leading zeros
/// are an index, everything else is a name.
std::optional<std::size_t> list_index(std::string_view part) noexcept;

/// Returns whether `path` is `root` or lies below it.
bool lies_in(std::string_view path, std::string_view root) noexcept;

} // namespace troupe
