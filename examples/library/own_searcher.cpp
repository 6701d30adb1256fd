// A searcher of one's own: near the best value so far, a little less far each time.
#include <troupe/plugins.hpp>
#include <troupe/random.hpp>
#include <troupe/run.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

class shrinking final : public troupe::searcher {
public:
  explicit shrinking(std::uint64_t seed) : seed_{seed} {}

  troupe::suggestion suggest(troupe::trial_number n) override {
    troupe::random_stream random{seed_, n, "shrinking"};
    const double x =
        std::clamp(best_x_ + (random.uniform() - 0.5) * 10 * std::pow(0.9, n), 0.0, 10.0);
    tried_.push_back(x);
    return troupe::config{{"x", x}};
  }
  void observe(troupe::trial_number, int, const troupe::outcome&) override {}
  void complete(troupe::trial_number n, const std::optional<troupe::outcome>& last) override {
    if (!last || last->values.front() >= best_) return;
    best_ = last->values.front();
    best_x_ = tried_.at(n);
  }

private:
  std::uint64_t seed_;
  double best_ = 1e300, best_x_ = 5;
  std::vector<double> tried_;
};

int main() {
  troupe::searcher_plugin plugin;
  plugin.name = "shrinking";
  plugin.make = [](const troupe::study& s, const boost::json::object&) {
    return std::make_unique<shrinking>(s.seed);
  };
  const auto square = [](troupe::trial& t) {
    const double x = t.param<double>("x") - 3;
    static_cast<void>(t.report({{"loss", x * x}}));
  };
  const auto known = troupe::registry{}.add("square", square).add(plugin);

  const auto s = troupe::parse_study(R"({
    "trainable": {"name": "square"}, "metric": "loss", "num_samples": 40, "max_concurrent": 1,
    "space": {"x": {"uniform": [0, 10]}},
    "searcher": {"name": "shrinking"}
  })",
                                     "study", {}, &known);
  const auto results = troupe::run(s, known);
  std::printf("%g\n", *results.trials.at(results.best.value()).last.find("loss"));
}
