#pragma once

#include "search/replay/replay.hpp"

#include <troupe/study.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace troupe {

// How fields of recorded cases are read. All throw std::invalid_argument, naming the field.

/// Returns a field that must be there.
const boost::json::value& need(const boost::json::object& o, std::string_view key);

/// Returns the text that `v`, the value of `key`, must be.
std::string_view as_text(std::string_view key, const boost::json::value& v);

std::string_view text_at(const boost::json::object& o, std::string_view key);

/// Returns a number; null stands for NaN.
double number_at(const boost::json::object& o, std::string_view key);

/// Returns the numbers of a list, or a single one.
std::vector<double> values_at(const boost::json::object& o, std::string_view key);

/// Returns the directions of a case's objectives.
std::vector<direction> modes_of(const boost::json::object& recorded);

const boost::json::object& object_at(const boost::json::object& o, std::string_view key);

/// Returns the events of a case.
boost::json::array& events_of(boost::json::object& recorded);

/// Returns how a difference shows an outcome.
std::string plain(const boost::json::value& v);

/// Replays one recorded case of the form that pruning rules have.
replayed_case replay_pruner(boost::json::object recorded);

} // namespace troupe
