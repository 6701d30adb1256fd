#pragma once

#include <array>

namespace troupe {

/// Of CIFAR-10's training images, per channel, with bytes as 0 to 1: a network gets
/// (byte / 255 - mean) / deviation.
inline constexpr std::array<double, 3> pixel_mean{0.4914, 0.4822, 0.4465},
    pixel_deviation{0.2023, 0.1994, 0.2010};

} // namespace troupe
