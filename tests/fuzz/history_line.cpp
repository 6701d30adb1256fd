// What the reader of past trials holds for any line: it returns a trial that a searcher can learn
// from, or says what is wrong.

#include "base/json.hpp"
#include "study/history.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace {

using namespace troupe;

study example(std::string_view objectives) {
  return parse_study(R"({"space": {"x": {"float": {"low": 0, "high": 1}}, "c": {"choice": ["a", 1]},
    "n": {"int": {"low": 1, "high": 9, "log": true}, "when": {"c": "a"}}},
    "searcher": {"name": "tpe", "n_startup_trials": 0}, )" +
                         std::string{objectives} + "}",
                     "s.json");
}

void learn(const boost::json::object& line, const study& s) {
  try {
    auto t = read_past_trial(line, s);
    const auto next = t.number + 1;
    const auto searcher = make_searcher(s);
    teach(*searcher, {std::move(t)});
    searcher->suggest(next);
  } catch (const std::invalid_argument&) {
    return; // it says what is wrong
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto one = example(R"("metric": "loss")");
  static const auto several = example(R"("metric": ["a", "b"], "constraints": ["size"])");
  try {
    const auto v = parse_json({reinterpret_cast<const char*>(data), size});
    if (!v.is_object()) return 0;
    learn(v.get_object(), one);
    learn(v.get_object(), several);
  } catch (const json_error&) {
    return 0;
  }
  return 0;
}
