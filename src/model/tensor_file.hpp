#pragma once

#include "base/safetensors.hpp"

#include <troupe/checkpoint.hpp>

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

/// Tensors as a state dict names them.
using named_tensors = std::vector<std::pair<std::string, at::Tensor>>;

/// Returns the name of the blob that `part` of a training state is kept in.
std::string tensor_file_name(std::string_view part);

/// Copies tensors, from whatever device, into a blob. Throws std::invalid_argument, naming the
/// tensor, for one whose type the format lacks.
blob write_tensors(std::string_view part, const named_tensors& tensors);

/// The tensors of a blob, to be taken out one by one. What it throws is a std::runtime_error that
/// names file and tensor.
class saved_tensors {
public:
  /// The tensors of `part` in `c`; the checkpoint must outlive *this. Throws std::out_of_range if
  /// there is no such file.
  saved_tensors(const checkpoint& c, std::string_view part);

  bool has(const std::string& name) const { return left_.contains(name); }

  /// Returns a copy of a tensor, on the CPU. Throws if it is missing.
  at::Tensor take(const std::string& name);

  /// The same; throws also if it has another shape or type than `like`.
  at::Tensor take(const std::string& name, const at::Tensor& like);

  /// Throws if there is a tensor that nobody has taken.
  void finish() const;

  [[noreturn]] void fail(const std::string& tensor, const std::string& what) const;

private:
  const blob& from_;
  std::map<std::string, safetensors::tensor_view> left_;
};

} // namespace troupe
