#pragma once

#include "fused/signal.hpp"

#include <cstdint>
#include <span>

namespace troupe::fused {

/// Returns the mean cross entropy of a batch, and puts its gradients into `logits`. Throws
/// std::invalid_argument for a label that is no class.
double cross_entropy_of_batch(signal& logits, std::span<const std::int64_t> labels);

/// Returns the mean squared error of a batch to `targets` [B, outputs], and puts its gradients into
/// `outputs`.
double squared_error_of_batch(signal& outputs, std::span<const float> targets, std::size_t batch);

} // namespace troupe::fused
