#include "store/checkpoint_survey.hpp"

#include "store/doctor_parts.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

namespace troupe {

namespace fs = std::filesystem;

checkpoint_survey survey_checkpoints(const study_layout& layout, const study_machine& machine) {
  checkpoint_survey all;
  try {
    for (trial_number n = 0; n < machine.next_number(); ++n)
      for (const int number : machine.checkpoints_of(n)) {
        const auto folder = layout.checkpoint(n, number);
        const bool whole = fs::is_directory(folder) && checkpoint_problem(folder).empty();
        if (!whole)
          all.lost.emplace_back(n, number);
        else if (!machine.has_saved(n, number))
          all.found.emplace_back(n, number);
      }
  } catch (const fs::filesystem_error& e) {
    throw folder_error{
        fmt::format("{}: cannot be looked into: {}", layout.root().string(), e.what())};
  }
  return all;
}

void remove_leftovers(const study_layout& layout, const study_machine& machine) {
  diagnosis d;
  examine_checkpoints(layout, machine, d);
  examine_leftovers(layout, machine.next_number(), d);
  for (const auto& f : d.findings)
    if (f.repair) f.repair();
}

} // namespace troupe
