#pragma once

#include "base/option_values.hpp"
#include "search/life/stoppers.hpp"

#include <troupe/study.hpp>

#include <memory>

namespace troupe {

/// Stoppers for what is enough: reports of a trial, a value, what a study has used up.
/// @{
extern const plugin maximum_iteration_plugin;
extern const plugin target_plugin;
extern const plugin budget_plugin;
std::unique_ptr<stopper> make_maximum_iteration(const option_values& in, const study& s);
std::unique_ptr<stopper> make_target(const option_values& in, const study& s);
std::unique_ptr<stopper> make_budget(const option_values& in, const study& s);
/// @}

} // namespace troupe
