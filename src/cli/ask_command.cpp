#include "cli/ask_command.hpp"

#include "base/json.hpp"
#include "cli/exit_code.hpp"
#include "cli/output_error.hpp"
#include "store/asked_study.hpp"
#include "study/secrets.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <ostream>
#include <stdexcept>
#include <string_view>

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
                     "num_samples, max_concurrent and resources may change\n",
                     fmt::join(keys, ", "), layout.study_file().string());
}

/// What the command line says beside the values goes together in one way only.
void check(const tell_options& o) {
  if (o.failure && (o.step || !o.values.empty()))
    throw std::invalid_argument{"--fail goes without values and --step: a failed trial has none"};
  if (!o.failure && o.values.empty())
    throw std::invalid_argument{"a VALUE is missing: what the trial came to; or --fail \"why\""};
}

} // namespace

int ask_command(const ask_options& options, std::ostream& out, std::ostream& err) {
  const auto s = read_study(options.file, options.overrides);
  if (const auto doubt = warning_of_secrets(s.space); !doubt.empty()) err << doubt << '\n';
  asked_study study{options.folder, s, says_to(err)};
  say_what_stays(study.kept_keys(), study_layout{options.folder}, err);
  const auto answer = study.ask(options.client);
  if (std::holds_alternative<not_now>(answer)) {
    err << "nothing to suggest now: tell what open trials came to, and ask again\n";
    return exit_code::not_now;
  }
  if (std::holds_alternative<exhausted>(answer)) {
    err << "exhausted: the study has no further trials\n";
    return exit_code::exhausted;
  }
  const auto& t = std::get<asked_study::trial>(answer);
  boost::json::object line{{"id", trial_id(t.number)}, {"params", t.params}};
  if (t.from_iteration > 0) line["from_iteration"] = t.from_iteration;
  try {
    out << to_text(line) << '\n' << std::flush;
  } catch (const output_error&) {
    study.give_back();
    throw;
  }
  return exit_code::done;
}

int tell_command(const tell_options& options, std::ostream& out, std::ostream& err) {
  check(options);
  const trial_number n = read_id(options.id);
  const auto values = read_values(options.values);
  asked_study study{options.folder, says_to(err)};
  if (options.failure) {
    if (study.fail(n, *options.failure))
      err << "trial " << trial_id(n) << " will be tried again: ask for it\n";
  } else if (options.step) {
    const auto decided = study.tell_step(n, values, *options.step);
    try {
      out << word(decided.verdict) << '\n' << std::flush;
    } catch (output_error& e) {
      e.add(fmt::format("; the report of trial {} is taken, and the answer to it is {}",
                        trial_id(n), word(decided.verdict)));
      throw;
    }
    if (!decided.reason.empty()) err << decided.reason << '\n';
  } else {
    study.tell(n, values);
  }
  return exit_code::done;
}

} // namespace troupe
