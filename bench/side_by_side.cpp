// What side_by_side.py lets Troupe do beside its peers, where no other program does so: one more
// trial of a searcher when many have ended, suggested and told, and trials that are asked for and
// told with each on the disk before the next. Prints the milliseconds of COUNT trials, a line each.
//
//     bench_side_by_side suggest SEARCHER PARAMETERS TRIALS COUNT
//     bench_side_by_side store FOLDER COUNT

#include "asked_kind.hpp"
#include "learning_searcher.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace troupe;

template <class Work>
void print_ms(int count, Work&& work) {
  for (int i = 0; i < count; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work(i);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    std::printf("%.6f\n", took.count());
  }
}

void suggest(const std::string& name, int parameters, int trials, int count) {
  learning_searcher searcher{name, parameters, static_cast<trial_number>(trials)};
  searcher.run_trial(); // the first fit begins from nothing
  print_ms(count, [&](int) { searcher.run_trial(); });
}

void store(const std::string& folder, int count) {
  const asked_kind kind{"random", "fifo"};
  asked_study study{folder, study_of(kind, durability::sync)};
  ask_and_tell(study, kind, 0);
  print_ms(count, [&](int i) { ask_and_tell(study, kind, i); });
}

} // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words{argv + 1, argv + argc};
  if (words.size() == 5 && words[0] == "suggest")
    suggest(words[1], std::stoi(words[2]), std::stoi(words[3]), std::stoi(words[4]));
  else if (words.size() == 3 && words[0] == "store")
    store(words[1], std::stoi(words[2]));
  else {
    std::fprintf(stderr, "usage: bench_side_by_side suggest SEARCHER PARAMETERS TRIALS COUNT\n"
                         "       bench_side_by_side store FOLDER COUNT\n");
    return 2;
  }
}
