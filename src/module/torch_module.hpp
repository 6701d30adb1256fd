#pragma once

#include <troupe/trainable.hpp>

namespace troupe {

/// What the module troupe-torch.so has for the program, which opens it when a study first needs
/// libtorch (docs/decisions/0016-the-light-program.md).
struct torch_module {
  /// What it was built of, and how (TROUPE_BUILD). Stays the first member, so that builds that
  /// differ in all else can still be told apart.
  const char* build;
  /// troupe::cifar10.
  trainable (*cifar10)();
};

extern "C" {
/// The only symbol that the module exports.
const troupe::torch_module* troupe_torch_module() noexcept;
}

} // namespace troupe
