#pragma once

#include "base/safetensors.hpp"

#include <troupe/checkpoint.hpp>

#include <ATen/core/Tensor.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

/// Tensors as a state dict names them.
using named_tensors = std::vector<std::pair<std::string, at::Tensor>>;

/// Copies tensors, from whatever device, into a blob. Throws std::invalid_argument, naming the
/// tensor, for one whose type the format lacks.
blob write_tensors(std::string_view part, const named_tensors& tensors);

/// The tensors of a blob, to be taken out one by one as libtorch's. What it throws is a
/// std::runtime_error that names file and tensor.
class saved_tensors {
public:
  /// The tensors of `part` in `c`; the checkpoint must outlive *this. Throws std::out_of_range if
  /// there is no such file.
  saved_tensors(const checkpoint& c, std::string_view part)
      : file_{c.at(safetensors::file_name(part))} {}

  bool has(const std::string& name) const { return file_.has(name); }

  /// Returns a copy of a tensor, on the CPU. Throws if it is missing.
  at::Tensor take(const std::string& name);

  /// The same; throws also if it has another shape or type than `like`.
  at::Tensor take(const std::string& name, const at::Tensor& like);

  /// Throws if there is a tensor that nobody has taken.
  void finish() const { file_.finish(); }

  [[noreturn]] void fail(const std::string& tensor, const std::string& what) const {
    file_.fail(tensor, what);
  }

private:
  at::Tensor copy(const safetensors::tensor_view& view) const;

  safetensors::open_file file_;
};

} // namespace troupe
