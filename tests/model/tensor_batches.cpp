// libtorch defines CHECK too, so doctest's macros go by their long names here.
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#include <troupe/torch.hpp>

#include <ATen/ops/arange.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/scalar_tensor.h>
#include <doctest/doctest.h>

namespace {

using namespace troupe;

/// Returns the first column of what an epoch deals out, batch by batch.
std::vector<std::vector<std::int64_t>> dealt(tensor_batches& batches) {
  std::vector<std::vector<std::int64_t>> all;
  while (batches.next()) {
    auto& batch = all.emplace_back();
    for (std::int64_t i = 0; i < batches[0].size(0); ++i)
      batch.push_back(batches[0][i].item<std::int64_t>());
  }
  return all;
}

using numbers = std::vector<std::vector<std::int64_t>>;

} // namespace

DOCTEST_TEST_CASE("without a seed rows come in order, and the last batch may be smaller") {
  tensor_batches batches{{at::arange(7)}, {.batch_size = 3}};
  DOCTEST_CHECK(batches.size() == 3);
  DOCTEST_CHECK(dealt(batches) == numbers{{0, 1, 2}, {3, 4, 5}, {6}});
  DOCTEST_CHECK(!batches.next());
  batches.start(1);
  DOCTEST_CHECK(dealt(batches) == numbers{{0, 1, 2}, {3, 4, 5}, {6}});
}

DOCTEST_TEST_CASE("a last batch that is smaller can be left out") {
  tensor_batches batches{{at::arange(7)}, {.batch_size = 3, .drop_last = true}};
  DOCTEST_CHECK(batches.size() == 2);
  DOCTEST_CHECK(dealt(batches) == numbers{{0, 1, 2}, {3, 4, 5}});
  tensor_batches none{{at::arange(2)}, {.batch_size = 3, .drop_last = true}};
  DOCTEST_CHECK(!none.next());
  DOCTEST_CHECK(none.fraction() == 1);
}

DOCTEST_TEST_CASE("with a seed each epoch has an order of its own, as `shuffled` has it") {
  const auto make = [](std::uint64_t seed) {
    return tensor_batches{{at::arange(20)}, {.batch_size = 20, .seed = seed}};
  };
  auto batches = make(5), again = make(5), other = make(6);
  std::vector<std::int64_t> rows(20);
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i] = static_cast<std::int64_t>(i);
  const auto first = dealt(batches);
  DOCTEST_CHECK(first == numbers{shuffled(rows, 5, 0)});
  DOCTEST_CHECK(first != dealt(other));
  batches.start(3);
  again.start(3);
  const auto fourth = dealt(batches);
  DOCTEST_CHECK(fourth == numbers{shuffled(rows, 5, 3)});
  DOCTEST_CHECK(fourth == dealt(again));
}

DOCTEST_TEST_CASE("any number of tensors stay together row by row") {
  const auto x = at::arange(10), y = x.reshape({10, 1, 1}).expand({10, 2, 3}) * 2.5, z = x.ne(4);
  tensor_batches batches{{x, y, z}, {.batch_size = 4, .seed = 1}};
  std::int64_t rows = 0;
  while (batches.next()) {
    const auto count = batches[0].size(0);
    DOCTEST_CHECK(batches[1].sizes() == at::IntArrayRef{count, 2, 3});
    DOCTEST_CHECK(batches[1].equal(batches[0].reshape({-1, 1, 1}).expand({-1, 2, 3}) * 2.5));
    DOCTEST_CHECK(batches[2].equal(batches[0].ne(4)));
    rows += count;
    DOCTEST_CHECK(batches.fraction() == doctest::Approx(rows == 10 ? 1.0 : rows / 12.0));
  }
  DOCTEST_CHECK(rows == 10);
  DOCTEST_CHECK_THROWS_AS(batches[3], std::out_of_range);
}

DOCTEST_TEST_CASE("a batch stays as it is when the next one is made") {
  tensor_batches batches{{at::arange(4)}, {.batch_size = 2, .seed = 1}};
  batches.next();
  const auto first = batches[0], copy = first.clone();
  batches.next();
  DOCTEST_CHECK(first.equal(copy));
}

DOCTEST_TEST_CASE("an epoch can be begun anew before its end") {
  tensor_batches batches{{at::arange(4)}, {.batch_size = 2}};
  batches.next();
  batches.start(0);
  DOCTEST_CHECK(batches.fraction() == 0);
  DOCTEST_CHECK(dealt(batches) == numbers{{0, 1}, {2, 3}});
}

DOCTEST_TEST_CASE("tensors that do not fit together are refused") {
  const auto refuse = [](std::vector<at::Tensor> tensors, std::int64_t size, const char* said) {
    DOCTEST_CHECK_THROWS_WITH_AS((tensor_batches{std::move(tensors), {.batch_size = size}}),
                                 doctest::Contains(said), std::invalid_argument);
  };
  refuse({}, 1, "at least one tensor");
  refuse({at::ones({3}), at::ones({4, 3})}, 1, "tensor 1 has not as many rows");
  refuse({at::scalar_tensor(1)}, 1, "tensor 0 has no rows");
  refuse({at::ones({3})}, 0, "batch_size");
}

DOCTEST_TEST_CASE("no rows, no batch") {
  tensor_batches batches{{at::ones({0, 3})}, {.batch_size = 2, .seed = 1}};
  DOCTEST_CHECK(!batches.next());
}
