#pragma once

#include "base/option_values.hpp"
#include "search/life/stoppers.hpp"

#include <troupe/study.hpp>

#include <memory>

namespace troupe {

/// Ray Tune's stoppers for what gets no better.
/// @{
extern const plugin trial_plateau_plugin;
extern const plugin experiment_plateau_plugin;
std::unique_ptr<stopper> make_trial_plateau(const option_values& in, const study& s);
std::unique_ptr<stopper> make_experiment_plateau(const option_values& in, const study& s);
/// @}

} // namespace troupe
