#include <troupe/torch/dropout.hpp>

#include <ATen/ops/empty_like.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace troupe {

dropout_impl::dropout_impl(double p, at::Generator generator)
    : p_{p},
      generator_{std::move(generator)} {
  if (!(0 <= p && p < 1))
    throw std::invalid_argument{"dropout needs 0 <= p < 1; found " + std::to_string(p)};
}

at::Tensor dropout_impl::forward(const at::Tensor& input) {
  if (!is_training() || p_ == 0) return input;
  return input * at::empty_like(input).bernoulli_(1 - p_, generator_).div_(1 - p_);
}

void dropout_impl::pretty_print(std::ostream& stream) const {
  stream << "troupe::dropout(p=" << p_ << ')';
}

} // namespace troupe
