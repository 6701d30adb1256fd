#include "fused/cifar10.hpp"
#include "module/trainables_module.hpp"

extern "C" [[gnu::visibility("default")]] const troupe::trainables_module*
troupe::troupe_module() noexcept {
  static constexpr trainables_module module{TROUPE_BUILD, &fused_cifar10};
  return &module;
}
