#pragma once

#include <troupe/trainable.hpp>

namespace troupe {

/// Returns the trainable "cifar10" with the engine "fused" alone: troupe::cifar10() without
/// libtorch.
trainable fused_cifar10();

} // namespace troupe
