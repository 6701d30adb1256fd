#pragma once

#include <troupe/trainable.hpp>

#include <functional>

namespace troupe {

/// Returns `description` with functions that come from what `open` returns. That is called whenever
/// a study asks to load; whatever it throws, loading throws. What it returns has the functions
/// `load`, `train` and `test`.
trainable late_trainable(trainable description, std::function<trainable(const run_context&)> open);

} // namespace troupe
