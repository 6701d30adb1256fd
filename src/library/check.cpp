#include "base/json.hpp"

#include <troupe/run.hpp>

namespace troupe {

/// A study file's reader knows all that can be wrong; where in the file is of no interest here.
std::vector<fault> check(const study& s, const registry* known) {
  try {
    parse_study(to_pretty_text(to_json(s)), "study", {}, known);
  } catch (const invalid_study& e) {
    auto faults = e.faults();
    for (auto& f : faults)
      f.where = "study";
    return faults;
  }
  return {};
}

} // namespace troupe
