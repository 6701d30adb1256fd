#include "model/fake_trial.hpp"

#include <troupe/class_trainable.hpp>

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

using namespace troupe;

namespace {

using diary = std::vector<std::string>;

/// Writes down what is called, and is done after so many steps.
class diarist : public step_trainable {
public:
  diarist(diary& d, int steps) : diary_{d}, steps_{steps} {}
  ~diarist() override { diary_.push_back("destroyed"); }

  void setup(trial& t) override {
    diary_.push_back("setup " + t.id() + " at " + std::to_string(iteration()));
  }
  metrics step() override {
    diary_.push_back("step after " + std::to_string(iteration()));
    if (throws_after == iteration()) throw std::runtime_error{"bad luck"};
    return {{"loss", 1.0}};
  }
  checkpoint save_checkpoint() override {
    diary_.push_back("save " + std::to_string(iteration()));
    return checkpoint{{blob{"state", {}}}};
  }
  void load_checkpoint(const checkpoint& c) override {
    diary_.push_back("load " + c.blobs().front().name);
  }
  bool done() const override { return iteration() >= steps_; }

  int throws_after = -1;

private:
  diary& diary_;
  int steps_;
};

trainable diaries(diary& d, int steps, checkpoint_plan plan = {}, int throws_after = -1) {
  return class_trainable(
      "diarist",
      [&d, steps, throws_after] {
        auto made = std::make_unique<diarist>(d, steps);
        made->throws_after = throws_after;
        return made;
      },
      plan);
}

/// Returns which of `steps` reports come with a checkpoint: "x" with, "." without.
std::string saved(int steps, checkpoint_plan plan, int reports_before_stop = 100) {
  diary d;
  fake_trial t{{}};
  t.reports_before_stop = reports_before_stop;
  diaries(d, steps, plan).train(t);
  std::string text;
  for (const auto& c : t.checkpoints)
    text += c ? 'x' : '.';
  return text;
}

class bare : public step_trainable {
  void setup(trial&) override {}
  metrics step() override { return {{"loss", static_cast<double>(iteration())}}; }
  checkpoint save_checkpoint() override { return {}; }
  void load_checkpoint(const checkpoint&) override {}
};

} // namespace

TEST_CASE("a class trainable is set up, steps until it is done, and is destroyed") {
  diary d;
  fake_trial t{{}};
  diaries(d, 2).train(t);
  CHECK(d ==
        diary{"setup 00000 at 0", "step after 0", "save 1", "step after 1", "save 2", "destroyed"});
  CHECK(t.reports.size() == 2);
}

TEST_CASE("a class trainable that goes on loads its checkpoint once, before its first step") {
  diary d;
  fake_trial before{{}};
  before.reports_before_stop = 2;
  diaries(d, 4).train(before);
  d.clear();
  fake_trial t{{}};
  t.resume(before);
  diaries(d, 4).train(t);
  CHECK(d == diary{"setup 00000 at 2", "load state", "step after 2", "save 3", "step after 3",
                   "save 4", "destroyed"});
}

TEST_CASE("a class trainable that is already done when it goes on does not step") {
  diary d;
  fake_trial before{{}}, t{{}};
  diaries(d, 2).train(before);
  t.resume(before);
  diaries(d, 2).train(t);
  CHECK(t.reports.empty());
}

TEST_CASE("a class trainable saves as often as its plan says, and at its end") {
  CHECK(saved(5, {}) == "xxxxx");
  CHECK(saved(5, {.checkpoint_frequency = 2}) == ".x.xx");
  CHECK(saved(5, {.checkpoint_frequency = 2, .checkpoint_at_end = false}) == ".x.x.");
  CHECK(saved(5, {.checkpoint_frequency = 0}) == "....x");
  CHECK(saved(5, {.checkpoint_frequency = 0, .checkpoint_at_end = false}) == ".....");
  CHECK(saved(5, {.checkpoint_frequency = 2}, 3) == ".x."); // stopped: nobody knew it was the end
}

TEST_CASE("a class trainable that goes on saves at the same iterations as one that did not stop") {
  diary d;
  fake_trial before{{}}, t{{}};
  before.reports_before_stop = 3;
  diaries(d, 7, {.checkpoint_frequency = 3}).train(before);
  t.resume(before);
  diaries(d, 7, {.checkpoint_frequency = 3}).train(t);
  REQUIRE(t.checkpoints.size() == 4);
  CHECK_FALSE(t.checkpoints[0]);
  CHECK_FALSE(t.checkpoints[1]);
  CHECK(t.checkpoints[2]);
}

TEST_CASE("a step after which the trial is to stop is not reported") {
  diary d;
  fake_trial t{{}};
  t.polls_before_stop = 3; // before and after step 1, before step 2
  diaries(d, 9).train(t);
  CHECK(t.reports.size() == 1);
  CHECK(d.back() == "destroyed");
  CHECK(d.at(d.size() - 2) == "step after 1");
}

TEST_CASE(
    "a class trainable whose step throws is destroyed, and the trial learns what was thrown") {
  diary d;
  fake_trial t{{}};
  CHECK_THROWS_WITH(diaries(d, 9, {}, 1).train(t), "bad luck");
  CHECK(d.back() == "destroyed");
  CHECK(t.reports.size() == 1);
}

TEST_CASE("a class trainable that is never done goes on until it is told to stop") {
  fake_trial t{{}};
  t.reports_before_stop = 50;
  class_trainable<bare>("bare").train(t);
  CHECK(t.reports.size() == 50);
  CHECK_FALSE(t.checkpoints.back()); // it had none to give
}

TEST_CASE("whether a class trainable has checkpoints to go on from follows from its plan") {
  CHECK(class_trainable<bare>("bare").checkpoints);
  CHECK(class_trainable<bare>("bare", {.checkpoint_frequency = 7}).checkpoints);
  CHECK_FALSE(class_trainable<bare>("bare", {.checkpoint_frequency = 0}).checkpoints);
}

TEST_CASE("a class trainable that cannot work is refused when it is made") {
  CHECK_THROWS_AS(class_trainable<bare>("bare", {.checkpoint_frequency = -1}),
                  std::invalid_argument);
  CHECK_THROWS_AS(class_trainable("none", nullptr), std::invalid_argument);
}
