#pragma once

#include <troupe/checkpoint.hpp>
#include <troupe/config.hpp>
#include <troupe/errors.hpp>
#include <troupe/metrics.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

struct study;

/// The world as one training function sees it: its parameters in, its reports out.
///
///     void train(troupe::trial& t) {
///       model m{t.param<int>("width"), t.seed("weights")};
///       if (t.last_checkpoint()) m.load(t.last_checkpoint());
///       while (true) {
///         for (auto& batch : data) {
///           if (t.stopping()) return;
///           m.step(batch, t.param<double>("lr"));
///         }
///         if (!t.report({{"loss", m.loss()}}, m.save())) return;
///       }
///     }
///
/// The function runs on a thread of its own. It ends by returning (the trial has completed, or does
/// as it was told) or by throwing (the trial has failed). All members may be called from that
/// thread only, but for stopping(), stop_token() and progress(), which are safe from any.
class trial {
public:
  virtual ~trial() = default;

  /// Returns the trial's id: its number in the study, five or more digits, "00003".
  virtual const std::string& id() const noexcept = 0;

  /// Returns the parameters drawn for this trial.
  virtual const troupe::config& config() const noexcept = 0;

  /// Returns one parameter; see troupe::param.
  template <class T>
  T param(std::string_view path) const {
    return troupe::param<T>(config(), path);
  }

  /// The same, or `fallback` if the configuration has none: `t.param("momentum", 0.9)`.
  /// @{
  template <class T>
  T param(std::string_view path, T fallback) const {
    return troupe::param<T>(config(), path, std::move(fallback));
  }

  std::string param(std::string_view path, const char* fallback) const {
    return troupe::param(config(), path, fallback);
  }
  /// @}

  /// Returns the checkpoint to go on from: that of the trial's last report before it was paused or
  /// failed, or none at its first start.
  virtual const checkpoint& last_checkpoint() const noexcept = 0;

  /// Returns how many reports the trial had made when last_checkpoint() was taken; 0 at first.
  virtual int iteration() const noexcept = 0;

  /// Returns a seed that depends on the study's seed, this trial and `purpose` alone.
  virtual std::uint64_t seed(std::string_view purpose) const noexcept = 0;

  /// Returns how many threads the trial may keep busy: the whole part of its CPU lease, at least 1.
  virtual int threads() const noexcept = 0;

  /// Returns the devices leased to the trial: {"cpu"}, {"cuda:1"}, or several whole GPUs.
  virtual const std::vector<std::string>& devices() const noexcept = 0;

  /// Returns the folder of the study's results, as an absolute path, for files that are to be on
  /// the same disk as its checkpoints. Empty if the study is not written down.
  virtual const std::filesystem::path& folder() const noexcept = 0;

  /// Returns how much memory was reserved for it, in 10⁹ bytes; 0 if none was asked for.
  virtual double memory_gb() const noexcept = 0;

  /// Ends an iteration: hands over metrics and, if given, a checkpoint, and waits for the verdict.
  ///
  /// Returns true to go on with the next iteration, false to return from the training function
  /// now: the trial is to stop, or to pause, in which case the function is called again later with
  /// last_checkpoint() set.
  [[nodiscard]] virtual bool report(metrics m, checkpoint c = {}) = 0;

  /// Returns whether the trial is only to pause, after report() has returned false.
  virtual bool pausing() const noexcept = 0;

  /// Returns whether the trial should end now, without waiting for the end of the iteration. Cheap:
  /// ask it at every batch.
  virtual bool stopping() const noexcept = 0;

  /// Returns the token that is requested to stop when stopping() becomes true: for what waits for
  /// something else than a report, and wants to be woken.
  virtual std::stop_token stop_token() const noexcept = 0;

  /// Tells how much of the current iteration is done, in [0, 1], for those who watch. Cheap.
  virtual void progress(double fraction) noexcept = 0;

  /// Appends a line to the trial's log.txt.
  virtual void log(std::string_view line) = 0;
};

/// What a trainable expects to find in the configuration, or among its options, under a name.
struct parameter {
  /// The last two are a list of texts and an object whose members are texts.
  enum class kind { real, integer, text, boolean, texts, named_texts };

  std::string name;
  kind type = kind::real;
  /// Smallest and largest value, both allowed (numbers only).
  std::optional<double> low, high;
  /// What it is when the study does not say it: the space gets it; an option's the trainable has
  /// itself. Without one it is needed. Null: it may be left out, and is not there then.
  std::optional<boost::json::value> fallback;
  std::string help;
};

/// What a run gives its trainable before the first trial starts.
struct run_context {
  boost::json::object options;               ///< The study's "trainable" object, without "name".
  std::filesystem::path data_dir;            ///< --data-dir; where data sets are, or are put.
  std::uint64_t seed = 0;                    ///< The study's seed.
  std::string device = "cpu";                ///< "cpu", or the first GPU of the run: "cuda:0".
  std::string engine{};                      ///< The study's: one of the trainable's, if any.
  std::function<void(std::string_view)> say; ///< Tells the user something, on a line of its own.
  int threads = 1; ///< How many `test` may keep busy: the study's CPUs, which nobody needs then.
};

/// One of several ways in which a trainable can train: with the same results but for rounding, at
/// another speed.
struct engine {
  std::string name;
  bool trains_on_gpus = false;
};

/// Something that is wrong with a study, as its trainable sees it.
struct study_problem {
  std::string path;    ///< Where in the study file: "trainable/command".
  std::string problem; ///< What is wrong; what is allowed.
};

/// Something that Troupe can tune: a training function with what has to be known about it.
///
/// Only `name` and `train` are needed. `load` is called once, before any trial, and shares what it
/// loads with `train` and `test` by a pointer that all three capture.
struct trainable {
  std::string name;
  std::string help{}; ///< One line for `--help`.
  std::function<void(trial&)> train;

  /// The parameters that `train` reads; checked against the search space before a run.
  std::vector<parameter> parameters{};
  /// Keys that the study's "trainable" object may have beside "name".
  std::vector<parameter> options{};
  /// The metrics that `train` reports, if it always reports the same; a study that asks for another
  /// is refused before it runs.
  std::vector<std::string> metrics{};
  /// What the study's "engine" may name; run_context has what it came to. "auto" is the first that
  /// trains on the study's devices, and for studies of versions that had no choice the last.
  std::vector<engine> engines{};
  /// Whether `train` reports checkpoints and can go on from one.
  bool checkpoints = false;
  /// The same, where it depends on what the study's "trainable" object says, without "name".
  std::function<bool(const boost::json::object&)> checkpoints_if{};

  /// Loads what all trials share. Throws data_error if it cannot be had.
  std::function<void(const run_context&)> load{};
  /// Measures the best trial on data that no trial has seen, e.g. {"accuracy", 0.58}. Called after
  /// `load`, with the device of the run.
  std::function<troupe::metrics(const config&, const checkpoint&)> test{};
  /// Finds what is wrong with a study beyond what the members above say, when it is read and its
  /// options are of the right kinds. A trainable that has it has said what it can do: without
  /// checkpoints it is refused under rules that pause.
  std::function<std::vector<study_problem>(const study&)> check{};
};

struct searcher_plugin;
struct scheduler_plugin;
struct stopper_plugin;
struct callback_plugin;

/// The trainables that a program knows, by name; and what else it makes known to studies.
class registry {
public:
  /// Adds a trainable. Throws std::invalid_argument if the name is empty or taken, or `train` is
  /// empty. Returns *this.
  registry& add(trainable t);
  registry& add(std::string name, std::function<void(trial&)> train);

  /// Makes a searcher, a scheduler or a stopper known to all studies that this program reads: see
  /// troupe/plugins.hpp. Throws std::invalid_argument if the name is empty or one of Troupe's, or
  /// `make` is empty; where the program has added one of this name before, the new one takes its
  /// place. Returns *this.
  /// @{
  registry& add(searcher_plugin p);
  registry& add(scheduler_plugin p);
  registry& add(stopper_plugin p);
  /// @}

  /// Adds callbacks. Throws as for a trainable. Returns *this.
  registry& add(callback_plugin p);

  /// Returns the trainable called `name`, or null.
  const trainable* find(std::string_view name) const noexcept;

  /// Returns the callbacks called `name`, or null.
  const callback_plugin* find_callbacks(std::string_view name) const noexcept;

  /// Returns all names, sorted: of trainables, and of callbacks.
  /// @{
  std::vector<std::string> names() const;
  std::vector<std::string> names_of_callbacks() const;
  /// @}

private:
  std::map<std::string, trainable, std::less<>> trainables_;
  std::map<std::string, std::shared_ptr<const callback_plugin>, std::less<>> callbacks_;
};

} // namespace troupe
