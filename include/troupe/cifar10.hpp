#pragma once

#include <troupe/trainable.hpp>

namespace troupe {

/// Returns the trainable "cifar10": a small LeNet that learns to tell ten classes of 32x32 images
/// apart, with SGD (momentum 0.9, weight decay 5e-5) and cross entropy.
///
/// Parameters: `l1` and `l2`, the widths of the two hidden linear layers; `lr`; `batch_size`; and
/// `max_num_epochs` (10 if the space has none). Options: `data` ("cifar-10", "fashion-mnist",
/// "mnist" or "synthetic"), `train_images` and `test_images` (how many to use; all if absent).
///
/// Every epoch reports `loss` and `accuracy` on a fifth of the training images, which the study's
/// seed picks and which is the same for all trials. On a CPU, equal configuration, seed and number
/// of threads give bit-equal metrics.
///
/// One returned trainable serves one run at a time: `load` replaces the images of the run before.
trainable cifar10();

} // namespace troupe
