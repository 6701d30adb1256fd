#include "store/trial_texts.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

using namespace store_kit;
using namespace troupe;

TEST_CASE("logs and failures are appended, also after the files were closed") {
  temp_dir folder;
  trial_texts texts{folder / "00000"};
  CHECK_FALSE(fs::exists(folder / "00000")); // there is nothing to say yet
  texts.add_log("one");
  CHECK_FALSE(fs::exists(folder / "00000/error.txt"));
  texts.add_failure("out of memory\nat batch 7", noon_ns);
  texts.close();
  texts.add_log("two");
  texts.add_failure("boom", noon_ns);
  CHECK(read_file(folder / "00000/log.txt") == "one\ntwo\n");
  CHECK(read_file(folder / "00000/error.txt") ==
        "Failure # 1 (occurred at 2026-03-01_12-00-00)\nout of memory\nat batch 7\n"
        "Failure # 2 (occurred at 2026-03-01_12-00-00)\nboom\n");
}

TEST_CASE("a file that is full says so, and stays as it is, for whoever opens it") {
  temp_dir folder;
  constexpr std::size_t cap = 10;
  const auto full = "0123456\n\n[log.txt has reached its cap of 10 bytes: what comes after is left "
                    "out]\n";
  const auto path = folder / "log.txt";
  {
    capped_file file{path, cap};
    file.append("0123456\n");
    file.append("é漢字"); // of which only whole characters would do
    CHECK(read_file(path) == "0123456\né" + std::string{full}.substr(8));
    file.append("x");
    file.close();
    file.append("x");
  }
  const auto before = read_file(path);
  capped_file{path, cap}.append("another process");
  CHECK(read_file(path) == before);
}

TEST_CASE("a file that is filled to the last byte is cut before the next") {
  temp_dir folder;
  const auto path = folder / "log.txt";
  capped_file file{path, 4};
  file.append("1234");
  CHECK(read_file(path) == "1234");
  file.append("5");
  file.append("6");
  CHECK(read_file(path) ==
        "1234\n[log.txt has reached its cap of 4 bytes: what comes after is left out]\n");
}
