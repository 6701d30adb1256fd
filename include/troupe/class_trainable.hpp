#pragma once

#include <troupe/trainable.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <string>

namespace troupe {

/// When a class trainable saves a checkpoint, which then goes with the report of that step.
///
/// A trial can be paused, or give its state to others, only at a report that has a checkpoint: at
/// others it goes on, and is told again. Whoever is stopped by a scheduler or by a `stop` rule ends
/// with the last one saved. So the schedulers that pause (hyperband, pbt and others) do best with
/// a checkpoint at each step, which is what they get unless this says otherwise.
struct checkpoint_plan {
  /// After every so many steps, counted by iteration(); 0: not between.
  int checkpoint_frequency = 1;
  /// After the step that makes the trial done().
  bool checkpoint_at_end = true;
};

/// A trainable as an object that is trained step by step, after Ray Tune's class Trainable: what a
/// training function keeps in variables, it keeps in members.
///
///     class mine : public troupe::step_trainable {
///       void setup(troupe::trial& t) override { model_.emplace(t.param<int>("width")); }
///       troupe::metrics step() override { return {{"loss", model_->train_for_an_epoch()}}; }
///       troupe::checkpoint save_checkpoint() override { return model_->save(); }
///       void load_checkpoint(const troupe::checkpoint& c) override { model_->load(c); }
///       std::optional<model> model_;
///     };
///
///     troupe::registry{}.add(troupe::class_trainable<mine>("mine"));
///
/// Every start of a trial has an object and a thread of its own. On that thread it is made and set
/// up, gets the checkpoint that the trial goes on from, if there is one, and steps, with a report
/// after each step, until it is done or told to stop or to pause; then it is destroyed, on the same
/// thread. A paused, failed or exploited trial goes on with a new object, set up with the
/// configuration that the trial then has. Whatever any member throws fails the trial.
class step_trainable {
public:
  step_trainable() = default;
  virtual ~step_trainable() = default;
  step_trainable(const step_trainable&) = delete;
  step_trainable& operator=(const step_trainable&) = delete;

  /// Makes what is to be trained. Called once, first. `t` outlives the object: a long step() asks
  /// it whether it is `stopping()`. Reporting is not for the object to do.
  virtual void setup(trial& t) = 0;

  /// Trains for one iteration and returns its metrics. Those of a step after which the trial is
  /// `stopping()` are dropped, so such a step may return early, with anything.
  virtual metrics step() = 0;

  /// Returns all that load_checkpoint needs. Called between steps.
  virtual checkpoint save_checkpoint() = 0;

  /// Goes on from a checkpoint, perhaps of a trial with another configuration. Called at most once,
  /// after setup().
  virtual void load_checkpoint(const checkpoint& c) = 0;

  /// Returns whether the trial is complete. Called before each step. As it stands, a trial goes on
  /// until the study's scheduler or a `stop` rule ends it.
  virtual bool done() const { return false; }

  /// Returns how many steps have led to the present state; those before the checkpoint count.
  int iteration() const noexcept { return iteration_; }

private:
  friend trainable class_trainable(std::string name,
                                   std::function<std::unique_ptr<step_trainable>()> make,
                                   checkpoint_plan plan);

  void run(trial& t, const checkpoint_plan& plan);

  int iteration_ = 0;
};

/// Returns the trainable of a class; `make` returns a new object for each start of a trial. Add
/// what else is known about it (parameters, load, test, …) to the result. Throws
/// std::invalid_argument if `make` is empty or the frequency negative.
trainable class_trainable(std::string name, std::function<std::unique_ptr<step_trainable>()> make,
                          checkpoint_plan plan = {});

template <std::derived_from<step_trainable> T>
requires std::default_initializable<T> trainable class_trainable(std::string name,
                                                                 checkpoint_plan plan = {}) {
  return class_trainable(
      std::move(name), [] { return std::make_unique<T>(); }, plan);
}

} // namespace troupe
