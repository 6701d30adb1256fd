#include <troupe/random.hpp>

namespace troupe {

namespace {

__extension__ using uint128 = unsigned __int128;

constexpr int rounds = 10;
constexpr std::uint64_t multipliers[] = {0xD2511F53, 0xCD9E8D57};
constexpr std::uint32_t key_steps[] = {0x9E3779B9, 0xBB67AE85};

constexpr std::uint32_t low_half(std::uint64_t x) noexcept {
  return static_cast<std::uint32_t>(x);
}
constexpr std::uint32_t high_half(std::uint64_t x) noexcept {
  return static_cast<std::uint32_t>(x >> 32);
}

/// FNV-1a.
constexpr std::uint64_t hash(std::string_view text) noexcept {
  std::uint64_t h = 0xCBF29CE484222325;
  for (const char c : text) {
    h ^= static_cast<unsigned char>(c);
    h *= 0x100000001B3;
  }
  return h;
}

/// The finaliser of SplitMix64: a bijection that makes near numbers unlike each other.
constexpr std::uint64_t mix(std::uint64_t x) noexcept {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

} // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) noexcept {
  for (int round = 0; round < rounds; ++round) {
    const std::uint64_t even = multipliers[0] * counter[0];
    const std::uint64_t odd = multipliers[1] * counter[2];
    counter = {high_half(odd) ^ counter[1] ^ key[0], low_half(odd),
               high_half(even) ^ counter[3] ^ key[1], low_half(even)};
    key[0] += key_steps[0];
    key[1] += key_steps[1];
  }
  return counter;
}

// The key stands for (seed, purpose): for one purpose, different seeds have different keys. The
// trial is the upper half of the counter and the block's number the lower, so no two trials of a
// study ever share a block.
random_stream::random_stream(std::uint64_t seed, std::uint64_t trial,
                             std::string_view purpose) noexcept {
  const auto key = mix(seed ^ mix(hash(purpose)));
  key_ = {low_half(key), high_half(key)};
  counter_ = {0, 0, low_half(trial), high_half(trial)};
}

random_stream::result_type random_stream::operator()() noexcept {
  if (used_ == block_.size()) {
    block_ = philox4x32(counter_, key_);
    if (++counter_[0] == 0) ++counter_[1];
    used_ = 0;
  }
  const std::uint64_t low = block_[used_];
  const std::uint64_t high = block_[used_ + 1];
  used_ += 2;
  return high << 32 | low;
}

double random_stream::uniform() noexcept {
  return static_cast<double>((*this)() >> 11) * 0x1p-53;
}

std::uint64_t random_stream::below(std::uint64_t bound) noexcept {
  auto product = uint128{(*this)()} * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t unfair = -bound % bound;
    while (static_cast<std::uint64_t>(product) < unfair)
      product = uint128{(*this)()} * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

} // namespace troupe
