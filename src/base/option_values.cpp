#include "base/option_values.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace troupe {

option_values option_values::of(const plugin& p, const boost::json::object& given) {
  std::vector<option_problem> problems;
  auto all = read_options(p, given, problems);
  std::string said;
  for (const auto& [path, problem] : problems)
    said += fmt::format("{}{}: {}{}{}", said.empty() ? "" : "\n", p.name, path,
                        path.empty() ? "" : ": ", problem);
  if (!said.empty()) throw std::invalid_argument{said};
  return {std::move(all), given};
}

std::optional<double> option_values::maybe_number(std::string_view key) const {
  const auto* v = find(key);
  return v && v->is_number() ? std::optional{v->to_number<double>()} : std::nullopt;
}

std::optional<std::uint32_t> option_values::maybe_count(std::string_view key) const {
  const auto* v = find(key);
  return v && v->is_number() ? std::optional{v->to_number<std::uint32_t>()} : std::nullopt;
}

std::optional<bool> option_values::maybe_truth(std::string_view key) const {
  const auto* v = find(key);
  return v && v->is_bool() ? std::optional{v->get_bool()} : std::nullopt;
}

std::optional<std::string> option_values::maybe_text(std::string_view key) const {
  const auto* v = find(key);
  return v && v->is_string() ? std::optional<std::string>{v->get_string()} : std::nullopt;
}

} // namespace troupe
