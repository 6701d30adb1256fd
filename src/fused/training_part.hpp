#pragma once

#include "fused/layer.hpp"

#include <algorithm>
#include <memory>
#include <vector>

namespace troupe::fused {

/// The gradients of one of several replicas, from its share of a batch.
class share_of_gradients : public updater {
public:
  explicit share_of_gradients(std::size_t size) : all_{size} {}

  void update(std::size_t first, std::size_t count, const float* gradient) override {
    std::copy_n(gradient, count, at(first));
  }

  float* at(std::size_t first) { return all_.data() + first; }

private:
  buffer<float> all_;
};

/// What a replica needs to train.
struct training_part {
  buffer<float> added_up;                      ///< Of the layers that add up their gradients.
  std::unique_ptr<share_of_gradients> to_join; ///< None where there is one replica alone.
  double loss = 0;
};

/// `size`: that of the weights.
inline std::vector<training_part> make_training_parts(std::size_t replicas, std::size_t size) {
  std::vector<training_part> parts;
  for (std::size_t k = 0; k < replicas; ++k)
    parts.push_back(
        {buffer<float>{size}, replicas > 1 ? std::make_unique<share_of_gradients>(size) : nullptr});
  return parts;
}

} // namespace troupe::fused
