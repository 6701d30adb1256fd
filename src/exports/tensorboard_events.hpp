#pragma once

#include "exports/protobuf.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

/// What TensorBoard reads: files of records, each an `Event`
/// (tensorboard/compat/proto/event.proto), and in some of them what its HParams plugin knows
/// (plugins/hparams/plugin_data.proto). All functions return one whole record. Times are Unix times
/// in seconds.
namespace troupe::tensorboard {

/// How a file begins.
std::string version_record(double time);

/// The value of a metric at a step. TensorBoard keeps it as float.
std::string scalar_record(double time, int step, std::string_view tag, double value);

/// A hyperparameter of a study.
struct hparam {
  std::string name;
  enum class type { text = 1, boolean = 2, number = 3 } kind = type::text;
};

/// What a study varies and measures: for the file of the folder that has the runs in it.
std::string experiment_record(double time, std::string_view name, const std::vector<hparam>& params,
                              const std::vector<std::string>& metrics);

/// A run's values, by name; they come before its end.
std::string
session_start_record(double time,
                     const std::vector<std::pair<std::string, boost::json::value>>& params);

enum class session_status { unknown = 0, success = 1, failure = 2, running = 3 };

std::string session_end_record(double time, session_status status);

} // namespace troupe::tensorboard
