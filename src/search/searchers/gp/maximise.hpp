#pragma once

#include "search/searchers/gp/local_search.hpp"

#include <troupe/random.hpp>

#include <Eigen/Core>
#include <optional>
#include <vector>

namespace troupe::gp {

/// Candidates that are as even in a space as they are many: 2048 points of a scrambled Sobol
/// sequence, the same for all suggestions but for a random digital shift.
class candidates {
public:
  candidates(std::vector<dimension> space, std::uint64_t seed);

  const std::vector<dimension>& space() const noexcept { return space_; }

  /// Returns the inputs of all candidates, a column each.
  Eigen::MatrixXd shifted(random_stream& random) const;

private:
  std::vector<dimension> space_;
  std::vector<std::uint32_t> points_; ///< In units of 2^-32, point by point.
};

/// Finds where `a` is largest, as inputs. Ten local searches begin at the best candidate, at others
/// with odds of exp(a), and at `incumbent`, if there is one.
Eigen::VectorXd maximise(const acquisition& a, const candidates& from,
                         const std::optional<Eigen::VectorXd>& incumbent, random_stream& random);

} // namespace troupe::gp
