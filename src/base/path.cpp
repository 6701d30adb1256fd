#include "base/path.hpp"

#include <charconv>

namespace troupe {

std::pair<std::string_view, std::string_view> split_first(std::string_view path) noexcept {
  const auto slash = path.find('/');
  if (slash == path.npos) return {path, {}};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

std::string join_path(std::string_view parent, std::string_view child) {
  auto joined = std::string{parent};
  if (!parent.empty()) joined += '/';
  return joined += child;
}

std::optional<std::size_t> list_index(std::string_view part) noexcept {
  if (part.empty() || (part.size() > 1 && part.front() == '0')) return std::nullopt;
  std::size_t index = 0;
  const auto* const end = part.data() + part.size();
  const auto [stop, error] = std::from_chars(part.data(), end, index);
  if (stop != end || error != std::errc{}) return std::nullopt;
  return index;
}

bool lies_in(std::string_view path, std::string_view root) noexcept {
  if (root.empty()) return true;
  if (!path.starts_with(root)) return false;
  return path.size() == root.size() || path[root.size()] == '/';
}

} // namespace troupe
