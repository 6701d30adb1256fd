#include "base/removal.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <unistd.h>

using namespace troupe;
namespace fs = std::filesystem;

namespace {

/// Somebody whom permissions hold, while it lives: nobody, if this is root.
struct ordinary_user {
  ordinary_user() {
    if (geteuid() == 0) changed = seteuid(65534) == 0;
  }
  ~ordinary_user() {
    if (changed && seteuid(0) != 0) std::abort();
  }
  ordinary_user(const ordinary_user&) = delete;
  ordinary_user& operator=(const ordinary_user&) = delete;

  bool changed = false;
};

fs::path new_folder() {
  auto name = (fs::temp_directory_path() / "troupe_removal_XXXXXX").string();
  REQUIRE(mkdtemp(name.data()));
  return name;
}

} // namespace

TEST_CASE("folders that may not be written to are removed by who owns them") {
  const ordinary_user somebody;
  const auto folder = new_folder();
  fs::create_directories(folder / "a/b/c");
  std::ofstream{folder / "a/b/file"} << "x";
  fs::create_directory_symlink(folder / "a", folder / "a/b/c/link");
  fs::permissions(folder / "a/b", fs::perms::owner_read);
  fs::permissions(folder / "a", fs::perms::owner_read | fs::perms::owner_exec);
  CHECK_FALSE(remove_whole(folder));
  CHECK_FALSE(fs::exists(folder));
}

TEST_CASE("what is behind a link stays as it is") {
  const ordinary_user somebody;
  const auto folder = new_folder();
  const auto other = new_folder();
  std::ofstream{other / "file"} << "x";
  fs::permissions(other, fs::perms::owner_read | fs::perms::owner_exec);
  fs::create_directory_symlink(other, folder / "link");
  fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
  CHECK_FALSE(remove_whole(folder));
  CHECK(fs::exists(other / "file"));
  CHECK(fs::status(other).permissions() == (fs::perms::owner_read | fs::perms::owner_exec));
  CHECK_FALSE(remove_whole(other));
}

TEST_CASE("what is not there needs no removal") {
  CHECK_FALSE(remove_whole("/nowhere/at/all"));
}
