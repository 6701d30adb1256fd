#include "data/split.hpp"

#include <troupe/images.hpp>
#include <troupe/random.hpp>

#include <numeric>
#include <utility>

namespace troupe {

namespace {

/// Fisher and Yates, by hand: what std::shuffle does differs between standard libraries.
void shuffle(std::vector<std::int64_t>& order, random_stream random) {
  for (auto left = order.size(); left > 1; --left)
    std::swap(order[left - 1], order[random.below(left)]);
}

} // namespace

image_split split_images(std::size_t count, std::uint64_t seed) {
  std::vector<std::int64_t> order(count);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  shuffle(order, random_stream{seed, 0, "split"});
  const auto border = order.begin() + static_cast<std::ptrdiff_t>(count * 4 / 5);
  return {{order.begin(), border}, {border, order.end()}};
}

std::vector<std::int64_t> shuffled(std::vector<std::int64_t> order, std::uint64_t seed,
                                   std::uint64_t epoch) {
  shuffle(order, random_stream{seed, epoch, "shuffle"});
  return order;
}

} // namespace troupe
