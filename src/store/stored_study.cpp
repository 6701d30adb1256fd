#include "store/stored_study.hpp"

#include "base/json.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <array>

namespace troupe {

namespace {

std::string text_of(const boost::json::value* v) {
  return v ? to_text(*v) : "not said";
}

} // namespace

study stored_study(const study_layout& layout) {
  try {
    return read_study(layout.study_file());
  } catch (const invalid_study& e) {
    throw folder_error{fmt::format("{}; the study in {} is damaged: restore {} from a copy",
                                   e.what(), layout.root().string(), layout.study_file().string())};
  }
}

std::span<const std::string_view> identifying_keys() {
  static constexpr std::array<std::string_view, 12> keys{"name",
                                                         "trainable",
                                                         "space",
                                                         "metric",
                                                         "mode",
                                                         "constraints",
                                                         "searcher",
                                                         "scheduler",
                                                         "seed",
                                                         "points_to_evaluate",
                                                         "constant_grid_search",
                                                         "stoppers"};
  return keys;
}

std::string difference(const study& there, const study& here,
                       std::span<const std::string_view> keys) {
  const auto a = to_json(there);
  const auto b = to_json(here);
  std::string all;
  for (const auto key : keys) {
    const auto* x = a.if_contains(key);
    const auto* y = b.if_contains(key);
    if (x && y ? *x == *y : x == y) continue;
    all += fmt::format("{}{} is {} there, and {} here", all.empty() ? "" : "; ", key, text_of(x),
                       text_of(y));
  }
  return all;
}

} // namespace troupe
