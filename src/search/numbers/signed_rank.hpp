#pragma once

#include <cstdint>
#include <span>

namespace troupe {

/// Which side of zero the alternative of a one-sided test lies.
enum class tail : std::uint8_t { less, greater };

/// Wilcoxon's signed-rank test (Biometrics Bulletin 1, 1945): returns the probability, if the
/// differences are symmetric around zero, of positive ranks summing up to at least what they do
/// (tail::greater) or at most (tail::less). `differences`, at least one, are not NaN.
///
/// Equal absolute differences share their mean rank. Zeros are ranked with the others, and half of
/// their ranks counts as positive ("zsplit").
///
/// The distribution is exact for up to 50 differences without ties and zeros, and for up to 13 with
/// them; otherwise the normal one, its variance corrected for ties, without correction for
/// continuity. This is what scipy.stats.wilcoxon(method="auto") does.
double signed_rank_p(std::span<const double> differences, tail alternative);

} // namespace troupe
