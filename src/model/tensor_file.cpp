#include "model/tensor_file.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <sstream>
#include <stdexcept>

namespace troupe {

namespace {

constexpr std::array<std::pair<at::ScalarType, std::string_view>, 9> dtypes{{
    {at::kBool, "BOOL"},
    {at::kByte, "U8"},
    {at::kChar, "I8"},
    {at::kHalf, "F16"},
    {at::kBFloat16, "BF16"},
    {at::kInt, "I32"},
    {at::kFloat, "F32"},
    {at::kLong, "I64"},
    {at::kDouble, "F64"},
}};

std::string_view dtype_name(const std::string& tensor, at::ScalarType type) {
  const auto* known = std::ranges::find(dtypes, type, [](const auto& d) { return d.first; });
  if (known == dtypes.end())
    throw std::invalid_argument{"tensor \"" + tensor +
                                "\" has a type that checkpoints lack: " + c10::toString(type)};
  return known->second;
}

/// "F32 [2, 3]".
std::string describe(std::string_view dtype, at::IntArrayRef shape) {
  std::ostringstream text;
  text << dtype << ' ' << shape;
  return text.str();
}

} // namespace

blob write_tensors(std::string_view part, const named_tensors& tensors) {
  named_tensors copies; // Keeps the memory that the views point to.
  for (const auto& [name, tensor] : tensors)
    copies.emplace_back(name, tensor.detach().cpu().contiguous());
  // Those who map the file want every tensor aligned.
  std::ranges::stable_sort(copies, std::greater{},
                           [](const auto& copy) { return copy.second.element_size(); });
  std::vector<safetensors::tensor_view> views;
  for (const auto& [name, copy] : copies)
    views.push_back({name,
                     std::string{dtype_name(name, copy.scalar_type())},
                     copy.sizes().vec(),
                     {static_cast<const std::byte*>(copy.const_data_ptr()), copy.nbytes()}});
  return {safetensors::file_name(part), safetensors::write(views)};
}

at::Tensor saved_tensors::copy(const safetensors::tensor_view& view) const {
  const auto* known = std::ranges::find(dtypes, view.dtype, [](const auto& d) { return d.second; });
  if (known == dtypes.end()) fail(view.name, "has a type that libtorch lacks: " + view.dtype);
  auto copy = at::empty(view.shape, at::TensorOptions{known->first});
  std::memcpy(copy.mutable_data_ptr(), view.bytes.data(), view.bytes.size());
  return copy;
}

at::Tensor saved_tensors::take(const std::string& name) {
  return copy(file_.take(name));
}

at::Tensor saved_tensors::take(const std::string& name, const at::Tensor& like) {
  const auto view = file_.take(name);
  const auto expected = describe(dtype_name(name, like.scalar_type()), like.sizes());
  const auto saved = describe(view.dtype, view.shape);
  if (saved != expected) fail(name, "is " + saved + " there, and should be " + expected);
  return copy(view);
}

} // namespace troupe
