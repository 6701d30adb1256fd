#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

/// The safetensors file format: an 8-byte little-endian header length, a JSON header, raw data.
namespace troupe::safetensors {

/// A tensor in somebody else's memory: row-major, little-endian.
struct tensor_view {
  std::string name;
  std::string dtype; ///< "F32", "I64", …: the names of the format.
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;
};

/// A file that breaks the format. The message says where.
struct format_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Returns a file of `tensors`, in this order. Throws std::invalid_argument, naming the tensor, if
/// dtype, shape and size do not fit together or a name stands twice.
std::vector<std::byte> write(std::span<const tensor_view> tensors);

/// Returns the tensors of `file` in the order of their data; they point into it. Throws
/// format_error unless every byte of the data belongs to exactly one tensor.
std::vector<tensor_view> read(std::span<const std::byte> file);

} // namespace troupe::safetensors
