#include "search/searchers/wrapped_searcher.hpp"

#include <string>
#include <string_view>

namespace troupe {

std::optional<named_options> wrapped_by(const named_options& outer) {
  const auto* v = outer.options.if_contains("searcher");
  const auto* inner = v ? v->if_object() : nullptr;
  const auto* name = inner ? inner->if_contains("name") : nullptr;
  if (!name || !name->is_string()) return std::nullopt;
  auto found = named_options{std::string{std::string_view{name->get_string()}}, *inner};
  found.options.erase("name");
  return found;
}

std::unique_ptr<searcher> make_wrapped(const study& s) {
  auto inner = s;
  inner.searcher = wrapped_by(s.searcher).value();
  return make_searcher(inner);
}

} // namespace troupe
