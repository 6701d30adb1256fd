#include "search/schedulers/patient.hpp"

#include "base/count_text.hpp"
#include "base/option_values.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <string>

namespace troupe {

namespace {

using enum option_type;

constexpr option patient_table[] = {
    {.key = "wrapped_pruner",
     .type = nested,
     .help = "which rule must say so, too; null: none",
     .fallback = "null",
     .example = R"({"name": "optuna_median"})",
     .instead = "null",
     .inner = pruning_rule_plugins},
    {.key = "patience",
     .type = whole,
     .help = "for how many reports to wait for a better one",
     .required = true,
     .example = "3",
     .range = from(0, most_steps)},
    {.key = "min_delta",
     .type = number,
     .help = "by how much a report must be better",
     .fallback = "0",
     .range = from(0, most_number)},
};

std::unique_ptr<pruning_rule> make_wrapped(const boost::json::value& v,
                                           const rule_context& context) {
  if (v.is_null()) return nullptr;
  auto options = v.get_object();
  const auto name = std::string{options.at("name").get_string()};
  options.erase("name");
  return make_pruning_rule(name, options, context);
}

} // namespace

constinit const plugin patient_plugin{
    .name = "patient",
    .summary = "prunes who has got no better for some reports, if another rule says so too",
    .options = patient_table};

patient::patient(const plugin& about, const boost::json::object& options,
                 const rule_context& context)
    : mode_{context.mode} {
  const auto in = option_values::of(about, options);
  wrapped_ = make_wrapped(in.at("wrapped_pruner"), context);
  patience_ = in.count("patience");
  min_delta_ = in.number("min_delta");
}

pruning patient::judge(trial_number n, const report_history& reports) {
  if (!is_out_of_patience(reports)) return {};
  if (wrapped_) return wrapped_->judge(n, reports);
  return {.prune = true,
          .reason =
              fmt::format("patient: no better for {} at step {}",
                          count_text(std::size_t{patience_} + 1, "report"), reports.last().step)};
}

void patient::completed(trial_number n, const report_history& reports, double value) {
  if (wrapped_) wrapped_->completed(n, reports, value);
}

void patient::forget(trial_number n) {
  if (wrapped_) wrapped_->forget(n);
}

double patient::final_value(const report_history& reports) const {
  return wrapped_ ? wrapped_->final_value(reports) : pruning_rule::final_value(reports);
}

bool patient::is_out_of_patience(const report_history& h) const {
  const auto reports = h.by_step();
  const auto recent = std::size_t{patience_} + 1;
  if (reports.size() <= recent) return false;
  const double before = reports[reports.size() - recent - 1].best;
  double since = std::nan("");
  for (const auto& r : reports.last(recent))
    since = h.better(since, r.value);
  return mode_ == direction::min ? before + min_delta_ < since : before - min_delta_ > since;
}

} // namespace troupe
