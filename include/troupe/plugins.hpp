#pragma once

#include <troupe/results.hpp>
#include <troupe/scheduler.hpp>
#include <troupe/searcher.hpp>
#include <troupe/stopper.hpp>
#include <troupe/study.hpp>
#include <troupe/trainable.hpp>

#include <boost/json/object.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// Searchers, schedulers, stoppers and callbacks of one's own, which studies name as they name
/// Troupe's:
///
///     auto known = troupe::registry{}
///         .add("mine", train)
///         .add(troupe::scheduler_plugin{
///             .name = "halve",
///             .options = {{.name = "every", .type = troupe::parameter::kind::integer, .low = 1}},
///             .make = [](const troupe::study&, const boost::json::object& options) {
///               return std::make_unique<halve>(options.at("every").to_number<int>());
///             }});
///
/// and then `"scheduler": {"name": "halve", "every": 2}` in a study file.
///
/// registry::add makes them known to the whole program, for good: a study is read in many places,
/// and means the same everywhere. Call it before studies are read, as at the beginning of main.
/// A searcher or scheduler must be a function of its options and the calls made so far
/// (troupe/searcher.hpp, troupe/scheduler.hpp): a study that goes on makes the same calls again.
namespace troupe {

/// A searcher that studies can name.
struct searcher_plugin {
  std::string name;
  std::string help{};               ///< One line, without a full stop.
  std::vector<parameter> options{}; ///< Beside "name"; one without a fallback must be given.
  /// Makes it, of a study that names it and its options, the fallbacks included.
  std::function<std::unique_ptr<searcher>(const study&, const boost::json::object& options)> make;
  bool learns = true;           ///< Whether suggestions depend on results.
  bool many_objectives = false; ///< Whether it takes several objectives, or looks at none.
  bool takes_grids = false;     ///< Whether it goes through the values of a grid_search.
};

/// A scheduler that studies can name.
struct scheduler_plugin {
  std::string name;
  std::string help{};
  std::vector<parameter> options{};
  std::function<std::unique_ptr<scheduler>(const study&, const boost::json::object& options)> make;
  bool pauses = false;          ///< Whether it pauses trials, which must have checkpoints then.
  bool judges = true;           ///< Whether it ends trials in favour of others.
  bool many_objectives = false; ///< Whether it takes several objectives, or looks at none.
};

/// A stopper that studies can name.
struct stopper_plugin {
  std::string name;
  std::string help{};
  std::vector<parameter> options{};
  std::function<std::unique_ptr<stopper>(const study&, const boost::json::object& options)> make;
};

/// What a program hears of a study while it runs. Each may be empty. They are called one at a time,
/// on a thread of their own, after what they tell of is in the journal. What one throws interrupts
/// the study.
struct study_callbacks {
  std::function<void(const trial_summary&)> trial_started{}, trial_reported{}, trial_ended{};
  /// A report is better than all before it, by the study's metric.
  std::function<void(const trial_summary&)> improved{};
  std::function<void(const study_results&)> study_ended{};
};

/// Callbacks that studies can name, under "callbacks".
struct callback_plugin {
  std::string name;
  std::string help{};
  std::vector<parameter> options{};
  std::function<study_callbacks(const study&, const boost::json::object& options)> make;
};

} // namespace troupe
