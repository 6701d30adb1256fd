#include "module/torch_module.hpp"

#include <troupe/cifar10.hpp>

extern "C" [[gnu::visibility("default")]] const troupe::torch_module*
troupe::troupe_torch_module() noexcept {
  static constexpr torch_module module{TROUPE_BUILD, &cifar10};
  return &module;
}
