#include "data/sha256.hpp"
#include "data/unpack.hpp"
#include "download_fixture.hpp"

#include <doctest/doctest.h>

using namespace troupe;

namespace {

struct unpacking {
  temp_dir dir;
  std::filesystem::path archive = dir / "a.tar.gz";
  std::filesystem::path into = dir / "into";

  unpacking() { create_directory(into); }

  std::string message(const std::vector<tar_member>& members, std::uint64_t most_bytes = 1'000) {
    write_file(archive, make_tar_gz(members));
    return message_of([&] { unpack_archive(archive, into, most_bytes); });
  }
};

constexpr auto symbolic = tar_member::kind::symbolic_link;
constexpr auto hard = tar_member::kind::hard_link;

} // namespace

TEST_CASE("an archive unpacks to its files") {
  unpacking it;
  CHECK(it.message({{"folder/one", "1"}, {"./two", std::string(900, '2')}}) == "(no error)");
  CHECK(read_file(it.into / "folder/one") == "1");
  CHECK(read_file(it.into / "two") == std::string(900, '2'));
}

TEST_CASE("an archive with a path out of its folder is refused") {
  unpacking it;
  CHECK(has_all(it.message({{"../evil", "x"}}), {it.archive.string(), "../evil"}));
  CHECK(has_all(it.message({{"folder/../../evil", "x"}}), {"folder/../../evil"}));
  CHECK_FALSE(exists(it.dir / "evil"));
  const auto absolute = (it.dir / "evil").string();
  CHECK(has_all(it.message({{absolute, "x"}}), {absolute}));
  CHECK_FALSE(exists(it.dir / "evil"));
}

TEST_CASE("an archive with a link is refused") {
  unpacking it;
  CHECK(has_all(it.message({{"out", "", symbolic, ".."}, {"out/evil", "x"}}),
                {"\"out\"", "neither a plain file nor a folder"}));
  CHECK_FALSE(exists(it.dir / "evil"));
  write_file(it.dir / "secret", "s");
  CHECK(has_all(it.message({{"copy", "", hard, (it.dir / "secret").string()}}), {"\"copy\""}));
}

TEST_CASE("an archive that unpacks to more than was said is refused") {
  unpacking it;
  CHECK(has_all(it.message({{"one", std::string(600, '1')}, {"two", std::string(401, '2')}}),
                {it.archive.string(), "unpacks to more than 1000 bytes"}));
}

TEST_CASE("an archive that is cut off, or none at all, is refused") {
  unpacking it;
  const auto whole = small_cifar10_archive();
  for (const auto& content : {whole.substr(0, whole.size() / 2), std::string{"not an archive"}}) {
    write_file(it.archive, content);
    CHECK(has_all(message_of([&] { unpack_archive(it.archive, it.into, 1'000'000); }),
                  {it.archive.string(), "cannot be unpacked"}));
  }
}

TEST_CASE("a download whose archive is refused leaves no folder behind") {
  download it;
  it.archive = make_tar_gz({{"cifar-10-batches-bin/data_batch_1.bin", cifar_records({1})},
                            {"cifar-10-batches-bin/../../evil", "x"}});
  const http_server server{[&](const http_request&) { return it.whole(); }};
  CHECK(has_all(it.message(server), {"evil"}));
  CHECK_FALSE(exists(it.folder()));
  CHECK_FALSE(exists(it.dir / ".troupe-unpacking"));
}

TEST_CASE("a download whose archive has another folder is an error") {
  download it;
  it.archive = make_tar_gz({{"cifar-100-binary/train.bin", "x"}});
  const http_server server{[&](const http_request&) { return it.whole(); }};
  CHECK(has_all(it.message(server), {"has no folder cifar-10-batches-bin"}));
}

TEST_CASE("SHA-256 has the standard's value for abc") {
  const temp_dir dir;
  write_file(dir / "abc", "abc");
  CHECK(sha256_of(dir / "abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(has_all(message_of([&] { sha256_of(dir / "none"); }), {(dir / "none").string()}));
}

TEST_CASE("SHA-256 of a file of many chunks is that of its bytes") {
  const temp_dir dir;
  const std::string bytes(3'000'001, 'a');
  write_file(dir / "long", bytes);
  CHECK(sha256_of(dir / "long") == sha256_hex(bytes));
}
