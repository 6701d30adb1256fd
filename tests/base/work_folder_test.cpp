#include "base/work_folder.hpp"
#include "data/temp_dir.hpp"

#include <doctest/doctest.h>

#include <system_error>

using namespace troupe;
namespace fs = std::filesystem;

TEST_CASE("a work folder has a name of its own, and goes with all that is in it") {
  temp_dir parent;
  {
    const work_folder one{parent / "trial"};
    const work_folder other{parent / "trial"};
    CHECK(one.path() != other.path());
    CHECK(one.path().filename().string().starts_with(work_folder_prefix));
    write_file(one.path() / "new/1/model", "x");
  }
  CHECK(fs::is_empty(parent / "trial"));
}

TEST_CASE("a work folder that is given away stays") {
  temp_dir parent;
  fs::path kept;
  {
    work_folder one{parent.path()};
    kept = one.release();
  }
  CHECK(fs::is_directory(kept));
}

TEST_CASE("where no work folder can be made, the place is named") {
  temp_dir parent;
  write_file(parent / "file", "x");
  CHECK_THROWS_AS(work_folder{parent / "file"}, std::system_error);
}
