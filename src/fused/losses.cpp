#include "fused/losses.hpp"

#include <troupe/fused.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace troupe::fused {

namespace {

float sum_of_exponentials(std::span<const float> logits, float greatest) {
  float sum = 0;
  for (const float logit : logits)
    sum += std::exp(logit - greatest);
  return sum;
}

void check_label(std::int64_t label, std::size_t classes) {
  if (classes == 0) throw std::invalid_argument{"there are no logits"};
  if (label < 0 || static_cast<std::size_t>(label) >= classes)
    throw std::invalid_argument{"label " + std::to_string(label) +
                                " is no class: there are classes 0 to " +
                                std::to_string(classes - 1)};
}

} // namespace

double cross_entropy(std::span<const float> logits, std::size_t label) {
  check_label(static_cast<std::int64_t>(label), logits.size());
  const float greatest = *std::ranges::max_element(logits);
  return std::log(sum_of_exponentials(logits, greatest)) - (logits[label] - greatest);
}

void check_labels(std::span<const std::int64_t> labels, std::size_t classes) {
  for (const auto label : labels)
    check_label(label, classes);
}

double cross_entropy_of(signal& logits, std::span<const std::int64_t> labels, std::size_t batch) {
  const auto classes = logits.shape().elements();
  const auto share = 1 / static_cast<float>(batch);
  double loss = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::span<const float> row{logits.values(i), classes};
    auto* gradient = logits.gradients(i);
    const auto label = static_cast<std::size_t>(labels[i]);
    const float greatest = *std::ranges::max_element(row);
    float sum = 0;
    for (std::size_t k = 0; k < classes; ++k)
      sum += gradient[k] = std::exp(row[k] - greatest);
    for (std::size_t k = 0; k < classes; ++k)
      gradient[k] *= share / sum;
    gradient[label] -= share;
    loss += std::log(sum) - (row[label] - greatest);
  }
  return loss / static_cast<double>(batch);
}

double squared_error_of(signal& outputs, std::span<const float> targets, std::size_t batch) {
  const auto count = outputs.shape().elements();
  const auto all = static_cast<double>(batch * count);
  double loss = 0;
  for (std::size_t i = 0; i < targets.size() / count; ++i)
    for (std::size_t k = 0; k < count; ++k) {
      const float error = outputs.values(i)[k] - targets[i * count + k];
      outputs.gradients(i)[k] = static_cast<float>(2 / all) * error;
      loss += static_cast<double>(error) * error;
    }
  return loss / all;
}

} // namespace troupe::fused
