#include <troupe/torch/mixed_precision.hpp>

#include <ATen/autocast_mode.h>

namespace troupe {

autocast::autocast(c10::Device device, at::ScalarType dtype)
    : device_{device.type()},
      was_enabled_{at::autocast::is_autocast_enabled(device_)},
      had_cache_{at::autocast::is_autocast_cache_enabled()},
      former_dtype_{at::autocast::get_autocast_dtype(device_)} {
  at::autocast::set_autocast_cache_enabled(false);
  at::autocast::set_autocast_enabled(device_, dtype != at::kFloat);
  if (dtype != at::kFloat) at::autocast::set_autocast_dtype(device_, dtype);
}

autocast::~autocast() {
  at::autocast::set_autocast_dtype(device_, former_dtype_);
  at::autocast::set_autocast_enabled(device_, was_enabled_);
  at::autocast::set_autocast_cache_enabled(had_cache_);
}

} // namespace troupe
