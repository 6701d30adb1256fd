#pragma once

#include "data/split.hpp"

#include <troupe/config.hpp>
#include <troupe/images.hpp>
#include <troupe/trainable.hpp>

#include <span>

namespace troupe {

/// The images that all trials of a run of "cifar10" share.
struct image_task {
  image_set train, test;
  image_split split; ///< Of train.
};

/// Loads what the study's trainable names. Throws what load_images throws, and data_error if that
/// is too few.
image_task load_image_task(const run_context& context);

/// Returns after how many epochs a trial is complete.
int epochs_of(const config& c);

/// How good a network is on some images.
struct score {
  double loss = 0;     ///< Mean over the batches of each batch's mean cross entropy.
  double accuracy = 0; ///< Share of the images whose class has the highest logit.
};

/// Returns the mean over batches of each batch's mean; the last may be smaller, and counts as much.
double mean_of_batch_means(std::span<const float> losses, std::size_t batch_size);

} // namespace troupe
