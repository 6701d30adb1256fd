#include "base/added_plugin.hpp"

#include "base/json.hpp"
#include "base/option_values.hpp"

namespace troupe {

namespace {

option_type type_of(const parameter& p) {
  switch (p.type) {
  case parameter::kind::real:
    return option_type::number;
  case parameter::kind::integer:
    return option_type::whole;
  case parameter::kind::text:
    return option_type::text;
  case parameter::kind::boolean:
    return option_type::truth;
  case parameter::kind::texts:
  case parameter::kind::named_texts:
    break;
  }
  throw std::invalid_argument{"option \"" + p.name +
                              "\" of a plugin must be a number, an integer, a text or a boolean"};
}

} // namespace

added_plugin::added_plugin(std::string name, std::string help, std::vector<parameter> options)
    : name_{std::move(name)},
      help_{std::move(help)},
      parameters_{std::move(options)},
      about_{name_, help_} {
  if (name_.empty()) throw std::invalid_argument{"a plugin must have a name"};
  for (const auto& p : parameters_)
    fallbacks_.push_back(p.fallback && !p.fallback->is_null() ? to_text(*p.fallback) : "");
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const auto& p = parameters_[i];
    options_.push_back({.key = p.name,
                        .type = type_of(p),
                        .help = p.help,
                        .fallback = fallbacks_[i],
                        .required = !p.fallback,
                        .range = from(p.low.value_or(least_number), p.high.value_or(most_number))});
  }
  about_.options = options_;
}

boost::json::object added_plugin::read(const boost::json::object& given) const {
  static_cast<void>(option_values::of(about_, given)); // throws what is wrong
  std::vector<option_problem> none;
  return read_options(about_, given, none);
}

} // namespace troupe
