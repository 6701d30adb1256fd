#include "base/safetensors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace {

using namespace troupe::safetensors;

/// A file with this header, as it stands, and `data_bytes` bytes of data.
std::vector<std::byte> file_of(std::string_view header, std::size_t data_bytes) {
  std::vector<std::byte> file(8 + header.size() + data_bytes);
  const auto length = static_cast<std::uint64_t>(header.size());
  std::memcpy(file.data(), &length, sizeof length);
  std::memcpy(file.data() + 8, header.data(), header.size());
  return file;
}

void refuse(std::string_view header, std::size_t data_bytes, const char* why) {
  CAPTURE(header);
  const auto file = file_of(header, data_bytes);
  CHECK_THROWS_WITH_AS(read(file), doctest::Contains(why), format_error);
}

const std::array<float, 6> weights{1, 2, 3, 4, 5, 6};
const std::array<std::int64_t, 1> count{7};

std::vector<std::byte> two_tensors() {
  const std::vector<tensor_view> tensors{
      {"conv1.weight", "F32", {2, 3}, std::as_bytes(std::span{weights})},
      {"a \"quoted\" näme", "I64", {}, std::as_bytes(std::span{count})},
      {"empty", "F32", {0, 5}, {}}};
  return write(tensors);
}

} // namespace

TEST_CASE("what is written reads back") {
  const auto file = two_tensors();
  auto tensors = read(file);
  REQUIRE(tensors.size() == 3);
  const auto find = [&](std::string_view name) {
    return *std::ranges::find(tensors, name, &tensor_view::name);
  };
  const auto weight = find("conv1.weight");
  CHECK(weight.dtype == "F32");
  CHECK(weight.shape == std::vector<std::int64_t>{2, 3});
  CHECK(std::ranges::equal(weight.bytes, std::as_bytes(std::span{weights})));
  const auto scalar = find("a \"quoted\" näme");
  CHECK(scalar.shape.empty());
  CHECK(std::ranges::equal(scalar.bytes, std::as_bytes(std::span{count})));
  CHECK(find("empty").bytes.empty());
}

TEST_CASE("data starts at a multiple of 8 bytes") {
  const auto file = two_tensors();
  CHECK(std::to_integer<int>(file[0]) % 8 == 0);
  CHECK(reinterpret_cast<std::uintptr_t>(read(file).back().bytes.data()) % 4 == 0);
}

TEST_CASE("a file of no tensors reads back") {
  CHECK(read(write({})).empty());
}

TEST_CASE("metadata is not a tensor") {
  CHECK(read(file_of(R"({"__metadata__": {"format": "pt"}})", 0)).empty());
}

TEST_CASE("a file that is cut off anywhere is refused") {
  const auto file = two_tensors();
  for (std::size_t size = 0; size < file.size(); ++size)
    CHECK_THROWS_AS(read(std::span{file}.first(size)), format_error);
}

TEST_CASE("a file with a byte too many is refused") {
  auto file = two_tensors();
  file.push_back(std::byte{0});
  CHECK_THROWS_WITH_AS(read(file), doctest::Contains("belongs to no tensor"), format_error);
}

TEST_CASE("a file with any byte of its header changed is read or refused") {
  const auto good = two_tensors();
  const auto header_end = 8 + std::to_integer<std::size_t>(good[0]);
  int refused = 0;
  for (std::size_t i = 0; i < header_end; ++i)
    for (const auto flip : {0x01, 0x20, 0x80}) {
      auto file = good;
      file[i] ^= static_cast<std::byte>(flip);
      try {
        for (const auto& tensor : read(file))
          CHECK(tensor.bytes.size() <= good.size());
      } catch (const format_error&) {
        ++refused;
      }
    }
  CHECK(refused > 100);
}

TEST_CASE("a header that is longer than any honest one is refused before it is read") {
  auto file = file_of("{}", 0);
  file[7] = std::byte{0xff};
  CHECK_THROWS_WITH_AS(read(file), doctest::Contains("header would have"), format_error);
}

TEST_CASE("headers that lie are refused, and the message names the tensor") {
  refuse("[]", 0, "not a JSON object");
  refuse("{\"a\": ", 0, "not JSON");
  refuse(R"({"a": 1})", 0, "\"a\"");
  refuse(R"({"a": {"shape": [1], "data_offsets": [0, 4]}})", 4, "dtype");
  refuse(R"({"a": {"dtype": "F32", "data_offsets": [0, 4]}})", 4, "shape");
  refuse(R"({"a": {"dtype": "F32", "shape": [1]}})", 4, "data_offsets");
  refuse(R"({"a": {"dtype": "F31", "shape": [1], "data_offsets": [0, 4]}})", 4, "F31");
  refuse(R"({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}})", 4, "shape");
  refuse(R"({"a": {"dtype": "F32", "shape": [1.5], "data_offsets": [0, 4]}})", 4, "shape");
  refuse(R"({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}})", 4, "fit together");
  refuse(R"({"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}})", 4, "no range");
  refuse(R"({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4, 8]}})", 4, "no range");
  refuse(R"({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}})", 4, "beyond the end");
  // 2^62 * 4 * 4 overflows to 0.
  refuse(R"({"a": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 0]}})", 0,
         "fit together");
}

TEST_CASE("tensors that overlap or leave a gap are refused") {
  const auto two = [](std::string_view second) {
    return R"({"a": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}, )"
           R"("b": {"dtype": "U8", "shape": [4], "data_offsets": )" +
           std::string{second} + "}}";
  };
  CHECK(read(file_of(two("[4, 8]"), 8)).size() == 2);
  refuse(two("[2, 6]"), 6, "\"b\"");
  refuse(two("[6, 10]"), 10, "\"b\"");
}

TEST_CASE("tensors that do not fit together are not written") {
  const auto bytes = std::as_bytes(std::span{weights});
  const auto refuse_to_write = [](std::vector<tensor_view> tensors) {
    CHECK_THROWS_AS(write(tensors), std::invalid_argument);
  };
  refuse_to_write({{"a", "F32", {5}, bytes}});
  refuse_to_write({{"a", "complex", {6}, bytes}});
  refuse_to_write({{"a", "F32", {6}, bytes}, {"a", "F32", {6}, bytes}});
  refuse_to_write({{"__metadata__", "F32", {6}, bytes}});
}
