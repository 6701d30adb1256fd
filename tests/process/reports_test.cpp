#include "base/json.hpp"
#include "process/metric_pattern.hpp"
#include "process/report_line.hpp"

#include <troupe/random.hpp>

#include <boost/json/object.hpp>
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace troupe;

TEST_CASE("a line that begins with TROUPE is a report, others are none") {
  const auto m = read_report_line(R"(TROUPE {"loss": 0.3, "n": 4})");
  REQUIRE(m);
  CHECK(*m == metrics{{"loss", 0.3}, {"n", 4}});
  CHECK(read_report_line("TROUPE {}")->empty());
  for (const auto* line : {"", "loss 3", "TROUPE", "TROUPE: {}", " TROUPE {}", "TROUPER {}"})
    CHECK(!read_report_line(line));
}

TEST_CASE("what follows TROUPE must be an object of numbers, and the message shows the line") {
  for (const auto* text : {"", "3", "[1]", "{", R"({"a": "x"})", R"({"a": null})", R"({"a": {}})",
                           R"({"a": 1} x)", R"({"a": nan})", "{'a': 1}"}) {
    const std::string line = std::string{"TROUPE "} + text;
    CAPTURE(line);
    try {
      read_report_line(line);
      FAIL("was read");
    } catch (const std::runtime_error& e) {
      CHECK(std::string{e.what()}.ends_with("; the line: " + line));
    }
  }
}

TEST_CASE("numbers that are none are read as Python and Troupe write them") {
  const double inf = std::numeric_limits<double>::infinity();
  const auto m = read_report_line(
      R"(TROUPE {"NaN": NaN, "a\"": -Infinity, "b": Infinity, "c": "nan", "d": "-inf"})");
  REQUIRE(m);
  CHECK(std::isnan(*m->find("NaN")));
  CHECK(*m->find("a\"") == -inf);
  CHECK(*m->find("b") == inf);
  CHECK(std::isnan(*m->find("c")));
  CHECK(*m->find("d") == -inf);
}

TEST_CASE("reports in lines are read exactly") {
  random_stream draw{7, 8, "reports"};
  for (int i = 0; i < 1000; ++i) {
    boost::json::object o;
    metrics wanted;
    for (auto left = draw() % 5; left > 0; --left) {
      const auto name = "m" + std::to_string(draw() % 100) + (draw() % 2 ? "NaN" : "\"{");
      const double x =
          std::ldexp(static_cast<double>(draw()), static_cast<int>(draw() % 600) - 300);
      o[name] = x;
      wanted.set(name, x);
    }
    CHECK(read_report_line("TROUPE " + to_text(boost::json::value(o))) == wanted);
  }
}

TEST_CASE("a pattern finds its number in a line") {
  const metric_pattern loss{"loss", R"(val_loss=([0-9.eE+-]+))"};
  CHECK(loss.find_in("epoch 3 val_loss=1e-3 val_loss=5") == 1e-3);
  CHECK(loss.find_in("val_loss=+0.5") == 0.5);
  CHECK(!loss.find_in("val_loss: 5"));
  const metric_pattern any{"any", R"(^x (\S+))"};
  CHECK(std::isnan(*any.find_in("x nan")));
  CHECK(*any.find_in("x -inf") == -std::numeric_limits<double>::infinity());
  CHECK_THROWS_WITH_AS(
      any.find_in("x 1,5 y"),
      "the pattern of \"any\" finds \"1,5\", which is no number, in the line: x 1,5 y",
      std::runtime_error);
}

TEST_CASE("a pattern has one group and is a regular expression") {
  for (const auto* wrong : {"a", "(a)(b)", "(", "[", "a**(b)", "(?<x>a"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS((metric_pattern{"m", wrong}), std::invalid_argument);
  }
  CHECK(metric_pattern{"m", "(?:a|b)=(?<number>.)"}.find_in("b=3") == 3);
}

TEST_CASE("a pattern that would look for ever says so") {
  const metric_pattern endless{"m", "(x+x+)+y"};
  CHECK_THROWS_AS(endless.find_in(std::string(64 * 1024, 'x')), std::runtime_error);
  const metric_pattern long_one{"m", "([0-9]+)$"};
  std::string line(64 * 1024, 'x');
  line.back() = '7';
  CHECK(long_one.find_in(line) == 7);
}

TEST_CASE("a report is made whenever every pattern has matched since the last") {
  const std::vector<metric_pattern> patterns{{"a", "a=(.)"}, {"b", "b=(.)"}};
  pattern_reader reader{patterns};
  CHECK(!reader.read("a=1"));
  CHECK(!reader.read("a=2"));
  CHECK(reader.read("b=3") == metrics{{"a", 2}, {"b", 3}});
  CHECK(!reader.read("b=4"));
  CHECK(reader.read("b=5 a=6") == metrics{{"b", 5}, {"a", 6}});
  CHECK(!reader.read("nothing"));
}

TEST_CASE("why patterns make no report is that some have never matched") {
  const std::vector<metric_pattern> patterns{{"loss", "loss=(.*)"}, {"acc", "acc=(.*)"}};
  pattern_reader reader{patterns};
  CHECK(reader.why_none() == "no line has matched the pattern of \"loss\", \"acc\"");
  reader.read("loss=1");
  CHECK(reader.why_none() == "no line has matched the pattern of \"acc\"");
}
