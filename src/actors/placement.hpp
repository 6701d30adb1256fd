#pragma once

#include "actors/live_checkpoints.hpp"
#include "actors/trial.hpp"
#include "search/life/study_machine.hpp"
#include "store/study_layout.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// With what a trial is started: the devices of its lease, and the checkpoint that it goes on from,
/// which it hands on in memory from trial to trial as the journal says.
class placement {
public:
  /// `devices`: what GPU 0, 1, … are called; empty: trials train on the CPU. `layout`: where
  /// checkpoints are that are not in memory; none if nothing is written down. `most_bytes`: see
  /// live_checkpoints.
  placement(std::uint64_t study_seed, std::vector<std::string> devices,
            std::optional<study_layout> layout, std::uint64_t most_bytes);

  /// Takes note of the study's next event; `c`: the checkpoint that comes with it, if one does.
  void follow(const event& e, const checkpoint& c);

  /// The scheduler has been asked something, or has answered and all that it said has been done:
  /// see live_checkpoints.
  void asked() noexcept { checkpoints_.asked(); }
  void answered() { checkpoints_.answered(); }

  /// Returns what the attempt `how` of trial `n` needs to know, on lease `l`.
  trial_order order(const study_machine& machine, trial_number n,
                    const study_machine::start_order& how, const lease& l) const;

private:
  checkpoint fetch(trial_number n, live_checkpoints::name which) const;
  std::vector<std::string> devices_of(const lease& l) const;

  std::uint64_t seed_;
  std::vector<std::string> devices_;
  std::optional<study_layout> layout_;
  live_checkpoints checkpoints_;
};

} // namespace troupe
