#include "study/study_template.hpp"

#include "base/json.hpp"
#include "study/parameter_fit.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace troupe {

namespace {

namespace json = boost::json;

/// Returns a law from which the values of a parameter might come that has none of its own.
std::string law_of(const parameter& p) {
  switch (p.type) {
  case parameter::kind::real: {
    const double low = std::max(p.low.value_or(1e-4), 1e-4), high = p.high.value_or(1e-1);
    if (p.high && *p.high <= low)
      return R"({"uniform": [)" + to_text(p.low.value_or(*p.high - 1)) + ", " + to_text(*p.high) +
             "]}";
    return R"({"loguniform": [)" + to_text(low) + ", " + to_text(std::max(high, 10 * low)) + "]}";
  }
  case parameter::kind::integer: {
    const double low = std::max(std::ceil(p.low.value_or(1)), 1.0);
    const double high = std::min(p.high.value_or(64 * low), 64 * low);
    return R"({"int": {"low": )" + to_text(json::value(static_cast<std::int64_t>(low))) +
           R"(, "high": )" + to_text(json::value(static_cast<std::int64_t>(std::max(high, low)))) +
           R"(, "log": true}})";
  }
  case parameter::kind::boolean:
    return R"({"choice": [true, false]})";
  case parameter::kind::texts:
  case parameter::kind::named_texts:
  case parameter::kind::text:
    break;
  }
  return R"({"choice": ["one", "another"]})";
}

std::string comment_of(const parameter& p) {
  return "    // " + (p.help.empty() ? "" : p.help + ": ") + wanted(p) + "\n";
}

/// Parameters without a value of their own are to be tuned; others stay what they are.
std::string space_of(const trainable& t) {
  std::string text;
  for (const auto& p : t.parameters) {
    const bool is_left_out = p.fallback && p.fallback->is_null();
    text += text.empty() ? "" : "\n";
    text += comment_of(p) + "    " + (is_left_out ? "// " : "") + to_text(json::value(p.name)) +
            ": " + (p.fallback && !is_left_out ? to_text(*p.fallback) : law_of(p)) + ",\n";
  }
  return text.empty() ? "    \"x\": {\"uniform\": [0, 1]}\n" : text;
}

std::string options_of(const trainable& t) {
  std::string text;
  for (const auto& p : t.options) {
    const bool has_value = p.fallback && !p.fallback->is_null();
    text += comment_of(p) + "    " + (p.fallback ? "// " : "") + to_text(json::value(p.name)) +
            ": " + (has_value ? to_text(*p.fallback) : "\"…\"") + ",\n";
  }
  return text;
}

constexpr std::string_view rest = R"(
  // How many trials, and how many at once; each needs so much.
  "num_samples": 20,
  // "max_concurrent": 4,
  "resources": {"cpu": 1},

  // Who suggests what to try: `troupe list searchers`. "random" needs nothing; "tpe" learns.
  "searcher": {"name": "tpe"},

  // Who ends what does not promise: `troupe list schedulers`. Here those that are not in the better half
  // of the trials so far, after 1, 2, 4, … reports.
  "scheduler": {"name": "asha", "max_t": 10, "grace_period": 1, "reduction_factor": 2},

  // "time_budget_s": 3600,
  "seed": 0
}
)";

std::string quoted(const std::string& text) {
  return to_text(json::value(text));
}

} // namespace

std::string study_template(const trainable& t) {
  const auto metric = t.metrics.empty() ? std::string{"loss"} : t.metrics.front();
  return "// Tunes \"" + t.name + "\"" + (t.help.empty() ? "" : ", " + t.help) +
         ".\n//\n//     troupe preview study.json    says what would run\n"
         "//     troupe run study.json\n{\n  \"name\": " +
         quoted(t.name) + ",\n\n  \"trainable\": {\n    \"name\": " + quoted(t.name) + ",\n" +
         options_of(t) +
         "  },\n\n  // What to try: an object is a law to draw from (docs/formats.md), a plain "
         "value is "
         "the same for all.\n  \"space\": {\n" +
         space_of(t) +
         "  },\n\n  // What is good. \"max\" for what should be large.\n  \"metric\": " +
         quoted(metric) + ",\n  \"mode\": \"min\",\n" + std::string{rest};
}

std::string command_template() {
  return R"json(// Tunes a program of any kind: it gets its parameters as arguments, and prints what it has reached.
//
//     troupe preview study.json    says what would run
//     troupe run study.json
{
  "name": "study",

  "trainable": {
    // What to run: {lr} becomes the trial's lr. It reports by printing lines such as
    //     TROUPE {"loss": 0.25}
    "command": ["python3", "train.py", "--lr", "{lr}", "--layers", "{layers}"],
    // Or what it prints anyway, by regular expressions:
    // "metrics": {"loss": "loss: ([0-9.]+)"},
},

  // What to try: an object is a law to draw from (docs/formats.md), a plain value is the same for all.
  "space": {
    "lr": {"loguniform": [1e-4, 1e-1]},
    "layers": {"int": {"low": 1, "high": 4}},
  },

  // What is good. "max" for what should be large.
  "metric": "loss",
  "mode": "min",
)json" + std::string{rest};
}

} // namespace troupe
