#include "data/sha256.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>
#include <vector>

namespace troupe {
namespace {

struct releaser {
  void operator()(EVP_MD* algorithm) const noexcept { EVP_MD_free(algorithm); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

/// Fetched once: a fetch searches all of OpenSSL's providers.
const EVP_MD* algorithm() {
  static const std::unique_ptr<EVP_MD, releaser> sha256{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  return sha256.get();
}

void expect(bool done) {
  if (!done) throw std::runtime_error{"OpenSSL cannot compute SHA-256; is its installation sound?"};
}

} // namespace

std::string sha256_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  const std::unique_ptr<EVP_MD_CTX, releaser> context{EVP_MD_CTX_new()};
  expect(context && EVP_DigestInit_ex(context.get(), algorithm(), nullptr));
  std::vector<char> chunk(1 << 20);
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) || in.gcount() > 0)
    expect(EVP_DigestUpdate(context.get(), chunk.data(), static_cast<std::size_t>(in.gcount())));
  if (!in.eof())
    throw data_error{
        fmt::format("{}: cannot be read; is it still there, and the disk sound?", file.string())};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  expect(EVP_DigestFinal_ex(context.get(), digest.data(), &length));
  return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + length, ""));
}

} // namespace troupe
