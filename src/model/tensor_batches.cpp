#include <troupe/torch.hpp>

#include <ATen/ops/from_blob.h>
#include <ATen/ops/index_select.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace troupe {

namespace {

std::int64_t common_rows(const std::vector<at::Tensor>& tensors) {
  if (tensors.empty()) throw std::invalid_argument{"tensor_batches needs at least one tensor"};
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const auto name = "tensor_batches: tensor " + std::to_string(i);
    if (tensors[i].dim() == 0) throw std::invalid_argument{name + " has no rows"};
    if (tensors[i].size(0) != tensors[0].size(0))
      throw std::invalid_argument{name + " has not as many rows as tensor 0"};
  }
  return tensors[0].size(0);
}

} // namespace

tensor_batches::tensor_batches(std::vector<at::Tensor> tensors, batch_options options,
                               c10::Device device)
    : tensors_{std::move(tensors)},
      options_{options},
      device_{device},
      rows_{common_rows(tensors_)} {
  if (options_.batch_size < 1)
    throw std::invalid_argument{"tensor_batches needs a batch_size of at least 1; found " +
                                std::to_string(options_.batch_size)};
  for (auto& tensor : tensors_)
    tensor = tensor.to(device_);
  start(0);
}

void tensor_batches::start(std::uint64_t epoch) {
  dealt_ = 0;
  if (!options_.seed) return;
  std::vector<std::int64_t> order(static_cast<std::size_t>(rows_));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  order = shuffled(std::move(order), *options_.seed, epoch);
  order_ = at::from_blob(order.data(), rows_, at::kLong)
               .to(device_, /*non_blocking=*/false, /*copy=*/true);
}

bool tensor_batches::next() {
  if (dealt_ == size()) return false;
  const auto first = dealt_++ * options_.batch_size,
             count = std::min(options_.batch_size, rows_ - first);
  batch_.clear();
  for (const auto& tensor : tensors_)
    batch_.push_back(order_.defined() ? at::index_select(tensor, 0, order_.narrow(0, first, count))
                                      : tensor.narrow(0, first, count));
  return true;
}

std::int64_t tensor_batches::size() const noexcept {
  return (options_.drop_last ? rows_ : rows_ + options_.batch_size - 1) / options_.batch_size;
}

double tensor_batches::fraction() const noexcept {
  return size() == 0 ? 1 : static_cast<double>(dealt_) / static_cast<double>(size());
}

} // namespace troupe
