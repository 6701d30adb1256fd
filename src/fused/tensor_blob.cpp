#include "fused/tensor_blob.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstring>
#include <optional>
#include <stdexcept>

namespace troupe::fused {

namespace {

template <class T>
double number_in(std::span<const std::byte> bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return static_cast<double>(value);
}

std::optional<double> to_number(const safetensors::tensor_view& t) {
  if (!t.shape.empty()) return {};
  if (t.dtype == "F64") return number_in<double>(t.bytes);
  if (t.dtype == "F32") return number_in<float>(t.bytes);
  if (t.dtype == "I64") return number_in<std::int64_t>(t.bytes);
  return {};
}

} // namespace

// -- writing -------------------------------------------------------------------------------------

std::byte* blob_writer::add(std::string name, std::string type, std::vector<std::int64_t> shape,
                            std::size_t bytes) {
  auto& content = contents_.emplace_back(bytes);
  auto& list = type == "F64" ? doubles_ : type == "F32" ? floats_ : bytes_;
  list.push_back({std::move(name), std::move(type), std::move(shape), content});
  return content.data();
}

void blob_writer::add(const std::string& name, const parameter_tensor& parameter,
                      const float* values) {
  auto* to = add(name, "F32", parameter.shape, parameter.places.size() * sizeof(float));
  for (const auto place : parameter.places) {
    std::memcpy(to, values + place, sizeof(float));
    to += sizeof(float);
  }
}

void blob_writer::add(const std::string& name, std::span<const double> numbers) {
  std::vector<std::int64_t> shape;
  if (numbers.size() > 1) shape.push_back(static_cast<std::int64_t>(numbers.size()));
  std::memcpy(add(name, "F64", std::move(shape), numbers.size_bytes()), numbers.data(),
              numbers.size_bytes());
}

void blob_writer::add(const std::string& name, bool value) {
  *add(name, "BOOL", {}, 1) = static_cast<std::byte>(value);
}

blob blob_writer::finish(std::string_view part) const {
  auto all = doubles_;
  all.insert(all.end(), floats_.begin(), floats_.end());
  all.insert(all.end(), bytes_.begin(), bytes_.end());
  return {safetensors::file_name(part), safetensors::write(all)};
}

// -- reading -------------------------------------------------------------------------------------

void blob_reader::take(const std::string& name, const parameter_tensor& parameter, float* values) {
  const auto view = open_file::take(name);
  if (view.dtype != "F32" || view.shape != parameter.shape)
    fail(name, fmt::format("is {} {} there, and should be F32 {}", view.dtype, view.shape,
                           parameter.shape));
  const auto* from = view.bytes.data();
  for (const auto place : parameter.places) {
    std::memcpy(values + place, from, sizeof(float));
    from += sizeof(float);
  }
}

double blob_reader::take_count(const std::string& name) {
  constexpr double most = 9007199254740992; // 2^53: beyond it not every number can be told apart
  const auto number = to_number(open_file::take(name));
  if (!number || !(*number >= 0 && *number <= most) || *number != std::floor(*number))
    fail(name, "should be a whole number that is not negative");
  return *number;
}

double blob_reader::take_count(std::span<const parameter_tensor> parameters,
                               const std::string& prefix, const std::string& suffix) {
  std::optional<double> count;
  for (const auto& p : parameters) {
    auto name = prefix + p.name;
    name += suffix;
    const double its_count = take_count(name);
    if (count && *count != its_count) fail(name, "is not that of the other parameters");
    count = its_count;
  }
  return count.value_or(0);
}

} // namespace troupe::fused
