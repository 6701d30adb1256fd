#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace troupe {

/// What an IDX file of bytes holds: an array of any rank, the last index running fastest.
struct idx_array {
  std::vector<std::size_t> shape;
  std::vector<std::uint8_t> values; ///< As many as the product of `shape`.
};

/// Reads an IDX file (the format of MNIST and its kin) of unsigned bytes, gzipped or not, with
/// `rank` dimensions, at most 1 GiB. Throws data_error if it cannot be read, is something else, is
/// truncated, or goes on after its end.
idx_array read_idx(const std::filesystem::path& file, std::size_t rank);

} // namespace troupe
