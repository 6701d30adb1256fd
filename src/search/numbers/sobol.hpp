#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace troupe {

/// Sobol's sequence: points that fill the unit cube more evenly than random ones. Any 2^m points
/// from a multiple of 2^m on have exactly one coordinate in each of the 2^m equal parts of every
/// axis.
///
/// Direction numbers are Joe and Kuo's (new-joe-kuo-6.21201), 32 bits deep; the first point is the
/// origin: unscrambled, the points are those of scipy.stats.qmc.Sobol.
///
/// With a seed, points are scrambled as Owen proposed ("Randomly permuted (t,m,s)-nets and
/// (t,s)-sequences", 1995): each bit of a coordinate is flipped or not by a random number that
/// belongs to the bits above it. Each point is then uniform on the cube, and the points together
/// are as even as before. The numbers depend on the seed alone; they are not SciPy's.
class sobol_sequence {
public:
  static constexpr std::size_t max_dim = 3667;

  /// 1 <= dim <= max_dim.
  explicit sobol_sequence(std::size_t dim,
                          std::optional<std::uint64_t> scramble_seed = std::nullopt);

  /// Returns point `index`; coordinates are multiples of 2^-32 in [0, 1).
  std::vector<double> point(std::uint32_t index) const;

private:
  static constexpr std::size_t bits = 32;

  std::size_t dim_;
  std::vector<std::uint32_t> directions_; ///< For each bit of the index, one number per axis.
  std::vector<std::uint64_t> keys_;       ///< Of the scrambling, per axis; empty: none.
};

} // namespace troupe
