#pragma once

#include "base/json.hpp"
#include "store/asked_study.hpp"
#include "store/store_kit.hpp"

#include <troupe/random.hpp>

#include <fmt/format.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

/// Studies of `ask` and `tell` to which random calls are made.
namespace called_kit {

using namespace troupe;

inline study study_with(const std::string& searcher, const std::string& scheduler) {
  return parse_study(
      fmt::format(R"({{"metric": "loss", "num_samples": 30, "max_failures": 1, "cpus": 4,
      "durability": "off", "space": {{"x": {{"uniform": [0, 1]}},
      "net": {{"kind": {{"choice": ["a", "b"]}}, "width": {{"int": {{"low": 1, "high": 9}}}}}}}},
      "searcher": {}, "scheduler": {}}})",
                  searcher, scheduler),
      "s.json");
}

/// A study, each of whose calls is another process's. `saves_after`: see asked_study.
class called_study {
public:
  called_study(const study& s, std::uint64_t saves_after) : study_{s}, saves_after_{saves_after} {}

  std::filesystem::path folder() const { return parent_ / "study"; }

  void pass(double seconds) { now_ += static_cast<std::int64_t>(seconds * 1e9); }

  asked_study asking() {
    return asked_study{folder(), study_, asked_total::as_begun, {}, clock(), saves_after_};
  }
  asked_study telling() { return asked_study{folder(), {}, clock(), saves_after_}; }

  const troupe::study& subject() const noexcept { return study_; }

  /// Returns the events, each as the line that is in the file, with its time.
  std::vector<std::string> events() const {
    std::vector<std::string> all;
    sqlite::database db{folder() / "study.db", sqlite::open_mode::read};
    sqlite::statement select{db, "SELECT seq, time_ns, ifnull(trial, -1), kind, data FROM events"};
    while (select.step())
      all.push_back(fmt::format("{} {} {} {} {}", select.integer(0), select.integer(1),
                                select.integer(2), select.integer(3), select.text(4)));
    return all;
  }

private:
  wall_clock clock() {
    return [this] { return now_++; };
  }

  temp_dir parent_;
  study study_;
  std::uint64_t saves_after_;
  std::int64_t now_ = store_kit::noon_ns;
};

/// What somebody does next to a study, at random, and what comes of it.
class caller {
public:
  explicit caller(std::uint64_t seed) : random_{seed, 0, "caller"} {}

  std::string call(called_study& study) {
    study.pass(static_cast<double>(random_.below(30)));
    if (open_.empty() || random_.below(3) == 0) return ask(study);
    const auto chosen = open_.begin() + static_cast<std::ptrdiff_t>(random_.below(open_.size()));
    auto& t = *chosen;
    std::string answer;
    bool over = true;
    const auto what = random_.below(12);
    const double loss = random_.uniform();
    const auto refusal = store_kit::message_of<std::exception>([&] {
      auto telling = study.telling();
      taken_up = telling.taken_up();
      if (what == 0) {
        answer = telling.fail(t.number, "bad luck", t.token) ? "again" : "failed";
      } else if (what == 1) {
        telling.drop(t.number);
      } else if (what == 2 && t.token) {
        answer = std::to_string(telling.renew(t.number, t.token));
        over = false;
      } else if (what < 6) {
        telling.tell(t.number, {loss}, t.token);
      } else {
        const auto d = telling.tell_step(t.number, {loss}, ++t.from_iteration, t.token);
        answer = fmt::format("{} {}", static_cast<int>(d.verdict), d.reason);
        over = d.verdict != verdict::proceed;
      }
    });
    if (over || !refusal.empty()) open_.erase(chosen);
    return answer + refusal;
  }

  std::uint64_t taken_up = 0; ///< By the last call.

private:
  std::string ask(called_study& study) {
    const std::optional<std::string> client =
        random_.below(3) == 0 ? std::optional<std::string>{"anna"} : std::nullopt;
    const std::optional<double> lease_s =
        random_.below(2) == 0 ? std::optional{40.0} : std::nullopt;
    auto asking = study.asking();
    taken_up = asking.taken_up();
    const auto answer = asking.ask(client, lease_s);
    const auto* t = std::get_if<asked_study::trial>(&answer);
    if (!t) return std::holds_alternative<exhausted>(answer) ? "exhausted" : "not now";
    std::erase_if(open_, [&](const auto& o) { return o.number == t->number; });
    if (random_.below(10) == 0)
      asking.give_back();
    else
      open_.push_back(*t);
    return fmt::format("{} {} {} {}", t->number, to_text(boost::json::value(t->params)),
                       t->from_iteration, t->token.value_or(""));
  }

  random_stream random_;
  std::vector<asked_study::trial> open_;
};

} // namespace called_kit
