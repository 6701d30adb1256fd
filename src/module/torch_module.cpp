#include "module/trainables_module.hpp"

#include <troupe/cifar10.hpp>

extern "C" [[gnu::visibility("default")]] const troupe::trainables_module*
troupe::troupe_module() noexcept {
  static constexpr trainables_module module{TROUPE_BUILD, &cifar10};
  return &module;
}
