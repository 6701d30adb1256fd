#include "search/life/stoppers.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <string_view>

using namespace troupe;

namespace {

/// Returns a stopper with which something ends within a hundred reports that are all alike.
std::string strict(std::string_view name) {
  static const std::map<std::string_view, std::string> needed{
      {"maximum_iteration", R"("max_iter": 3)"},
      {"target", R"("value": 0.5)"},
      {"budget", R"("iterations": 3)"},
  };
  const auto found = needed.find(name);
  return R"({"name": ")" + std::string{name} + '"' +
         (found == needed.end() ? "" : ", " + found->second) + "}";
}

/// Returns why it ends a trial or the study that reports the same again and again; empty if it does
/// not.
std::string reason_of(const std::string& options) {
  const auto s = parse_study(
      R"({"metric": "loss", "space": {"x": 1}, "stoppers": [)" + options + "]}", "s.json");
  const auto rule = make_stopper(s.stoppers.at(0), s);
  const resources used{2, 0, 0};
  const metrics m{{"loss", 0.25}};
  for (int i = 1; i <= 100; ++i) {
    if (auto why = rule->report({0, i, m, 0.5, used}); !why.empty()) return why;
    if (auto why = rule->study_ends(); !why.empty()) return why;
  }
  return {};
}

} // namespace

TEST_CASE("every stopper says who it is before it says why") {
  for (const auto* p : stopper_plugins()) {
    CAPTURE(p->name);
    const auto reason = reason_of(strict(p->name));
    CAPTURE(reason);
    CHECK(reason.starts_with(std::string{p->name} + ": "));
  }
  CHECK(reason_of(R"({"name": "budget", "device_s": 3})").starts_with("budget: "));
}
