#include "process/isolated_trial.hpp"

#include <troupe/random.hpp>

#include <boost/json/array.hpp>

#include <charconv>
#include <optional>
#include <utility>

namespace troupe {

isolated_trial::isolated_trial(trainer_link& link, std::uint64_t study_seed)
    : link_{link},
      stop_{link.stop_token()},
      study_seed_{study_seed} {
  const auto& order = link.order();
  id_ = order.at("trial").as_string();
  config_ = order.at("config").as_object();
  iteration_ = order.at("iteration").to_number<int>();
  threads_ = order.at("threads").to_number<int>();
  for (const auto& device : order.at("devices").as_array())
    devices_.emplace_back(std::string_view{device.as_string()});
  made_ = std::string_view{order.at("folder").as_string()};
  folder_ = made_.parent_path().parent_path();
  if (const auto& from = order.at("checkpoint"); from.is_string())
    last_ = checkpoint::in(std::string_view{from.get_string()});
}

std::uint64_t isolated_trial::seed(std::string_view purpose) const noexcept {
  trial_number n = 0;
  std::from_chars(id_.data(), id_.data() + id_.size(), n);
  return random_stream{study_seed_, n, purpose}();
}

bool isolated_trial::report(metrics m, checkpoint c) {
  std::optional<std::string> name;
  if (c) {
    name = std::to_string(++reports_);
    c.copy_to(made_ / *name);
  }
  const auto v = link_.report(m, name);
  pausing_ = v == verdict::pause;
  return v == verdict::proceed;
}

void isolated_trial::progress(double fraction) noexcept {
  constexpr std::chrono::milliseconds period{500};
  const auto now = clock::now();
  if (now - told_progress_ < period) return;
  told_progress_ = now;
  link_.progress(fraction);
}

} // namespace troupe
