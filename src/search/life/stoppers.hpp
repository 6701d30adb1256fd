#pragma once

#include "base/options.hpp"

#include <troupe/plugins.hpp>
#include <troupe/stopper.hpp>
#include <troupe/study.hpp>

#include <memory>

namespace troupe {

/// Makes another one known. Throws std::invalid_argument as registry::add does.
void add_stopper(stopper_plugin p);

/// Returns what is to be known of all stoppers: names, options.
plugin_list stopper_plugins();

/// Makes the stopper that one of `s.stoppers` names. Throws std::invalid_argument for an unknown
/// name, and as option_values::of does; read_study has already refused those.
std::unique_ptr<stopper> make_stopper(const named_options& options, const study& s);

} // namespace troupe
