#include "faults_of.hpp"

#include <doctest/doctest.h>

using namespace troupe;

TEST_CASE("how a study is written down has names that are given") {
  CHECK(faults_with(R"("durability": "fast")") ==
        R"(s.json:1:20: durability: must be "sync", "group" or "off"; found the text "fast")");
  CHECK(faults_with(R"("trial_files": "yes")") ==
        R"(s.json:1:20: trial_files: must be true, false or "auto"; found the text "yes")");
  CHECK(faults_with(R"("trial_files": 1)") ==
        R"(s.json:1:20: trial_files: must be true, false or "auto"; found 1)");
}
