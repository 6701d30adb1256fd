#include "base/json.hpp"
#include "study/history.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace troupe;

namespace {

const study constrained = [] {
  study s;
  s.metric = "loss";
  s.constraints = {"memory"};
  return s;
}();

past_trial read(const std::string& line) {
  return read_past_trial(parse_json(line).get_object(), constrained);
}

} // namespace

TEST_CASE("a past trial has the constraints that its line gives, else none") {
  CHECK(read(R"({"number": 0, "state": "COMPLETE", "params": {}, "value": 1, "constraints": [2]})")
            .constraints == std::vector{2.0});
  CHECK(
      read(R"({"number": 0, "state": "COMPLETE", "params": {}, "value": 1})").constraints.empty());
  CHECK(read(R"({"number": 0, "state": "PRUNED", "params": {}})").constraints.empty());
}

TEST_CASE("a past trial's number is from 0 to 9999999") {
  const auto numbered = [](const std::string& number) {
    return read(R"({"number": )" + number + R"(, "state": "RUNNING", "params": {}})").number;
  };
  CHECK(numbered("9999999") == 9'999'999);
  for (const char* wrong : {"10000000", "4294967294", "-1", "1.5"})
    CHECK_THROWS_WITH_AS(numbered(wrong),
                         doctest::Contains("number: must be a trial's number, from 0 to 9999999"),
                         std::invalid_argument);
}
