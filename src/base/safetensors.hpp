#pragma once

#include <troupe/checkpoint.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
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

/// Returns the name of the blob that `part` of a training state is kept in: "model.safetensors".
std::string file_name(std::string_view part);

/// The tensors of a blob, to be taken out one by one. What it throws is a std::runtime_error that
/// names file and tensor.
class open_file {
public:
  /// The blob must outlive *this. Throws if it breaks the format.
  explicit open_file(const blob& from);

  bool has(const std::string& name) const { return left_.contains(name); }

  /// Takes one out. Throws if it is missing.
  tensor_view take(const std::string& name);

  /// Does without one.
  void skip(const std::string& name) { left_.erase(name); }

  /// Throws if there is a tensor that nobody has taken.
  void finish() const;

  [[noreturn]] void fail(const std::string& tensor, const std::string& what) const;

private:
  const blob& from_;
  std::map<std::string, tensor_view> left_;
};

} // namespace troupe::safetensors
