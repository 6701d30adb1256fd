#include "cli/ask_command.hpp"

#include "base/json.hpp"
#include "base/seconds.hpp"
#include "cli/exit_code.hpp"
#include "cli/journal_wait.hpp"
#include "cli/large_pages.hpp"
#include "cli/open_trials.hpp"
#include "cli/output_error.hpp"
#include "cli/signals.hpp"
#include "library/asked_feed.hpp"
#include "store/asked_study.hpp"
#include "study/asked_check.hpp"
#include "study/callbacks.hpp"
#include "study/secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <ostream>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace troupe {

namespace {

trial_number read_id(const std::string& text) {
  trial_number n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size())
    throw std::invalid_argument{"ID must be a trial's id, as in 00003; found \"" + text + "\""};
  return n;
}

/// Reads numbers as people write them, also nan and inf.
double read_value(const std::string& text) {
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  double x = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), x);
  if (end != digits.data() + digits.size() || digits.empty() ||
      error == std::errc::invalid_argument)
    throw std::invalid_argument{"VALUE must be a number, nan or inf; found \"" + text + "\""};
  if (error == std::errc::result_out_of_range)
    throw std::invalid_argument{"VALUE must be within the range of a double; found \"" + text +
                                "\""};
  return x;
}

std::vector<double> read_values(const std::vector<std::string>& texts) {
  std::vector<double> values;
  values.reserve(texts.size());
  for (const auto& text : texts)
    values.push_back(read_value(text));
  return values;
}

std::string_view word(verdict v) {
  switch (v) {
  case verdict::proceed:
    return "CONTINUE";
  case verdict::stop:
    return "STOP";
  case verdict::pause:
    return "PAUSE";
  }
  return "";
}

asked_study::listener says_to(std::ostream& err) {
  return [&err](std::string_view line) { err << line << std::endl; };
}

void say_what_stays(const std::vector<std::string>& keys, const study_layout& layout,
                    std::ostream& err) {
  if (keys.empty()) return;
  err << fmt::format("warning: {}: the study keeps what {} says; from one ask to the next only "
                     "max_concurrent, resources and custom may change, and num_samples if told "
                     "so\n",
                     fmt::join(keys, ", "), layout.study_file().string());
}

/// What the command line says beside the values goes together in one way only.
void check(const tell_options& o) {
  if (o.failure && (o.step || !o.values.empty()))
    throw std::invalid_argument{"--fail goes without values and --step: a failed trial has none"};
  if (!o.failure && o.values.empty())
    throw std::invalid_argument{"a VALUE is missing: what the trial came to; or --fail \"why\""};
}

/// A study from which whoever runs the program takes a trial.
class asking {
public:
  asking(const ask_options& options, const registry& known, std::ostream& out, std::ostream& err)
      : options_{options},
        known_{known},
        study_{read_study(options.file, options.overrides)},
        out_{out},
        err_{err} {
    check_asked(study_, options.file);
    if (const auto doubt = warning_of_secrets(study_.space); !doubt.empty()) err_ << doubt << '\n';
    // Nobody need be asked while it waits: then a signal ends the process.
    if (options.wait_s) signals_.emplace();
  }

  /// Takes a trial and prints it. Returns the exit code.
  int take() {
    asked_study study{options_.folder, study_, total(), says_to(err_)};
    if (!std::exchange(warned_, true))
      say_what_stays(study.kept_keys(), study_layout{options_.folder}, err_);
    asked_feed feed{study, make_known_callbacks(study.subject(), known_)};
    // Between the journal and whoever reads the answer nothing must be lost.
    if (signals_) signals_->ask_first([](int, std::string_view) {});
    const auto answer = study.ask(options_.client, options_.lease_s);
    if (const auto* t = std::get_if<asked_study::trial>(&answer)) {
      const int code = print(*t, study);
      feed.tell();
      return code;
    }
    feed.tell();
    if (signals_) {
      signals_->leave_at_once();
      if (const int signal = signals_->caught()) return 128 + signal;
    }
    seen_ = study.last_seq();
    expires_ = study.holders().next_to_run_out();
    const bool is_over = std::holds_alternative<exhausted>(answer);
    why_ = is_over ? why_exhausted(study) : why_not_now(study);
    return is_over ? exit_code::exhausted : exit_code::not_now;
  }

  /// Returns false if `until` has come, and nothing else has happened.
  bool wait(std::chrono::steady_clock::time_point until) const {
    return wait_for_news(study_layout{options_.folder}.journal(), seen_, expires_, until);
  }

  /// Returns why the last take() came to nothing, for people.
  const std::string& why() const noexcept { return why_; }

private:
  /// The number that a study was begun with is raised by those alone who say so.
  asked_total total() const {
    const bool says_so = std::ranges::any_of(
        options_.overrides, [](const std::string& o) { return o.starts_with("num_samples="); });
    return says_so ? asked_total::as_asked : asked_total::as_begun;
  }

  int print(const asked_study::trial& t, asked_study& study) {
    boost::json::object line{{"id", trial_id(t.number)}, {"params", t.params}};
    if (t.from_iteration > 0) line["from_iteration"] = t.from_iteration;
    if (t.token) line["token"] = *t.token;
    try {
      out_ << to_text(line) << '\n' << std::flush;
    } catch (const output_error&) {
      study.give_back();
      throw;
    }
    return exit_code::done;
  }

  std::string why_not_now(const asked_study& study) const {
    return "nothing to suggest now: tell what open trials came to, and ask again\n" +
           open_trials_text(study.holders(), options_.folder);
  }

  std::string why_exhausted(const asked_study& study) const {
    std::string text = "exhausted: the study has no further trials\n";
    if (study_.num_samples > study.subject().num_samples)
      text += fmt::format("num_samples is {} in {}, and {} in {}; --num-samples {} raises it\n",
                          study.subject().num_samples, options_.folder, study_.num_samples,
                          options_.file, study_.num_samples);
    return text + open_trials_text(study.holders(), options_.folder);
  }

  const ask_options& options_;
  const registry& known_;
  study study_;
  std::ostream &out_, &err_;
  bool warned_ = false;
  std::optional<signal_watch> signals_;
  std::string why_;
  std::uint64_t seen_ = 0; ///< The last event that the last take() had seen.
  std::optional<std::int64_t> expires_;
};

} // namespace

int ask_command(const ask_options& options, const registry& known, std::ostream& out,
                std::ostream& err) {
  use_large_pages();
  const auto until = std::chrono::steady_clock::now() +
                     std::chrono::nanoseconds{to_nanoseconds(options.wait_s.value_or(0))};
  asking from{options, known, out, err};
  int code = from.take();
  if (code == exit_code::not_now && options.wait_s)
    err << fmt::format("nothing to suggest now: waiting for up to {:g} s", *options.wait_s)
        << std::endl;
  while (code == exit_code::not_now && options.wait_s && from.wait(until))
    code = from.take();
  if (code == exit_code::not_now || code == exit_code::exhausted) err << from.why();
  return code;
}

int tell_command(const tell_options& options, const registry& known, std::ostream& out,
                 std::ostream& err) {
  use_large_pages();
  check(options);
  const trial_number n = read_id(options.id);
  const auto values = read_values(options.values);
  asked_study study{options.folder, says_to(err)};
  asked_feed feed{study, make_known_callbacks(study.subject(), known)};
  if (options.failure) {
    if (study.fail(n, *options.failure, options.token))
      err << "trial " << trial_id(n) << " will be tried again: ask for it\n";
  } else if (options.step) {
    const auto decided = study.tell_step(n, values, *options.step, options.token);
    try {
      out << word(decided.verdict) << '\n' << std::flush;
    } catch (output_error& e) {
      e.add(fmt::format("; the report of trial {} is taken, and the answer to it is {}",
                        trial_id(n), word(decided.verdict)));
      throw;
    }
    if (!decided.reason.empty()) err << decided.reason << '\n';
  } else {
    study.tell(n, values, options.token);
  }
  feed.tell();
  return exit_code::done;
}

int renew_command(const holding_options& options, std::ostream& err) {
  const trial_number n = read_id(options.id);
  const auto until = asked_study{options.folder}.renew(n, options.token, options.lease_s);
  err << fmt::format("the lease of trial {} runs out at {}\n", trial_id(n), second_text(until));
  return exit_code::done;
}

int drop_command(const holding_options& options, std::ostream& err) {
  const trial_number n = read_id(options.id);
  asked_study{options.folder}.drop(n);
  err << fmt::format("trial {} may be asked for again\n", trial_id(n));
  return exit_code::done;
}

} // namespace troupe
