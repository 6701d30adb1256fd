#pragma once

#include <troupe/searcher.hpp>

#include <cstdint>
#include <memory>
#include <string>

/// A searcher that learns from trials of a bowl: its loss is the squared distance from 1.
class learning_searcher {
public:
  /// The first `startup` suggestions are random, so that setting up is quick, and made at once.
  learning_searcher(const std::string& name, std::int64_t parameters, troupe::trial_number startup)
      : searcher_{make(name, parameters, startup)} {
    while (next_ < startup)
      run_trial();
  }

  /// Suggests one more trial and tells what it came to.
  void run_trial() {
    const auto n = next_++;
    searcher_->complete(n, loss_of(std::get<troupe::config>(searcher_->suggest(n))));
  }

private:
  static double loss_of(const troupe::config& c) {
    double sum = 0;
    for (const auto& member : c) {
      const double distance = member.value().get_double() - 1;
      sum += distance * distance;
    }
    return sum;
  }

  static std::unique_ptr<troupe::searcher> make(const std::string& name, std::int64_t parameters,
                                                troupe::trial_number startup) {
    troupe::study s;
    s.metric = "loss";
    s.searcher = {name, {{"n_startup_trials", startup}}};
    s.seed = 1;
    for (std::int64_t p = 0; p < parameters; ++p)
      s.space.add("x" + std::to_string(p), troupe::uniform{-5, 5});
    return troupe::make_searcher(s);
  }

  std::unique_ptr<troupe::searcher> searcher_;
  troupe::trial_number next_ = 0;
};
