// A scheduler of one's own, which study files name like Troupe's: the whole command line, with
// `run`, `preview`, `simulate`, `ask`, `resume`, knows it.
//
//     own_scheduler run study.json

#include <troupe/cli.hpp>
#include <troupe/plugins.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>

namespace {

/// Stops a trial whose loss is more than `factor` times the least that any trial has had at the
/// same time.
class near_best final : public troupe::scheduler {
public:
  explicit near_best(double factor) : factor_{factor} {}

  void added(troupe::trial_number n) override { waiting_.push_back(n); }
  void removed(troupe::trial_number n) override { std::erase(waiting_, n); }
  void completed(troupe::trial_number, const std::optional<troupe::result>&) override {}
  void failed(troupe::trial_number) override {}

  troupe::decision reported(troupe::trial_number, const troupe::result& r) override {
    double& least = least_.try_emplace(r.time, r.value).first->second;
    least = std::min(least, r.value);
    if (r.value <= factor_ * least) return {};
    return {troupe::verdict::stop, "near_best: another trial was far better by then"};
  }

  std::optional<troupe::trial_number> choose() override {
    if (waiting_.empty()) return std::nullopt;
    const auto next = waiting_.front();
    waiting_.pop_front();
    return next;
  }

private:
  double factor_;
  std::deque<troupe::trial_number> waiting_;
  std::map<double, double> least_; ///< By time.
};

void train(troupe::trial& t) {
  double x = 5;
  for (int i = 0; i < 10; ++i) {
    x -= t.param<double>("step") * 2 * (x - 1);
    if (!t.report({{"loss", (x - 1) * (x - 1)}})) return;
  }
}

} // namespace

int main(int argc, char** argv) {
  troupe::scheduler_plugin plugin;
  plugin.name = "near_best";
  plugin.help = "stops trials that are far from the best";
  plugin.options = {{.name = "factor", .low = 1, .fallback = 2.0, .help = "how far they may be"}};
  plugin.make = [](const troupe::study&, const boost::json::object& options) {
    return std::make_unique<near_best>(options.at("factor").to_number<double>());
  };
  return troupe::cli_main(argc, argv,
                          troupe::registry{}.add("descent", train).add(std::move(plugin)));
}
