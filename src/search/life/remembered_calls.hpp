#pragma once

#include "base/packed.hpp"
#include "search/schedulers/correctable_scheduler.hpp"

#include <troupe/searcher.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A scheduler and a searcher are functions of the calls made to them: whoever has the calls need
/// not save what they have come to. These pass on what they are told to another, and remember it
/// as bytes, until they are told to forget.
namespace troupe {

/// The calls that something has had, and how many of them have been passed on.
class remembered_calls {
public:
  /// Begins with calls that were remembered earlier, and have not been passed on here.
  void begin_with(std::string calls) { earlier_ = std::move(calls); }

  /// Returns all there have been.
  std::string all() const { return std::string{earlier_}.append(calls_.bytes()); }

  /// From now on none is remembered but those that wait to be passed on.
  void forget() noexcept {
    remembers_ = false;
    if (!waiting()) clear();
  }

  template <class... Arguments>
  void note(const Arguments&... arguments) {
    if (remembers_ || waiting()) calls_(arguments...);
  }

  /// Returns whether there are calls that have not been passed on.
  bool waiting() const noexcept { return !earlier_.empty() && !passed_on_; }

  /// Passes on, one by one, what has not been.
  template <class Pass>
  void pass_on(Pass pass) {
    if (!waiting()) return;
    passed_on_ = true;
    for (const std::string_view part : {std::string_view{earlier_}, calls_.bytes()})
      for (packed_reader in{part}; !in.at_end();)
        pass(in);
    if (!remembers_) clear();
  }

private:
  void clear() noexcept {
    earlier_ = {};
    calls_.clear();
  }

  std::string earlier_;
  packed_writer calls_;
  bool remembers_ = true, passed_on_ = false;
};

/// A scheduler that remembers. All that is remembered is passed on before the first new call.
/// Configurations are not remembered: `config_of` must return, of any trial, the one that was told.
class remembered_scheduler final : public correctable_scheduler {
public:
  using configurations = std::function<const config&(trial_number)>;

  remembered_scheduler(std::unique_ptr<correctable_scheduler> inner, configurations config_of)
      : inner_{std::move(inner)},
        config_of_{std::move(config_of)} {}

  remembered_calls& calls() noexcept { return calls_; }

  void configured(trial_number n, const config& c) override;
  void added(trial_number n) override;
  decision reported(trial_number n, const result& r) override;
  void completed(trial_number n, const std::optional<result>& last) override;
  void failed(trial_number n) override;
  void removed(trial_number n) override;
  std::optional<trial_number> choose() override;
  std::vector<decision> aftermath() override;
  std::size_t lookahead() const noexcept override { return inner_->lookahead(); }
  void correct(trial_number n, trial_state state) override;

private:
  void pass_on(packed_reader& in);
  correctable_scheduler& inner();

  std::unique_ptr<correctable_scheduler> inner_;
  configurations config_of_;
  remembered_calls calls_;
};

/// A searcher that remembers. What was remembered earlier is passed on when a suggestion is wanted:
/// learning may take its time, and whoever only tells results need not wait for it.
class remembered_searcher final : public searcher {
public:
  explicit remembered_searcher(std::unique_ptr<searcher> inner) : inner_{std::move(inner)} {}

  remembered_calls& calls() noexcept { return calls_; }

  /// Passes on what has not been. Throws what the other throws.
  void catch_up();

  suggestion suggest(trial_number n) override;
  void adopt(trial_number n, const config& c) override;
  void recall(trial_number n, const config& c) override;
  void observe(trial_number n, int iteration, const outcome& o) override;
  void complete(trial_number n, const std::optional<outcome>& last) override;
  void stopped(trial_number n, const std::optional<outcome>& last) override;

private:
  void pass_on(packed_reader& in);

  std::unique_ptr<searcher> inner_;
  remembered_calls calls_;
};

} // namespace troupe
