#pragma once

#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// An IDX file of unsigned bytes with a header for `shape`, whatever `values` are.
inline std::string idx_bytes(const std::vector<std::uint32_t>& shape, std::string_view values) {
  std::string bytes{'\0', '\0', '\x08', static_cast<char>(shape.size())};
  for (const auto extent : shape)
    for (const int shift : {24, 16, 8, 0})
      bytes += static_cast<char>(extent >> shift);
  return bytes.append(values);
}

inline void write_gzipped(const std::filesystem::path& file, std::string_view content) {
  const auto out = gzopen(file.c_str(), "wb");
  const auto written = gzwrite(out, content.data(), static_cast<unsigned>(content.size()));
  if (gzclose(out) != Z_OK || written != static_cast<int>(content.size()))
    throw std::runtime_error{"cannot write " + file.string()};
}
