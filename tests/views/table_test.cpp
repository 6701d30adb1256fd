#include "views/comparison.hpp"
#include "views/table.hpp"
#include "views/table_text.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;
using names = std::vector<std::string>;

namespace {

table some() {
  return {{{"id"}, {"lr", "config/lr", true, 2}, {"loss", {}, true, 1}, {"reason", {}, false, 3}},
          {{"00000", 0.1, 0.5, nullptr},
           {"00001", 1e-5, std::nan(""), "a, \"b\"\nc"},
           {"00002", 0.30000000000000004, nullptr, "x"},
           {"00003", 2, 0.25, "x"}}};
}

std::string ids(const table& t) {
  std::string found;
  for (const auto& row : t.rows)
    found += row[0].get_string().back();
  return found;
}

std::string sorted(const char* key) {
  auto t = some();
  sort_rows(t, key);
  return ids(t);
}

} // namespace

TEST_CASE("columns are chosen by either name, in any order") {
  const auto t = with_columns(some(), names{"loss", "config/lr"});
  CHECK(t.columns[1].name == "lr");
  CHECK(t.rows[3] == table::row{0.25, 2});
  CHECK(with_columns(some(), {}).columns.size() == 3);
  CHECK_THROWS_WITH_AS(with_columns(some(), names{"los"}),
                       "unknown column \"los\"; did you mean \"loss\"?", std::invalid_argument);
}

TEST_CASE("rows are sorted by numbers, then texts; what is none stands last both ways") {
  CHECK(sorted("lr") == "1023");
  CHECK(sorted("-lr") == "3201");
  CHECK(sorted("loss") == "3012");
  CHECK(sorted("-loss") == "0312");
  CHECK(sorted("reason") == "1230");
  CHECK_THROWS_AS(sorted("-x"), std::invalid_argument);
}

TEST_CASE("people read rounded numbers, side by side") {
  const auto t = with_columns(some(), names{"id", "lr", "loss"});
  CHECK(to_text(t, listing_format::text) == "id        lr  loss\n"
                                            "00000    0.1   0.5\n"
                                            "00001  1e-05   nan\n"
                                            "00002    0.3\n"
                                            "00003      2  0.25\n");
}

TEST_CASE("programs read exact ones") {
  CHECK(to_text(some(), listing_format::csv) == "id,lr,loss,reason\n"
                                                "00000,0.1,0.5,\n"
                                                "00001,1e-05,nan,\"a, \"\"b\"\"\nc\"\n"
                                                "00002,0.30000000000000004,,x\n"
                                                "00003,2,0.25,x\n");
  CHECK(to_text(with_columns(some(), names{"id", "loss"}), listing_format::json) ==
        "[{\"id\": \"00000\", \"loss\": 0.5},\n"
        " {\"id\": \"00001\", \"loss\": \"nan\"},\n"
        " {\"id\": \"00002\", \"loss\": null},\n"
        " {\"id\": \"00003\", \"loss\": 0.25}]\n");
  CHECK(to_text(with_columns(some(), names{"lr", "reason"}), listing_format::value) ==
        "0.1\t\n1e-05\ta, \"b\"?c\n0.30000000000000004\tx\n2\tx\n");
}

TEST_CASE("a table without rows is a line of names, or nothing") {
  const table none{{{"id"}, {"loss"}}, {}};
  CHECK(to_text(none, listing_format::text) == "id  loss\n");
  CHECK(to_text(none, listing_format::json) == "[]\n");
  CHECK(to_text(none, listing_format::csv) == "id,loss\n");
  CHECK(to_text(none, listing_format::value).empty());
}

TEST_CASE("a narrow terminal does without what matters least") {
  names left_out;
  CHECK(narrowed(some(), 200, left_out).columns.size() == 4);
  CHECK(left_out.empty());
  const auto t = narrowed(some(), 12, left_out);
  CHECK(left_out == names{"reason", "lr"});
  CHECK(t.columns.size() == 2);
  CHECK(t.rows[0].size() == 2);
  left_out.clear();
  CHECK(narrowed(some(), 1, left_out).columns.size() == 1); // and never without ids
}

TEST_CASE("a comparison has what differs alone") {
  auto t = some();
  t.rows.erase(t.rows.begin(), t.rows.begin() + 2);
  const auto c = comparison(t, 0);
  CHECK(c.columns[0].name == "what");
  CHECK(c.columns[2].name == "00003");
  REQUIRE(c.rows.size() == 2);
  CHECK(c.rows[0] == table::row{"lr", 0.30000000000000004, 2});
  CHECK(c.rows[1] == table::row{"loss", nullptr, 0.25});
}

TEST_CASE("a sheet has a line for each thing that is there") {
  const table one{{{"state"}, {"loss"}, {"reason"}}, {{"a\nb", 0.1, nullptr}}};
  CHECK(to_sheet(one) == "state  a?b\nloss   0.1\n");
}
