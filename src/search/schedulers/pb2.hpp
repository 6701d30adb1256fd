#pragma once

#include "search/schedulers/gain_model.hpp"
#include "search/schedulers/parameter_bounds.hpp"
#include "search/schedulers/pbt.hpp"

#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe {

/// The scheduler `pb2` and its options; names and defaults are Ray Tune's.
extern const plugin pb2_plugin;

/// Reads the options. Throws std::invalid_argument as option_values::of does.
std::pair<pbt_options, std::vector<parameter_bounds>>
read_pb2_options(const boost::json::object& options);

/// Population-based bandits (PB2): Parker-Holder et al., arXiv:2002.02518, as Ray Tune has it. It
/// is pbt, but a trial that takes over gets settings within their bounds that a model of all gains
/// so far finds most promising: see most_promising(). So small populations do.
///
/// - What a trial has gained from one look to the next with the same settings is a record; the last
///   200 count. (Ray Tune's last 1000 are cut to the likeliest number from 200 on.)
/// - Without a record of the donor, its settings are taken over as they are, whatever the bounds.
/// - Whole parameters are rounded to whole ones within the bounds. One that a donor's configuration
///   lacks, or that is no number there, makes it be taken over as it is.
/// - The model fits one set of parameters, the noise among them, for mean and variance; Ray Tune
///   fits the variance's anew, to made-up results.
class pb2 final : public pbt {
public:
  /// Throws std::invalid_argument, naming the option, for an unknown one and for a value that is
  /// not allowed.
  explicit pb2(const study& s);

  void completed(trial_number n, const std::optional<result>& last) override;
  void failed(trial_number n) override;
  void removed(trial_number n) override;

private:
  /// A trial's last look, or where it took over.
  struct look {
    double time, reward;
    std::vector<double> settings;
  };

  pb2(const study& s, std::pair<pbt_options, std::vector<parameter_bounds>> options);

  void scored(trial_number n, double time, double score) override;
  config explored(trial_number n, trial_number donor, random_stream& random) override;
  std::optional<std::vector<double>> settings_of(trial_number n) const;
  config with(config c, const std::vector<double>& settings) const;
  std::vector<double> promising(const look& from, random_stream& random);

  std::vector<parameter_bounds> bounds_;
  std::unordered_map<trial_number, look> looks_;
  std::vector<gain_record> records_; ///< Oldest first.
  double latest_ = 0;                ///< The time of the latest look,
  double round_ = -1;                ///< and what it was when a trial was last given settings:
  std::vector<std::vector<double>> given_; ///< all those given at that time.
};

} // namespace troupe
