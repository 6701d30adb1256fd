#pragma once

#include <troupe/actors.hpp>

#include <boost/json/object.hpp>
#include <caf/fwd.hpp>

#include <functional>

namespace troupe {

/// Carries out what another process asks of a study that runs; returns the answer. Called on any
/// thread that is no actor's. `interrupt` ends the study as Ctrl-C does; it returns false if it is
/// ending already. Throws std::invalid_argument, saying why, for what is refused.
///
///     {"do": "pause"}                            {"running": 2, "without_checkpoint": 0}
///     {"do": "continue"}                         {}
///     {"do": "stop"}                             {}
///     {"do": "stop", "trial": 3}                 {}
///     {"do": "retry", "trial": 3}                {}
///     {"do": "enqueue", "config": {"lr": 0.1}}   {"id": "00012"}
///     {"do": "set", "num_samples": 200}          {}
boost::json::object carry_out_request(caf::actor_system& system, const study_actor& study,
                                      const boost::json::object& request,
                                      const std::function<bool()>& interrupt);

} // namespace troupe
