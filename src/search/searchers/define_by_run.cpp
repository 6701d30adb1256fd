#include "search/searchers/registry.hpp"
#include "search/space/domain_draw.hpp"
#include "search/space/space_sampler.hpp"

#include <troupe/define_by_run.hpp>
#include <troupe/random.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

namespace troupe {

namespace json = boost::json;

namespace {

/// A parameter that has been asked for.
struct definition {
  std::string path;
  domain law;
  json::value value;
};

/// Gives a function what is proposed, and draws what is not.
class recording_suggester final : public suggester {
public:
  recording_suggester(const config& proposal, std::uint64_t seed, trial_number n)
      : proposal_{proposal},
        seed_{seed},
        number_{n} {}

  json::value suggest(const std::string& path, const domain& law) override {
    const auto known = std::find_if(asked.begin(), asked.end(),
                                    [&](const definition& d) { return d.path == path; });
    if (known != asked.end()) return known->value;
    if (const auto problem = impossible(law); !problem.empty())
      throw std::invalid_argument{"parameter \"" + path + "\": " + problem};
    const auto* proposed = find(proposal_, path);
    auto random = random_stream{seed_, number_, "space/" + path};
    asked.push_back(
        {path, law, proposed && contains(law, *proposed) ? *proposed : draw(law, random)});
    return asked.back().value;
  }

  config made() const {
    config c;
    for (const auto& d : asked)
      place(c, d.path, d.value);
    return c;
  }

  std::vector<definition> asked;

private:
  const config& proposal_;
  std::uint64_t seed_;
  trial_number number_;
};

/// Wraps a searcher whose space grows. When it does, a new one is told all that happened.
class defined_searcher final : public searcher {
public:
  defined_searcher(study s, std::function<void(suggester&)> define)
      : study_{std::move(s)},
        define_{std::move(define)} {
    study_.space = {};
    study_.points_to_evaluate = {};
    inner_ = make_searcher(study_);
  }

  suggestion suggest(trial_number n) override {
    auto proposed = inner_->suggest(n);
    const auto* c = std::get_if<config>(&proposed);
    if (!c) return proposed;
    inner_->complete(n, std::nullopt); // what it proposed is not quite what is tried
    return take(n, *c);
  }

  void adopt(trial_number n, const config& c) override { take(n, c); }
  void recall(trial_number n, const config& c) override { take(n, c); }

  void observe(trial_number n, int iteration, const outcome& o) override {
    tell([=](searcher& s) { s.observe(n, iteration, o); });
  }
  void complete(trial_number n, const std::optional<outcome>& last) override {
    tell([=](searcher& s) { s.complete(n, last); });
  }
  void stopped(trial_number n, const std::optional<outcome>& last) override {
    tell([=](searcher& s) { s.stopped(n, last); });
  }

private:
  /// Runs the function for trial `n` with what is proposed; returns what it asked for.
  config take(trial_number n, const config& proposal) {
    auto trial = recording_suggester{proposal, study_.seed, n};
    define_(trial);
    if (learn(trial.asked)) {
      inner_ = make_searcher(study_);
      for (const auto& call : calls_)
        call(*inner_);
    }
    auto made = trial.made();
    tell([=](searcher& s) { s.adopt(n, made); });
    return made;
  }

  /// Takes note of parameters; returns whether any is new.
  bool learn(const std::vector<definition>& asked) {
    bool any = false;
    for (const auto& d : asked) {
      const auto known = std::find_if(known_.begin(), known_.end(),
                                      [&](const definition& k) { return k.path == d.path; });
      if (known == known_.end()) {
        study_.space.add(d.path, d.law);
        known_.push_back(d);
        any = true;
      } else if (known->law.index() != d.law.index() || !contains(known->law, d.value)) {
        throw std::invalid_argument{"parameter \"" + d.path +
                                    "\" has another law than before; give it another name"};
      }
    }
    return any;
  }

  void tell(std::function<void(searcher&)> call) {
    call(*inner_);
    calls_.push_back(std::move(call));
  }

  study study_;
  std::function<void(suggester&)> define_;
  std::unique_ptr<searcher> inner_;
  std::vector<definition> known_;
  std::vector<std::function<void(searcher&)>> calls_; ///< All that the searcher has been told.
};

} // namespace

double suggester::suggest_float(const std::string& path, double low, double high, float_options o) {
  return suggest(path, float_range{low, high, o.step, o.log}).to_number<double>();
}

std::int64_t suggester::suggest_int(const std::string& path, std::int64_t low, std::int64_t high,
                                    int_options o) {
  return suggest(path, int_range{low, high, o.step, o.log}).to_number<std::int64_t>();
}

json::value suggester::suggest_choice(const std::string& path, std::vector<json::value> values) {
  return suggest(path, choice{std::move(values)});
}

std::unique_ptr<searcher> define_by_run(const study& s, std::function<void(suggester&)> define) {
  for (const auto& one : searchers_of(s))
    if (const auto known = find_searcher(one.name); known && known->needs_finite_space)
      throw std::invalid_argument{"searcher " + one.name +
                                  " must know the space beforehand; define it with search_space, "
                                  "or take random"};
  return std::make_unique<defined_searcher>(s, std::move(define));
}

} // namespace troupe
