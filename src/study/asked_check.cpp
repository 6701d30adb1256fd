#include "study/asked_check.hpp"

#include "search/schedulers/registry.hpp"

namespace troupe {

namespace {

/// Returns the names of the schedulers that leave configurations as they are.
std::string steady_schedulers() {
  std::string names;
  for (const auto& known : known_schedulers())
    if (!known.changes_configurations)
      names += (names.empty() ? "" : ", ") + std::string{known.about.name};
  return names;
}

} // namespace

void check_asked(const study& s, const std::string& name) {
  const auto scheduler = find_scheduler(s.scheduler.name);
  if (!scheduler || !scheduler->changes_configurations) return;
  throw invalid_study{
      {{name, "scheduler/name",
        "\"" + s.scheduler.name +
            "\" lets trials go on from checkpoints, which those that are asked for keep to "
            "themselves; `troupe run` with the program as \"trainable\": {\"command\": […]} hands "
            "them on; schedulers that do without: " +
            steady_schedulers()}}};
}

} // namespace troupe
