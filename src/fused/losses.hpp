#pragma once

#include "fused/signal.hpp"

#include <cstdint>
#include <span>

namespace troupe::fused {

/// Throws std::invalid_argument for a label that is no class.
void check_labels(std::span<const std::int64_t> labels, std::size_t classes);

// What examples of a batch, or all of it, come to: they return their part of its mean loss, and put
// its gradients in the place of `outputs`. `batch`: how many examples it has in all.

double cross_entropy_of(signal& logits, std::span<const std::int64_t> labels, std::size_t batch);

/// `targets`: [examples, outputs].
double squared_error_of(signal& outputs, std::span<const float> targets, std::size_t batch);

} // namespace troupe::fused
