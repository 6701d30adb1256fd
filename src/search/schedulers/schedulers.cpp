#include "search/schedulers/asha.hpp"
#include "search/schedulers/asha_promotion.hpp"
#include "search/schedulers/bohb_scheduler.hpp"
#include "search/schedulers/correctable_scheduler.hpp"
#include "search/schedulers/fifo.hpp"
#include "search/schedulers/hyperband.hpp"
#include "search/schedulers/median.hpp"
#include "search/schedulers/moasha.hpp"
#include "search/schedulers/pb2.hpp"
#include "search/schedulers/pbt.hpp"
#include "search/schedulers/pbt_replay.hpp"
#include "search/schedulers/pruning_scheduler.hpp"
#include "search/schedulers/resource_changing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

namespace {

using maker = std::unique_ptr<correctable_scheduler> (*)(const study&);

template <class Scheduler>
std::unique_ptr<correctable_scheduler> make(const study& s) {
  return std::make_unique<Scheduler>(s);
}

std::unique_ptr<correctable_scheduler> make_asha(const study& s) {
  const bool promotion = read_asha_options(s.scheduler.options).promotion;
  return promotion ? make<asha_promotion>(s) : make<asha>(s);
}

struct known_scheduler {
  std::string_view name;
  maker make;
};

constexpr known_scheduler known_schedulers[] = {
    {"asha", make_asha},
    {"bohb", make<bohb_scheduler>},
    {"fifo", make<fifo>},
    {"hyperband", make<hyperband>},
    {"median", make<median>},
    {"moasha", make<moasha>},
    {"optuna_hyperband", make<pruning_scheduler>},
    {"optuna_median", make<pruning_scheduler>},
    {"optuna_percentile", make<pruning_scheduler>},
    {"optuna_successive_halving", make<pruning_scheduler>},
    {"patient", make<pruning_scheduler>},
    {"pb2", make<pb2>},
    {"pbt", make<pbt>},
    {"pbt_replay", make<pbt_replay>},
    {"resource_changing", make<resource_changing>},
    {"threshold", make<pruning_scheduler>},
    {"wilcoxon", make<pruning_scheduler>},
};

} // namespace

std::unique_ptr<correctable_scheduler> make_correctable_scheduler(const study& s) {
  for (const auto& known : known_schedulers)
    if (known.name == s.scheduler.name) return known.make(s);
  std::vector<std::string_view> names;
  for (const auto& known : known_schedulers)
    names.push_back(known.name);
  throw std::invalid_argument{fmt::format("unknown scheduler \"{}\"; known are {}",
                                          s.scheduler.name, fmt::join(names, ", "))};
}

std::unique_ptr<scheduler> make_scheduler(const study& s) {
  return make_correctable_scheduler(s);
}

} // namespace troupe
