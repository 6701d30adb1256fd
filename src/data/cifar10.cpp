#include "data/cifar10.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

namespace troupe {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t record_bytes = 1 + image_set::bytes_per_image;
constexpr int most_batches = 5;

[[noreturn]] void refuse(const fs::path& file, std::string_view fault) {
  throw data_error{
      fmt::format("{}: {}; put the files of the binary version of CIFAR-10 into {}, or "
                  "remove that folder to have them downloaded",
                  file.string(), fault, file.parent_path().string())};
}

std::vector<std::uint8_t> read_bytes(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) refuse(file, error.message());
  std::vector<std::uint8_t> bytes(size);
  std::ifstream in{file, std::ios::binary};
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size)))
    refuse(file, fmt::format("cannot be read ({})", std::generic_category().message(errno)));
  return bytes;
}

void append_batch(image_set& set, const fs::path& file) {
  const auto bytes = read_bytes(file);
  if (bytes.empty())
    refuse(file, fmt::format("is empty, but holds at least one record of {} bytes", record_bytes));
  if (bytes.size() % record_bytes != 0)
    refuse(file,
           fmt::format("is truncated: record {} (from 0) ends after {} of {} bytes",
                       bytes.size() / record_bytes, bytes.size() % record_bytes, record_bytes));
  for (std::size_t at = 0; at < bytes.size(); at += record_bytes) {
    const auto label = bytes[at];
    if (label > 9)
      refuse(file, fmt::format("record {} (from 0, at byte {}) has the label {}, not 0 to 9",
                               at / record_bytes, at, label));
    set.labels.push_back(label);
    const auto* const planes = bytes.data() + at + 1;
    set.pixels.insert(set.pixels.end(), planes, planes + image_set::bytes_per_image);
  }
}

/// The training batches that are there. A later one without an earlier one is an incomplete set.
std::vector<fs::path> find_batches(const fs::path& folder) {
  std::vector<fs::path> batches;
  fs::path missing;
  for (int i = 1; i <= most_batches; ++i) {
    auto file = folder / fmt::format("data_batch_{}.bin", i);
    if (!fs::exists(file)) {
      if (missing.empty()) missing = std::move(file);
    } else if (missing.empty()) {
      batches.push_back(std::move(file));
    } else {
      refuse(missing, fmt::format("is missing, but {} is there", file.filename().string()));
    }
  }
  if (batches.empty()) refuse(missing, "is missing");
  return batches;
}

} // namespace

archive_source official_cifar10() {
  return {.url = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
          .bytes = 170'052'171,
          .sha256 = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
          .folder = cifar10_folder,
          .most_unpacked_bytes = 400'000'000};
}

image_data read_cifar10(const fs::path& folder) {
  image_data data;
  for (const auto& batch : find_batches(folder))
    append_batch(data.train, batch);
  const auto test = folder / "test_batch.bin";
  if (!fs::exists(test)) refuse(test, "is missing");
  append_batch(data.test, test);
  return data;
}

} // namespace troupe
