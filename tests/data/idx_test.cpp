#include "data/idx.hpp"
#include "idx_files.hpp"
#include "messages.hpp"
#include "temp_dir.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <numeric>

using namespace troupe;
using namespace std::string_literals;

namespace {

struct one_file {
  temp_dir dir;
  std::filesystem::path file = dir / "some-idx3-ubyte";

  std::string message(std::size_t rank = 3) const {
    return message_of([&] { read_idx(file, rank); });
  }
};

std::string count_up(std::size_t count) {
  std::string values(count, '\0');
  std::iota(values.begin(), values.end(), '\0');
  return values;
}

} // namespace

TEST_CASE("an IDX file is read, gzipped or plain") {
  const one_file it;
  const auto content = idx_bytes({2, 3, 4}, count_up(24));
  SUBCASE("plain") {
    write_file(it.file, content);
  }
  SUBCASE("gzipped") {
    write_gzipped(it.file, content);
  }
  const auto array = read_idx(it.file, 3);
  CHECK(array.shape == std::vector<std::size_t>{2, 3, 4});
  REQUIRE(array.values.size() == 24);
  CHECK(array.values[0] == 0);
  CHECK(array.values[23] == 23);
}

TEST_CASE("an IDX file larger than one chunk is read whole") {
  const one_file it;
  const auto values = count_up(5'000'001);
  write_gzipped(it.file, idx_bytes({5'000'001}, values));
  const auto array = read_idx(it.file, 1);
  CHECK(std::string{array.values.begin(), array.values.end()} == values);
}

TEST_CASE("a missing IDX file is an error that names it") {
  const one_file it;
  CHECK(has_all(it.message(), {it.file.string(), "No such file"}));
}

TEST_CASE("a file that does not begin as an IDX file of that rank is an error") {
  const one_file it;
  write_file(it.file, "<html>not found</html>");
  CHECK(has_all(it.message(), {it.file.string(), "not an IDX file", "0x3c68746d"}));
  write_file(it.file, idx_bytes({4}, count_up(4)));
  CHECK(has_all(it.message(), {"3 dimension(s)", "0x00000801", "0x00000803"}));
}

TEST_CASE("an IDX file cut off within header or values is an error") {
  const one_file it;
  const auto content = idx_bytes({2, 3, 4}, count_up(24));
  for (const std::size_t kept : {0, 3, 15}) {
    write_file(it.file, content.substr(0, kept));
    CHECK(has_all(it.message(), {it.file.string(), "truncated within its header"}));
  }
  write_file(it.file, content.substr(0, 39));
  CHECK(has_all(it.message(), {"truncated: 23 of 24 (2 x 3 x 4) bytes"}));
}

TEST_CASE("a gzip stream cut off anywhere is an error") {
  const one_file it;
  write_gzipped(it.file, idx_bytes({2, 3, 4}, count_up(24)));
  const auto zipped = read_file(it.file);
  for (const auto kept : {zipped.size() - 1, zipped.size() - 8, zipped.size() / 2}) {
    write_file(it.file, zipped.substr(0, kept));
    CHECK(has_all(it.message(), {it.file.string(), "truncated"}));
  }
}

TEST_CASE("a gzip stream with a flipped bit is an error") {
  const one_file it;
  write_gzipped(it.file, idx_bytes({2, 3, 4}, count_up(24)));
  auto zipped = read_file(it.file);
  zipped[zipped.size() - 6] ^= 1; // In the checksum.
  write_file(it.file, zipped);
  CHECK(has_all(it.message(), {it.file.string(), "cannot be unzipped"}));
}

TEST_CASE("an IDX file that goes on after its end is an error") {
  const one_file it;
  write_file(it.file, idx_bytes({2, 3, 4}, count_up(25)));
  CHECK(has_all(it.message(), {"goes on after its 24 (2 x 3 x 4) bytes"}));
}

TEST_CASE("an IDX header that claims absurd sizes is an error, not an allocation") {
  const one_file it;
  write_file(it.file, idx_bytes({0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, ""));
  CHECK(has_all(it.message(), {it.file.string(), "claims more than"}));
  write_file(it.file, idx_bytes({1 << 15, 1 << 15, 1}, "x"));
  CHECK(has_all(it.message(), {"truncated: 1 of 1073741824"}));
}
