#pragma once

#include "store/study_layout.hpp"

#include <boost/json/object.hpp>

namespace troupe {

/// Asks the process that runs the study of a folder to do something; returns its answer. Throws
/// folder_error, saying what can be done instead, if nobody runs it, or whoever does cannot be
/// reached; and std::invalid_argument with its words if it refuses.
boost::json::object ask_running(const study_layout& layout, const boost::json::object& request);

} // namespace troupe
