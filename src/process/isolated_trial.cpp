#include "process/isolated_trial.hpp"

#include "process/checkpoint_handover.hpp"

#include <troupe/random.hpp>

#include <boost/json/array.hpp>

#include <charconv>
#include <stdexcept>
#include <system_error>
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
  folder_ = checkpoint_handover::results_folder(made_);
  if (const auto& from = order.at("checkpoint"); from.is_string())
    last_ = checkpoint::in(std::string_view{from.get_string()});
}

std::uint64_t isolated_trial::seed(std::string_view purpose) const noexcept {
  trial_number n = 0;
  std::from_chars(id_.data(), id_.data() + id_.size(), n);
  return random_stream{study_seed_, n, purpose}();
}

/// Returns the name of the folder that it has been written to; none if that could not be done. Then
/// the study learns that from its own files, and ends, or the trial goes on without a checkpoint,
/// as where the disk is full for a moment.
std::optional<std::string> isolated_trial::write(const checkpoint& c) {
  auto name = std::to_string(++reports_);
  try {
    c.copy_to(made_ / name);
    return name;
  } catch (const std::runtime_error& e) {
    link_.log(std::string{"no checkpoint: "} + e.what());
    std::error_code ignored;
    std::filesystem::remove_all(made_ / name, ignored);
    return std::nullopt;
  }
}

bool isolated_trial::report(metrics m, checkpoint c) {
  const auto name = c ? write(c) : std::nullopt;
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
