#include "store/checkpoint_survey.hpp"

#include "search/life/judging.hpp"
#include "store/doctor_parts.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <set>

namespace troupe {

namespace fs = std::filesystem;

namespace {

bool is_whole(const study_layout& layout, trial_number n, int number) {
  const auto folder = layout.checkpoint(n, number);
  return fs::is_directory(folder) && checkpoint_problem(folder).empty();
}

/// Returns which spares of trial `n` may take the place of the last one, which is not whole: those
/// later than all others that are kept and whole.
std::vector<int> substitutes(const study_layout& layout, const study_state& state, trial_number n) {
  auto spares = state.spares_of(n);
  if (spares.empty()) return spares;
  const auto kept = state.checkpoints_of(n);
  for (auto number = kept.rbegin(); number != kept.rend(); ++number)
    if (is_whole(layout, n, *number)) {
      std::erase_if(spares, [&](int spare) { return spare < *number; });
      break;
    }
  return spares;
}

/// Returns the newest of `spares` of trial `n` that is whole.
std::optional<int> newest_whole(const study_layout& layout, trial_number n,
                                std::vector<int> spares) {
  while (!spares.empty() && !is_whole(layout, n, spares.back()))
    spares.pop_back();
  return spares.empty() ? std::nullopt : std::optional{spares.back()};
}

/// Adds what is to be said of the spares of trial `n`.
void add_spares(const study_layout& layout, const study_state& state, trial_number n,
                checkpoint_survey& all) {
  const auto spares = substitutes(layout, state, n);
  const auto used = newest_whole(layout, n, spares);
  for (const int number : spares)
    if (!used || number > *used) all.lost.emplace_back(n, number);
  if (used && !state.has_saved(n, *used)) all.found.emplace_back(n, *used);
}

} // namespace

std::optional<int> stand_in(const study_layout& layout, const study_state& state, trial_number n) {
  return newest_whole(layout, n, substitutes(layout, state, n));
}

checkpoint_survey survey_checkpoints(const study_layout& layout, const study_state& state) {
  checkpoint_survey all;
  std::set<checkpoint_survey::name> relied_on; // perhaps another's
  for (trial_number n = 0; n < state.next_number(); ++n)
    if (const auto origin = state.origin_of(n); origin && !is_settled(state.state_of(n)))
      relied_on.insert(*origin);
  try {
    for (trial_number n = 0; n < state.next_number(); ++n) {
      for (const int number : state.checkpoints_of(n)) {
        const bool saved = state.has_saved(n, number);
        const bool whole = is_whole(layout, n, number);
        if (whole && !saved) all.found.emplace_back(n, number);
        const bool may_be_put_back =
            saved && is_settled(state.state_of(n)) && !relied_on.contains({n, number});
        if (whole || may_be_put_back) continue;
        all.lost.emplace_back(n, number);
        if (saved) all.missed.emplace_back(n, number);
      }
      add_spares(layout, state, n, all);
    }
  } catch (const fs::filesystem_error& e) {
    throw folder_error{
        fmt::format("{}: cannot be looked into: {}", layout.root().string(), e.what())};
  }
  return all;
}

void remove_leftovers(const study_layout& layout, const study_state& state) {
  diagnosis d;
  examine_unneeded(layout, state, d);
  examine_leftovers(layout, state.next_number(), d);
  for (const auto& f : d.findings)
    if (f.repair) f.repair();
}

} // namespace troupe
