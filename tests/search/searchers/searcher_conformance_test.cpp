#include "search/conformance_kit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <memory>

// What every searcher promises, for all that a study file can name: a new one is tested as soon as
// it is known.

using namespace troupe;

namespace {

/// A study in miniature: what a searcher is asked and told, in a random order.
class searcher_life {
public:
  searcher_life(const study& s, random_stream& random)
      : study_{s},
        random_{random},
        parallel_{1 + random.below(8)},
        searcher_{make_searcher(s)} {}

  void run(int calls) {
    while (calls-- > 0) {
      const bool is_full = running_.size() >= parallel_;
      if (!is_full && (running_.empty() || random_.below(3) > 0))
        begin();
      else
        go_on(random_.below(running_.size()));
    }
  }

  /// Makes the same calls of another searcher, from `first` on. Returns where its suggestions begin
  /// to differ.
  std::string replay(searcher& other, std::size_t first = 0) const {
    for (std::size_t i = first; i < calls_.size(); ++i) {
      const auto& call = calls_[i];
      const auto heard = apply(other, call);
      if (heard != call.heard)
        return "trial " + std::to_string(call.number) + ": " + heard + ", and before it was " +
               call.heard;
    }
    return {};
  }

  /// Lets another searcher recall what was suggested in the first half of the calls, and makes the
  /// others. Returns where its suggestions begin to differ.
  std::string restore(searcher& other) const {
    for (std::size_t i = 0; i < calls_.size() / 2; ++i) {
      const auto& c = calls_[i];
      if (c.what != kind::suggest)
        apply(other, c);
      else if (c.heard.starts_with('{'))
        other.recall(c.number, parse_json(c.heard).get_object());
    }
    return replay(other, calls_.size() / 2);
  }

private:
  enum class kind : std::uint8_t { suggest, adopt, observe, complete, stopped };
  struct step {
    kind what;
    trial_number number;
    std::optional<outcome> last{};
    int iteration = 0;
    troupe::config config{};
    std::string heard{};
  };

  static std::string apply(searcher& s, const step& c) {
    switch (c.what) {
    case kind::suggest:
      return text_of(s.suggest(c.number));
    case kind::adopt:
      s.adopt(c.number, c.config);
      return {};
    case kind::observe:
      s.observe(c.number, c.iteration, *c.last);
      return {};
    case kind::complete:
      s.complete(c.number, c.last);
      return {};
    default:
      s.stopped(c.number, c.last);
      return {};
    }
  }

  void make(step c) {
    c.heard = apply(*searcher_, c);
    calls_.push_back(std::move(c));
  }

  /// A trial that the searcher suggests, or one that comes from elsewhere.
  void begin() {
    if (random_.below(12) == 0) return adopt();
    make({.what = kind::suggest, .number = next_});
    const auto& heard = calls_.back().heard;
    if (heard == "exhausted") is_exhausted_ = true;
    REQUIRE_MESSAGE(is_exhausted_ == (heard == "exhausted"), "it was exhausted before");
    if (is_exhausted_) return adopt();
    if (heard == "not now") {
      REQUIRE_MESSAGE(!running_.empty(), "it waits for news, and none can come");
      return go_on(random_.below(running_.size()));
    }
    REQUIRE(wrong(study_.space, parse_json(heard).get_object()) == "");
    running_.push_back({next_++});
  }

  void adopt() {
    auto c = sample(study_.space, random_(), 0);
    if (!c.empty() && random_.below(3) == 0) c.begin()->value() = "of another space";
    if (random_.below(4) == 0) c.clear();
    make({.what = kind::adopt, .number = next_, .config = std::move(c)});
    running_.push_back({next_++});
  }

  struct trial {
    trial_number number;
    int iteration = 0;
    std::optional<outcome> last{};
  };

  /// Something happens to a trial that runs.
  void go_on(std::size_t which) {
    auto& t = running_[which];
    const auto what = random_.below(10);
    if (what < 5) {
      t.iteration = random_.below(10) == 0 && t.iteration > 0 ? t.iteration : t.iteration + 1;
      t.last = in_part(any_outcome());
      return make(
          {.what = kind::observe, .number = t.number, .last = t.last, .iteration = t.iteration});
    }
    if (what == 5)
      make({.what = kind::complete, .number = t.number}); // failed
    else if (what == 6)
      make({.what = kind::stopped, .number = t.number, .last = in_part(t.last)});
    else
      make({.what = kind::complete,
            .number = t.number,
            .last = in_part(t.last ? t.last : any_outcome())});
    running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(which));
  }

  /// Trials from elsewhere may lack values of objectives, or of constraints.
  std::optional<outcome> in_part(std::optional<outcome> o) {
    if (!o || random_.below(8) > 0) return o;
    o->values.resize(random_.below(o->values.size() + 1));
    o->constraints.resize(random_.below(o->constraints.size() + 1));
    return o;
  }

  outcome any_outcome() {
    outcome o;
    for (std::size_t i = 0; i < study_.objectives().size(); ++i)
      o.values.push_back(any_number());
    for (std::size_t i = 0; i < study_.constraints.size(); ++i)
      o.constraints.push_back(any_number() - 0.5);
    return o;
  }

  double any_number() {
    switch (random_.below(20)) {
    case 0:
      return std::numeric_limits<double>::quiet_NaN();
    case 1:
      return std::numeric_limits<double>::infinity();
    case 2:
      return -std::numeric_limits<double>::infinity();
    case 3:
      return 0;
    case 4:
      return (random_.uniform() - 0.5) * 1e300;
    default:
      return random_.uniform();
    }
  }

  const study& study_;
  random_stream& random_;
  std::uint64_t parallel_;
  std::unique_ptr<searcher> searcher_;
  trial_number next_ = 0;
  std::vector<trial> running_;
  std::vector<step> calls_;
  bool is_exhausted_ = false;
};

/// Calls `check` for each searcher, each of its sets of options, and `count` studies; a tenth for
/// gp, whose suggestions cost a thousand times as much.
template <class Check>
void for_each_study(std::uint64_t count, Check check) {
  for (const auto& searcher : known_searchers())
    for (const auto& options : options_of(searcher.about.name))
      for (std::uint64_t seed = 0; seed < (searcher.about.name == "gp" ? count / 10 : count);
           ++seed) {
        auto random = random_stream{seed, 0, "conformance"};
        const auto s = make_study(searcher, options, random);
        CAPTURE(searcher.about.name);
        CAPTURE(options);
        CAPTURE(seed);
        check(s, random);
      }
}

} // namespace

TEST_CASE("searchers stay in the space, do not wait for ever, and an end is an end") {
  for_each_study(150, [](const study& s, random_stream& random) {
    searcher_life{s, random}.run(120);
  });
}

TEST_CASE("searchers suggest the same when the same calls come again, or are recalled") {
  for_each_study(50, [](const study& s, random_stream& random) {
    auto life = searcher_life{s, random};
    life.run(150);
    CHECK(life.replay(*make_searcher(s)) == "");
    CHECK(life.restore(*make_searcher(s)) == "");
  });
}
