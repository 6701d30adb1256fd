#pragma once

#include <troupe/trainable.hpp>

namespace troupe {

/// What a module has for the program, which opens it when a study first needs it
/// (docs/decisions/0016-the-light-program.md): troupe-fused.so and, with libtorch, troupe-torch.so.
struct trainables_module {
  /// What it was built of, and how (TROUPE_BUILD). Stays the first member, so that builds that
  /// differ in all else can still be told apart.
  const char* build;
  /// The trainable "cifar10", with the engines that the module has.
  trainable (*cifar10)();
};

extern "C" {
/// The only symbol that a module exports.
const troupe::trainables_module* troupe_module() noexcept;
}

} // namespace troupe
