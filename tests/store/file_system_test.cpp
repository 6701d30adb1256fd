#include "network_kit.hpp"
#include "store/file_system.hpp"

#include <doctest/doctest.h>

using namespace store_kit;
using namespace troupe;

TEST_CASE("a file system's type says whether other machines see it") {
  for (const std::uint32_t nfs_cifs_fuse_lustre : {0x6969U, 0xff534d42U, 0x65735546U, 0x0bd00bd0U})
    CHECK(file_system_of_type(nfs_cifs_fuse_lustre) == file_system::network);
  for (const std::uint32_t ext4_xfs_tmpfs_overlay :
       {0xef53U, 0x58465342U, 0x01021994U, 0x794c7630U})
    CHECK(file_system_of_type(ext4_xfs_tmpfs_overlay) == file_system::local);
}

TEST_CASE("a wish counts for more than a file system's type") {
  CHECK(file_system_of_type(0x6969, "local") == file_system::local);
  CHECK(file_system_of_type(0xef53, "network") == file_system::network);
  CHECK(file_system_of_type(0x6969, std::nullopt) == file_system::network);
  CHECK(message_of<std::invalid_argument>([] { file_system_of_type(0, "nfs"); }) ==
        "TROUPE_FILE_SYSTEM must be network or local; found \"nfs\"");
}

TEST_CASE("a folder that is not there yet is where its parents are") {
  temp_dir folder;
  CHECK(is_on_network(folder / "a/b/c") == is_on_network(folder.path()));
  CHECK(is_on_network("a/b/c") == is_on_network("."));
  const pretended_network network;
  CHECK(is_on_network(folder / "a/b/c"));
}
