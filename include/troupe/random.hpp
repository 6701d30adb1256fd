#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace troupe {

/// A stream of random numbers named by (study seed, trial, purpose).
///
/// Two streams with different names are independent; a stream with the same name always gives the
/// same numbers, whatever other streams were used before and on whatever thread. There is no global
/// state. The generator is Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as
/// 1, 2, 3", SC'11), so a stream costs 40 bytes and starts in constant time.
///
/// Satisfies UniformRandomBitGenerator. Not thread-safe: one stream, one thread.
class random_stream {
public:
  using result_type = std::uint64_t;

  random_stream(std::uint64_t seed, std::uint64_t trial, std::string_view purpose) noexcept;

  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return ~result_type{0}; }

  /// Returns 64 uniform bits.
  result_type operator()() noexcept;

  /// Returns a double in [0, 1), a multiple of 2^-53.
  double uniform() noexcept;

  /// Returns an integer in [0, bound), each equally likely (Lemire's method). `bound` > 0.
  std::uint64_t below(std::uint64_t bound) noexcept;

private:
  std::array<std::uint32_t, 2> key_{};
  std::array<std::uint32_t, 4> counter_{};
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
};

/// One Philox4x32-10 block: the 128-bit `counter` enciphered under the 64-bit `key`.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) noexcept;

} // namespace troupe
