#include "store/machine_holding.hpp"

#include "base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <exception>

namespace troupe {

namespace {

/// More than that no machine has.
constexpr double most_cpus = 1e9;

} // namespace

std::string to_text(const machine_holding& h) {
  boost::json::object said{{"pid", h.pid},
                           {"study", nullptr},
                           {"cpus", h.cpus},
                           {"cpu_set", boost::json::array(h.cpu_set.begin(), h.cpu_set.end())},
                           {"gpus", boost::json::array(h.gpus.begin(), h.gpus.end())}};
  if (h.study) said["study"] = *h.study;
  return to_text(said) + '\n';
}

std::optional<machine_holding> read_holding(std::string_view text) {
  try {
    const auto read = parse_json(text);
    const auto& said = read.as_object();
    machine_holding h;
    h.pid = said.at("pid").to_number<std::int64_t>();
    if (const auto* folder = said.at("study").if_string()) h.study.emplace(*folder);
    h.cpus = said.at("cpus").to_number<double>();
    for (const auto& cpu : said.at("cpu_set").as_array())
      h.cpu_set.push_back(cpu.to_number<int>());
    for (const auto& gpu : said.at("gpus").as_array())
      h.gpus.emplace_back(gpu.as_string());
    if (!(h.cpus >= 0 && h.cpus <= most_cpus)) return std::nullopt;
    return h;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

} // namespace troupe
