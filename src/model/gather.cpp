#include "model/gather.hpp"

#include "data/normalization.hpp"

#include <ATen/ops/addcmul.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/index_select.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <array>

namespace troupe {

namespace {

constexpr auto mean = pixel_mean, deviation = pixel_deviation;

using normalization_table = std::array<std::array<float, 256>, image_set::channels>;

constexpr normalization_table normalized = [] {
  normalization_table table{};
  for (std::size_t c = 0; c < table.size(); ++c)
    for (std::size_t byte = 0; byte < 256; ++byte)
      table[c][byte] = static_cast<float>((byte / 255.0 - mean[c]) / deviation[c]);
  return table;
}();

template <class T>
at::Tensor copy_to(c10::Device device, const T* data, at::IntArrayRef shape) {
  // from_blob wants mutable memory; the copy only reads it.
  return at::from_blob(const_cast<T*>(data), shape, c10::CppTypeToScalarType<T>::value)
      .to(device, /*non_blocking=*/false, /*copy=*/true);
}

} // namespace

void gather_on_cpu(const image_set& set, std::span<const std::int64_t> order,
                   const at::Tensor& images, const at::Tensor& labels) {
  constexpr auto plane = image_set::height * image_set::width;
  auto* out = images.data_ptr<float>();
  auto* label = labels.data_ptr<std::int64_t>();
  for (const auto image : order) {
    const auto number = static_cast<std::size_t>(image);
    const auto* pixel = set.pixels.data() + number * image_set::bytes_per_image;
    for (std::size_t i = 0; i < plane; ++i)
      for (std::size_t c = 0; c < image_set::channels; ++c)
        *out++ = normalized[c][pixel[c * plane + i]];
    *label++ = set.labels[number];
  }
}

device_images upload(const image_set& set, c10::Device device) {
  std::array<float, 3> scale{}, shift{};
  for (std::size_t c = 0; c < 3; ++c) {
    scale[c] = static_cast<float>(1 / (255 * deviation[c]));
    shift[c] = static_cast<float>(-mean[c] / deviation[c]);
  }
  const auto n = static_cast<std::int64_t>(set.size());
  device_images there{
      device,
      &set,
      copy_to(device, set.pixels.data(), {n, 3, image_set::height, image_set::width}),
      copy_to(device, set.labels.data(), {n}).to(at::kLong),
      copy_to(device, scale.data(), {3, 1, 1}),
      copy_to(device, shift.data(), {3, 1, 1})};
  // Other trials read them from streams that do not wait for this one.
  const c10::impl::VirtualGuardImpl backend{device.type()};
  backend.synchronizeStream(backend.getStream(device));
  return there;
}

at::Tensor gather_on_device(const device_images& images, const at::Tensor& order) {
  const auto bytes = at::index_select(images.pixels, 0, order);
  return at::addcmul(images.shift, bytes.to(at::kFloat), images.scale);
}

} // namespace troupe
