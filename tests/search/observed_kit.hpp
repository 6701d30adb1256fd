#pragma once

#include "search/simulation_kit.hpp"

#include <doctest/doctest.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace troupe {

constexpr std::int64_t second = 1'000'000'000;

/// Trial n takes n + 1 seconds an epoch and reports the epoch, `epochs` times. It fails instead of
/// making the reports in `fails`, once each; or for ever.
class steady final : public learning_curve {
public:
  explicit steady(int epochs) : epochs_{epochs} {}

  std::unique_ptr<const training> begin(trial_number n, const config&) const override {
    starts.push_back(n);
    return std::make_unique<run>(*this, n);
  }

  mutable std::vector<trial_number> starts;
  mutable std::map<std::pair<trial_number, int>, int> failures; ///< How often, by trial and epoch.

private:
  class run final : public training {
  public:
    run(const steady& all, trial_number n) : all_{all}, n_{n} {}
    training_step next(const training_state& from) const override {
      const int epoch = from.iteration + 1;
      if (epoch > all_.epochs_) return {0, training_end{}};
      if (auto& left = all_.failures[{n_, epoch}]; left > 0) {
        --left;
        return {second, training_failure{"out of luck"}};
      }
      return {(n_ + 1) * second, training_report{{{"loss", double(epoch)}}, {epoch, 0}}};
    }

  private:
    const steady& all_;
    trial_number n_;
  };

  int epochs_;
};

/// Writes down what it is told, and does as it is told to.
class scripted final : public correctable_scheduler {
public:
  explicit scripted(std::ostringstream& log) : log_{log} {}

  void added(trial_number n) override {
    log_ << "added " << n << "; ";
    waiting_.push_back(n);
  }
  decision reported(trial_number n, const result& r) override {
    log_ << "reported " << n << " " << r.time << "; ";
    auto d = decisions[{n, int(r.time)}];
    if (d.verdict == verdict::pause) waiting_.push_back(n);
    for (const auto other : d.also_stop)
      std::erase(waiting_, other);
    return d;
  }
  void completed(trial_number n, const std::optional<result>& last) override {
    log_ << "completed " << n << " " << (last ? last->time : -1) << "; ";
  }
  void failed(trial_number n) override { log_ << "failed " << n << "; "; }
  void removed(trial_number) override { FAIL("nobody is removed"); }
  void correct(trial_number, trial_state) override { FAIL("nothing is restored"); }
  std::optional<trial_number> choose() override {
    log_ << "choose; ";
    if (waiting_.empty() || chooses_none) return std::nullopt;
    const auto n = waiting_.front();
    waiting_.erase(waiting_.begin());
    return n;
  }

  std::map<std::pair<trial_number, int>, decision> decisions; ///< By trial and time.
  bool chooses_none = false;

private:
  std::ostringstream& log_;
  std::vector<trial_number> waiting_;
};

/// Writes down what it is told; suggests nothing while more trials than `at_once` are open.
class cautious final : public searcher {
public:
  cautious(std::ostringstream& log, int at_once) : log_{log}, free_{at_once} {}

  suggestion suggest(trial_number n) override {
    log_ << "suggest " << n << "; ";
    if (n >= limit) return exhausted{};
    if (free_ == 0) return not_now{};
    --free_;
    return config{{"x", n}};
  }
  void observe(trial_number n, int iteration, const outcome& o) override {
    log_ << "observe " << n << " " << iteration << " " << o.values.at(0) << "; ";
  }
  void complete(trial_number n, const std::optional<outcome>& last) override {
    end("complete", n, last);
  }
  void stopped(trial_number n, const std::optional<outcome>& last) override {
    end("stopped", n, last);
  }

  trial_number limit = 1000;

private:
  void end(const char* how, trial_number n, const std::optional<outcome>& last) {
    log_ << how << " " << n << " " << (last ? last->values.at(0) : -1) << "; ";
    ++free_;
  }

  std::ostringstream& log_;
  int free_;
};

inline study judged_by_loss() {
  study s;
  s.metric = "loss";
  return s;
}

/// A simulation in which everything is written down.
struct observed {
  explicit observed(int epochs, int at_once = 1000)
      : curve{epochs},
        decides{log},
        suggests{log, at_once} {}

  simulation run(std::uint64_t trials, std::uint32_t workers) {
    return simulate({s, trials, workers}, decides, suggests, curve);
  }

  std::ostringstream log;
  steady curve;
  scripted decides;
  cautious suggests;
  study s = judged_by_loss();
};

inline std::string states(const simulation& s) {
  std::string text;
  for (const auto& t : s.results.trials)
    text += std::string{to_string(t.state)} + " " + std::to_string(t.iterations) + "; ";
  return text;
}

} // namespace troupe
