#include "views/row_filter.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <string>

using namespace troupe;
namespace json = boost::json;

namespace {

const table trials{{{"id"}, {"state"}, {"lr", "config/lr"}, {"loss"}, {"drops out"}},
                   {{"00000", "completed", 0.1, 0.5, true},
                    {"00001", "stopped", 0.001, 0.9, false},
                    {"00002", "failed", 0.01, nullptr, true},
                    {"00003", "stopped", 1e-5, std::nan(""), nullptr}}};

/// The last digits of the ids of the rows that fit.
std::string fitting(std::string_view text) {
  const auto fits = read_filter(text, trials);
  std::string found;
  for (const auto& row : trials.rows)
    if (fits(row)) found += row[0].get_string().back();
  return found;
}

void check_refusal(std::string_view text, const char* said) {
  CHECK_THROWS_WITH_AS(read_filter(text, trials), doctest::Contains(said), std::invalid_argument);
}

} // namespace

TEST_CASE("conditions choose rows") {
  CHECK(fitting("lr<0.01 and state=stopped") == "13");
  CHECK(fitting("lr <= 1e-2 and not state = stopped") == "2");
  CHECK(fitting("state = failed or state == completed") == "02");
  CHECK(fitting("not (state = failed or state = completed)") == "13");
  CHECK(fitting("state = failed or lr > 0.05 and loss < 1") == "02"); // `and` binds closer
  CHECK(fitting("state != stopped") == "02");
  CHECK(fitting("state ~ 'top'") == "13");
  CHECK(fitting("config/lr = 0.1") == "0");
  CHECK(fitting("\"drops out\" = true") == "02");
  CHECK(fitting("'drops out' != true") == "1");
}

TEST_CASE("a number is compared with a text that is one") {
  CHECK(fitting("id = 3") == "3");
  CHECK(fitting("id >= 00002") == "23");
  CHECK(fitting("id = '00003'") == "3");
  CHECK(fitting("lr < '0.01'") == "13");
  CHECK(fitting("id ~ 3") == "3");
  CHECK(fitting("lr ~ 0.0") == "12");
}

TEST_CASE("what is not there, and NaN, fit nothing but null") {
  CHECK(fitting("loss < 100") == "01");
  CHECK(fitting("loss >= 0") == "01");
  CHECK(fitting("loss != 0.5") == "1");
  CHECK(fitting("loss = null") == "2");
  CHECK(fitting("loss != null") == "013");
  CHECK(fitting("'drops out' = null") == "3");
  CHECK(fitting("loss = nan") == "3");
  CHECK(fitting("loss != nan") == "01");
}

TEST_CASE("what is no condition is refused, and where is said") {
  check_refusal("", "expected a column at character 1, found the end");
  check_refusal("lr", "expected one of = != < <= > >= ~ at character 3");
  check_refusal("lr <", "expected a value at character 5, found the end");
  check_refusal("lr < 1 state = failed",
                "\"and\", \"or\" or the end at character 8, found \"state\"");
  check_refusal("(lr < 1", "expected \")\"");
  check_refusal("lr < 1)", "found \")\"");
  check_refusal("lr ! 1", "expected one of");
  check_refusal("lrr < 1", "unknown column \"lrr\"; did you mean \"lr\"?");
  check_refusal("state = 'failed", "has no end");
  check_refusal("state > 3", "\"state\" cannot be compared with 3");
  check_refusal("lr < abc", "\"lr\" cannot be compared with the text \"abc\"");
  check_refusal("lr < 1e999", "cannot be compared");
  check_refusal("'drops out' = yes", "cannot be compared");
  check_refusal("loss < null", "null can be compared by = and != alone");
  check_refusal(std::string(200, '('), "nested too deeply");
}
