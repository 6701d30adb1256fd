#include "search/schedulers/patient.hpp"

#include "base/option_reader.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <string>

namespace troupe {

namespace {

std::unique_ptr<pruning_rule> make_wrapped(option_reader& in, const rule_context& context) {
  const auto* v = in.take("wrapped_pruner");
  if (!v || v->is_null()) return nullptr;
  const auto* rule = v->if_object();
  const auto* name = rule ? rule->if_contains("name") : nullptr;
  if (!name || !name->is_string() || !is_pruning_rule(name->get_string()))
    in.refuse("wrapped_pruner", R"(must be null or the object of a pruning rule, {"name": …})");
  auto options = *rule;
  options.erase("name");
  return make_pruning_rule(name->get_string(), options, context);
}

} // namespace

patient::patient(std::string_view name, const boost::json::object& options,
                 const rule_context& context)
    : mode_{context.mode} {
  option_reader in{name, options};
  wrapped_ = make_wrapped(in, context);
  in.require("patience");
  in.read("patience", patience_, 0);
  in.read("min_delta", min_delta_, 0, std::numeric_limits<double>::infinity());
  in.finish();
}

pruning patient::judge(trial_number n, const report_history& reports) {
  if (!is_out_of_patience(reports)) return {};
  if (wrapped_) return wrapped_->judge(n, reports);
  return {.prune = true,
          .reason = fmt::format("patient: no better for {} reports at step {}",
                                std::size_t{patience_} + 1, reports.last().step)};
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
