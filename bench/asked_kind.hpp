#pragma once

#include "store/asked_study.hpp"

#include <troupe/study.hpp>

#include <array>
#include <string>
#include <variant>

/// The studies that bench_asked_study and bench_program_start measure.
namespace troupe {

struct asked_kind {
  std::string searcher, scheduler;

  std::string name() const { return searcher + ", " + scheduler; }
};

/// With `asha` trials report, and about one in three goes on at each of three rungs.
inline const std::array asked_kinds{asked_kind{"random", "fifo"}, asked_kind{"tpe", "fifo"},
                                    asked_kind{"random", "asha"}, asked_kind{"tpe", "asha"}};

inline study study_of(const asked_kind& kind, durability how) {
  study s;
  s.name = "asked";
  s.metric = "loss";
  s.num_samples = 10'000'000;
  s.space.add("x", uniform{0, 1}).add("lr", loguniform{1e-4, 1});
  s.searcher.name = kind.searcher;
  s.scheduler.name = kind.scheduler;
  if (kind.scheduler == "asha") s.scheduler.options = {{"max_t", 9}, {"reduction_factor", 3}};
  s.durability = how;
  return s;
}

/// Trains the next trial, which is called the `i`-th.
inline void ask_and_tell(asked_study& asked, const asked_kind& kind, int i) {
  const auto n = std::get<asked_study::trial>(asked.ask({})).number;
  const double loss = 1.0 / (i % 97 + 1);
  if (kind.scheduler == "fifo") return asked.tell(n, {loss});
  for (int step = 1; asked.tell_step(n, {loss + 1.0 / step}, step).verdict == verdict::proceed;)
    ++step;
}

} // namespace troupe
