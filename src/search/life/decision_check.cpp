#include "search/life/decision_check.hpp"

#include "base/json.hpp"
#include "search/schedulers/correctable_scheduler.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>
#include <variant>

namespace troupe {

namespace decision_checking { // named, for decision_check has members of these types

constexpr std::size_t most_told = 10;

/// Counts what is compared, and remembers what differs.
class ledger {
public:
  void at(std::uint64_t seq) noexcept { seq_ = seq; }

  void compare(bool same, trial_number n, const std::string& recorded, const std::string& now) {
    ++all_.decisions;
    if (same) return;
    ++all_.differences;
    if (all_.first.size() < most_told)
      all_.first.push_back(
          fmt::format("event {}: trial {}: recorded {}, now {}", seq_, trial_id(n), recorded, now));
  }

  const verification& all() const noexcept { return all_; }

private:
  verification all_;
  std::uint64_t seq_ = 0;
};

/// Suggests anew what the journal says was suggested.
class compared_searcher final : public searcher {
public:
  compared_searcher(std::unique_ptr<searcher> inner, ledger& notes)
      : inner_{std::move(inner)},
        notes_{notes} {}

  suggestion suggest(trial_number n) override { return inner_->suggest(n); }
  void adopt(trial_number n, const config& c) override { inner_->adopt(n, c); }
  void recall(trial_number n, const config& c) override {
    const auto again = inner_->suggest(n);
    const auto* suggested = std::get_if<config>(&again);
    const bool same = suggested && *suggested == c;
    notes_.compare(same, n, to_text(c), suggested ? to_text(*suggested) : "nothing");
    if (!same) inner_->adopt(n, c);
  }
  void observe(trial_number n, int iteration, const outcome& o) override {
    inner_->observe(n, iteration, o);
  }
  void complete(trial_number n, const std::optional<outcome>& last) override {
    inner_->complete(n, last);
  }
  void stopped(trial_number n, const std::optional<outcome>& last) override {
    inner_->stopped(n, last);
  }

private:
  std::unique_ptr<searcher> inner_;
  ledger& notes_;
};

/// Decides anew, and remembers what it has said until an event tells what was said then.
class remembering_scheduler final : public correctable_scheduler {
public:
  explicit remembering_scheduler(std::unique_ptr<correctable_scheduler> inner)
      : inner_{std::move(inner)} {}

  void configured(trial_number n, const config& c) override { inner_->configured(n, c); }
  void added(trial_number n) override { inner_->added(n); }
  decision reported(trial_number n, const result& r) override {
    return said_[n] = inner_->reported(n, r);
  }
  void completed(trial_number n, const std::optional<result>& last) override {
    inner_->completed(n, last);
  }
  void failed(trial_number n) override { inner_->failed(n); }
  void removed(trial_number n) override { inner_->removed(n); }
  std::optional<trial_number> choose() override { return chosen_ = inner_->choose(); }
  std::vector<decision> aftermath() override { return inner_->aftermath(); }
  std::size_t lookahead() const noexcept override { return inner_->lookahead(); }
  void correct(trial_number n, trial_state state) override {
    started_another_ = started_another_ || state == trial_state::running;
    inner_->correct(n, state);
  }

  /// Takes what was said to the last report of trial `n`, if that has not been taken.
  std::optional<decision> take(trial_number n) {
    const auto node = said_.extract(n);
    return node ? std::optional{std::move(node.mapped())} : std::nullopt;
  }

  /// Returns whom it has chosen last, once.
  std::optional<trial_number> take_choice() { return std::exchange(chosen_, std::nullopt); }

  /// Returns whether it had to be told that another one was started, since it was asked this.
  bool take_started_another() { return std::exchange(started_another_, false); }

private:
  std::unique_ptr<correctable_scheduler> inner_;
  std::map<trial_number, decision> said_;
  std::optional<trial_number> chosen_;
  bool started_another_ = false;
};

std::string text_of(verdict v) {
  return v == verdict::proceed ? "proceed" : v == verdict::stop ? "stop" : "pause";
}

/// Compares what a scheduler says with the events that tell what it said then.
class verdict_check {
public:
  verdict_check(const study& s, remembering_scheduler& decides, ledger& notes)
      : rule_{s.scheduler.name + ":"},
        decides_{decides},
        notes_{notes} {}

  /// After it: whom it would have started.
  void compare_choice(const event& e) {
    if (!std::holds_alternative<event_kind::trial_started>(e.body)) return;
    const bool another = decides_.take_started_another();
    const auto chosen = decides_.take_choice();
    if (another || chosen == e.trial) // else it goes on after an interruption, or is known
      notes_.compare(!another, *e.trial, "starts",
                     chosen ? fmt::format("trial {} does", trial_id(*chosen)) : "nobody does");
  }

  /// Before the next event is given to the scheduler.
  void take(const event& e) {
    if (!e.trial) return;
    const auto* decided = std::get_if<event_kind::trial_decided>(&e.body);
    const auto* taken = std::get_if<event_kind::trial_exploited>(&e.body);
    if (taken) return compare(*e.trial, *taken);
    const bool tells = decided || std::holds_alternative<event_kind::trial_reported>(e.body) ||
                       std::holds_alternative<event_kind::trial_paused>(e.body);
    if (!tells) return;
    const auto said = decides_.take(*e.trial);
    if (!said) return; // the study's own rules, or somebody, said it
    // Somebody may have stopped a trial that the scheduler would have let go on.
    const bool by_hand =
        decided && said->verdict == verdict::proceed && !decided->reason.starts_with(rule_);
    const auto then = decided && !by_hand ? decided->verdict : verdict::proceed;
    notes_.compare(said->verdict == then, *e.trial, text_of(then), text_of(said->verdict));
    for (const exploit& each : said->exploits)
      exploits_.insert_or_assign(each.trial, each);
  }

private:
  void compare(trial_number n, const event_kind::trial_exploited& taken) {
    const auto node = exploits_.extract(n);
    const bool same =
        node && node.mapped().donor == taken.donor && node.mapped().config == taken.config;
    notes_.compare(
        same, n,
        fmt::format("goes on from trial {} with {}", trial_id(taken.donor), to_text(taken.config)),
        node ? fmt::format("from trial {} with {}", trial_id(node.mapped().donor),
                           to_text(node.mapped().config))
             : "does not");
  }

  std::string rule_; ///< How a reason of the scheduler's begins.
  remembering_scheduler& decides_;
  ledger& notes_;
  std::map<trial_number, exploit> exploits_; ///< Of which no event has told.
};

} // namespace decision_checking

struct decision_check::parts {
  parts(const study& now, const study& begun, study_machine::keeps_state who)
      : decides{make_correctable_scheduler(now)},
        suggests{make_searcher(now), notes},
        course{begun, decides.lookahead(), who},
        verdicts{now, decides, notes} {}

  decision_checking::ledger notes;
  decision_checking::remembering_scheduler decides;
  decision_checking::compared_searcher suggests;
  informed_searcher informed{suggests};
  study_course course;
  decision_checking::verdict_check verdicts;
};

decision_check::decision_check(const study& now, const study& begun, study_machine::keeps_state who)
    : parts_{std::make_unique<parts>(now, begun, who)} {}

decision_check::~decision_check() = default;

void decision_check::take(const event& e) {
  auto& p = *parts_;
  p.notes.at(e.seq);
  p.verdicts.take(e);
  p.course.restore(e, p.decides, p.informed);
  p.verdicts.compare_choice(e);
}

const verification& decision_check::found() const noexcept {
  return parts_->notes.all();
}

} // namespace troupe
