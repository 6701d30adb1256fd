#include "base/work_folder.hpp"
#include "data/temp_dir.hpp"

#include <doctest/doctest.h>

#include <system_error>

using namespace troupe;
namespace fs = std::filesystem;

TEST_CASE("a work folder has a name of its own, and goes with all that is in it") {
  temp_dir parent;
  {
    const work_folder one{parent.path()};
    const work_folder other{parent.path()};
    CHECK(one.path() != other.path());
    CHECK(work_folders_in(parent.path()).size() == 2);
    write_file(one.path() / "new/1/model", "x");
  }
  CHECK(fs::is_empty(parent.path()));
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
  CHECK_THROWS_AS(work_folder{parent / "missing"}, std::system_error);
  CHECK(work_folders_in(parent / "missing").empty());
}
