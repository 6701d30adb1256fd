#include "store/checkpoint_shelf.hpp"

#include "base/json.hpp"
#include "search/life/taken_checkpoint.hpp"
#include "store/checkpoint_folder.hpp"
#include "store/event_json.hpp"
#include "store/files.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace troupe {

checkpoint_shelf::checkpoint_shelf(study_layout layout) : layout_{std::move(layout)} {}

void checkpoint_shelf::save(const event& e, const checkpoint& c) {
  const auto taken = checkpoint_of(e);
  if (!taken || !c)
    throw std::logic_error{
        fmt::format("event {} names a checkpoint that it does not bring", e.seq)};
  const auto n = e.trial.value();
  prepare_folder(n);
  write_checkpoint(layout_.checkpoint(n, taken->number), c,
                   {{"trial_id", trial_id(n)},
                    {"iteration", taken->iteration},
                    {"metrics", to_json(*taken->metrics)},
                    {"time_total_s", number(taken->total_s)}});
}

void checkpoint_shelf::remove(trial_number number, int checkpoint) {
  remove_checkpoint(layout_.checkpoint(number, checkpoint));
}

void checkpoint_shelf::prepare_folder(trial_number number) {
  const bool is_first = prepared_.empty();
  if (!prepared_.insert(number).second) return;
  const auto folder = layout_.trial(number);
  create_folder(folder);
  sync_folder(layout_.trials());
  if (is_first) sync_folder(layout_.root());
  remove_leftovers(folder);
}

} // namespace troupe
