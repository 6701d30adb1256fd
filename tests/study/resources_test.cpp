#include "base/json.hpp"
#include "study/faults_of.hpp"
#include "study/resource_limits.hpp"

#include <troupe/results.hpp>

#include <doctest/doctest.h>

using namespace troupe;

namespace {

std::string faults_in(const std::string& members) {
  return faults_of(R"({"metric": "loss", "space": {"layers": {"choice": [1, 2]}}, )" + members +
                   "}");
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

} // namespace

TEST_CASE("amounts by configuration and of one's own are read and written as they are meant") {
  const auto s = parse_study(R"({"metric": "loss", "space": {"layers": {"choice": [1, 2]}},
    "resources": {"cpu": {"expr": "2 * layers"}, "license": 1, "seat": {"expr": "layers"}},
    "custom": {"license": 4, "seat": 2.5}})",
                             "s.json");
  CHECK(s.per_config == amounts_by_config{{"cpu", {"2 * layers"}}, {"seat", {"layers"}}});
  CHECK(s.per_trial.custom == custom_amounts{{"license", 1}, {"seat", 0}});
  CHECK(s.custom == custom_amounts{{"license", 4}, {"seat", 2.5}});
  const auto again = parse_study(to_text(to_json(s)), "s.json");
  CHECK(to_json(again) == to_json(s));
  CHECK(limits_of(again) == limits_of(s));
}

TEST_CASE("what is wrong with what trials need is said where it stands") {
  const auto has = [](const std::string& members, std::string_view part) {
    const auto found = faults_in(members);
    CAPTURE(members);
    CAPTURE(found);
    CHECK(mentions(found, part));
  };
  has(R"("resources": {"cpu": {"expr": "2 * layer"}})",
      "resources/cpu/expr: unknown name \"layer\"");
  has(R"("resources": {"cpu": {"expr": "2 * layer"}})", "did you mean \"layers\"?");
  has(R"("resources": {"cpu": {"expr": "2 *"}})", "resources/cpu/expr: ");
  has(R"-("resources": {"cpu": {"expr": "randint(1, 3)"}})-",
      "resources/cpu/expr: draws by randint");
  has(R"("resources": {"cpu": {"exp": "1"}})", "resources/cpu/exp: unknown key");
  has(R"("resources": {"cpu": {}})", "expr");
  has(R"("resources": {"license": 1})", "resources/license: unknown key");
  has(R"("resources": {"license": 1})", "custom");
  has(R"("resources": {"license": 2}, "custom": {"license": 1})",
      "resources/license: one trial needs 2 of");
  has(R"("custom": {"cpu": 1})", "custom/cpu: must be the name of something of your own");
  has(R"("custom": {"": 1})", "must be the name of something of your own");
  has(R"("custom": {"license": -1})", "custom/license: ");
  has(R"("custom": {"license": 1e10})", "custom/license: must be at most 1000000000");
  has(R"("custom": 4)", "custom: ");
  has(R"("custom": {"a/b": 1})", "without /");
  has(R"("custom": {"license": 1e-5})", "must be 0 or at least 0.0001");
  has(R"("resources": {"cpu": 1e-5})", "must be 0 or at least 0.0001");
  has(R"("cpus": 4, "resources": {"cpu": {"expr": "layers"}},
         "scheduler": {"name": "resource_changing", "base": {"name": "fifo"}})",
      "resources/cpu: must be a number");
}

TEST_CASE("what is wrong with an amount is said once, where it stands") {
  const auto found = faults_in(R"("resources": {"license": 1}, "custom": {"license": -1})");
  CHECK(mentions(found, "custom/license: "));
  CHECK_FALSE(mentions(found, "resources/license"));
}

TEST_CASE("something of the user's own that no trial asks for is warned of") {
  const auto warning = [](const std::string& custom) {
    return warning_of_custom(parse_study(
        R"({"metric": "loss", "resources": {"license": 2}, "custom": {)" + custom + "}}",
        "s.json"));
  };
  CHECK(warning(R"("license": 4)").empty());
  CHECK(warning(R"("license": 4, "licence": 8)") ==
        "warning: custom/licence: no trial asks for it in resources; did you mean \"license\"?");
  CHECK(warning(R"("license": 4, "scratch": 8)") ==
        "warning: custom/scratch: no trial asks for it in resources");
}

TEST_CASE("by which metric checkpoints are kept is one of the study's, or says its direction") {
  const auto kept = [](const std::string& keep) {
    return parse_study(R"({"metric": "acc", "mode": "max", "keep": )" + keep + "}", "s.json");
  };
  CHECK_FALSE(kept(R"({"best": 2})").keep_by);
  CHECK(kept(R"({"metric": "acc"})").keep_by == objective{"acc", direction::max});
  CHECK(kept(R"({"metric": "f1", "mode": "min"})").keep_by == objective{"f1", direction::min});
  const auto s = kept(R"({"best": 2, "metric": "f1", "mode": "max"})");
  CHECK(parse_study(to_text(to_json(s)), "s.json").keep_by == s.keep_by);
  CHECK(mentions(faults_with(R"("keep": {"metric": "f1"})"), "keep/mode"));
  CHECK(mentions(faults_with(R"("keep": {"mode": "max"})"), "keep/mode: "));
  CHECK(mentions(faults_with(R"("keep": {"metric": "f1", "mode": "up"})"), "keep/mode: must be"));
}

TEST_CASE("what trials are called is a text in which parameters of the space stand") {
  const auto s = parse_study(
      R"({"metric": "loss", "space": {"a": {"b": {"choice": [1]}}}, "trial_name": "{a/b}-{TROUPE_TRIAL}"})",
      "s.json");
  CHECK(name_of(s.trial_name, 3, {{"a", {{"b", 0.5}}}}) == "0.5-00003");
  CHECK(name_of("", 3, {}).empty());
  CHECK(parse_study(to_text(to_json(s)), "s.json").trial_name == s.trial_name);
  CHECK(mentions(faults_in(R"("trial_name": "{layer}")"), "trial_name: unknown parameter {layer}"));
  for (const auto* inside : {"{layers/0}", "{layers/foo/bar}"})
    CHECK(mentions(faults_in(R"("trial_name": ")" + std::string{inside} + '"'),
                   std::string{"trial_name: unknown parameter "} + inside));
  CHECK(mentions(faults_in(R"("trial_name": "{layers")"), "trial_name: "));
  CHECK(mentions(faults_in(R"("trial_name": "")"), "trial_name: "));
}
