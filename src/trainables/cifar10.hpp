#pragma once

#include <troupe/trainable.hpp>

namespace troupe {

/// Epochs of a trial whose space has no `max_num_epochs`.
inline constexpr int cifar10_epochs = 10;

/// Returns all that troupe::cifar10() says of itself, without the functions that need libtorch.
trainable describe_cifar10();

} // namespace troupe
