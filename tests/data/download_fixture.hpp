#pragma once

#include "cifar_files.hpp"
#include "data/cifar10.hpp"
#include "data/download.hpp"
#include "http_server.hpp"
#include "messages.hpp"
#include "tar_archive.hpp"
#include "temp_dir.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

inline std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::string hex;
  for (const auto byte : digest) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", byte);
    hex += digits.data();
  }
  return hex;
}

/// Two training images and a test image, archived as CIFAR-10 is. Some of its content does not
/// compress, so that the archive can be cut in the middle.
inline std::string small_cifar10_archive() {
  std::string noise;
  for (auto state = 1U; noise.size() < 20'000; state = state * 1664525 + 1013904223)
    noise += static_cast<char>(state >> 24);
  return make_tar_gz({{"cifar-10-batches-bin/data_batch_1.bin", cifar_records({4, 5})},
                      {"cifar-10-batches-bin/test_batch.bin", cifar_records({6})},
                      {"cifar-10-batches-bin/readme.html", noise}});
}

/// A folder to download into, and what is to be downloaded.
struct download {
  std::string archive = small_cifar10_archive();
  temp_dir dir;
  troupe::transfer_limits limits{};

  std::filesystem::path folder() const { return dir / troupe::cifar10_folder; }
  std::filesystem::path part() const { return dir / "small.tar.gz.part"; }

  troupe::archive_source source(std::string url) const {
    return {.url = std::move(url),
            .bytes = archive.size(),
            .sha256 = sha256_hex(archive),
            .folder = troupe::cifar10_folder,
            .most_unpacked_bytes = 1'000'000};
  }

  http_answer whole() const { return {.body = archive}; }

  void fetch(const troupe::archive_source& from) const {
    troupe::fetch_archive(from, dir.path(), limits, [](std::string_view) {});
  }
  void fetch(const http_server& from) const { fetch(source(from.url("/small.tar.gz"))); }

  std::string message(const http_server& from) const {
    return message_of([&] { fetch(from); });
  }

  /// Whether the folder is there, whole, and nothing but the lock file beside it.
  bool complete() const {
    const auto data = troupe::read_cifar10(folder());
    const auto entries = std::distance(std::filesystem::directory_iterator{dir.path()}, {});
    return data.train.labels == std::vector<std::uint8_t>{4, 5} &&
           data.test.labels == std::vector<std::uint8_t>{6} && entries == 2;
  }
};
