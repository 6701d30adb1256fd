#include "base/path.hpp"

#include <troupe/config.hpp>
#include <troupe/space.hpp>

#include <algorithm>
#include <type_traits>
#include <variant>

namespace troupe {

namespace {

/// Returns whether a value of `d` may have something at `path` inside.
bool may_hold(const domain& d, std::string_view path) {
  const auto has = [path](const boost::json::value& v) {
    return v.is_object() && find(v.get_object(), path);
  };
  return std::visit(
      [&](const auto& law) {
        using type = std::decay_t<decltype(law)>;
        if constexpr (requires { law.values; })
          return std::ranges::any_of(law.values, has);
        else if constexpr (std::is_same_v<type, constant>)
          return has(law.value);
        else
          return std::is_same_v<type, expression> || std::is_same_v<type, sample_from>;
      },
      d);
}

} // namespace

bool search_space::may_have(std::string_view path) const {
  if (holds(path)) return true;
  return std::ranges::any_of(entries_, [path](const auto& e) {
    return path.size() > e.path.size() && lies_in(path, e.path) &&
           may_hold(e.domain, path.substr(e.path.size() + 1));
  });
}

} // namespace troupe
