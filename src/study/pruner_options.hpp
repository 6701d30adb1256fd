#pragma once

#include "study/members.hpp"

#include <boost/json/object.hpp>

namespace troupe {

// The options of Optuna's pruning rules in a study file: each reads those of one rule and returns
// them all, defaults included. Names and defaults are those of Optuna's constructors.

boost::json::object read_optuna_median(member_reader& in);
boost::json::object read_optuna_percentile(member_reader& in);
boost::json::object read_optuna_successive_halving(member_reader& in);
boost::json::object read_optuna_hyperband(member_reader& in);
boost::json::object read_wilcoxon(member_reader& in);
boost::json::object read_patient(member_reader& in);
boost::json::object read_threshold(member_reader& in);

} // namespace troupe
