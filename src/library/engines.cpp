#include "library/engines.hpp"

#include "store/stored_study.hpp"

#include <algorithm>
#include <filesystem>

namespace troupe {

namespace {

[[noreturn]] void refuse(std::string problem) {
  throw invalid_study{{{"study", "engine", std::move(problem)}}};
}

void choose_engine(study& s, const trainable& t, bool on_gpus, const char* remedy) {
  const auto can = [&](const engine& e) { return e.trains_on_gpus || !on_gpus; };
  if (s.engine.empty()) {
    const auto first = std::ranges::find_if(t.engines, can);
    if (first != t.engines.end()) s.engine = first->name;
    return;
  }
  const auto named = std::ranges::find(t.engines, s.engine, &engine::name);
  if (named == t.engines.end() || can(*named)) return;
  refuse("\"" + s.engine + "\" trains on CPUs alone, and the study's trials get GPUs; run with " +
         "--device cpu, or " + remedy);
}

void keep_engine(study& s, const study& made, const trainable& t) {
  auto kept = made.engine;
  if (kept.empty() && !t.engines.empty()) kept = t.engines.back().name;
  if (!s.engine.empty() && s.engine != kept)
    refuse("the study was made with \"" + kept + "\", and keeps it: another engine rounds " +
           "otherwise; `troupe fork` makes a new study of it");
  s.engine = std::move(kept);
}

} // namespace

void decide_engine(study& s, const trainable& t, const device_plan& devices,
                   const study_folder* past) {
  const bool goes_on = past && std::filesystem::exists(past->layout().study_file());
  if (goes_on) keep_engine(s, stored_study(past->layout()), t);
  choose_engine(s, t, !devices.names.empty(),
                goes_on ? "`troupe fork` it into a study with another engine" : "leave it out");
}

} // namespace troupe
