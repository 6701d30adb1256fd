#include "cli/plugin_sheet.hpp"

#include "base/json.hpp"
#include "search/life/stoppers.hpp"
#include "search/schedulers/registry.hpp"
#include "search/searchers/registry.hpp"
#include "study/parameter_fit.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace troupe {

namespace json = boost::json;

namespace {

plugin_sheet sheet_of(const plugin& p, std::vector<std::string> traits = {}) {
  plugin_sheet sheet{std::string{p.name}, std::string{p.summary}, {}, {}, std::move(traits)};
  for (const auto& o : p.options)
    sheet.options.push_back(
        {std::string{o.key}, allowed(o), std::string{o.fallback}, o.required, std::string{o.help}});
  return sheet;
}

template <class Known>
std::vector<plugin_sheet> sheets(const Known& all) {
  std::vector<plugin_sheet> sheets;
  sheets.reserve(all.size());
  for (const auto& known : all)
    sheets.push_back(sheet_of(known.about, known.traits()));
  return sheets;
}

std::vector<sheet_line> lines(const std::vector<parameter>& parameters) {
  std::vector<sheet_line> lines;
  lines.reserve(parameters.size());
  for (const auto& p : parameters) {
    const bool has_value = p.fallback && !p.fallback->is_null();
    lines.push_back(
        {p.name, wanted(p), has_value ? to_text(*p.fallback) : "", !p.fallback, p.help});
  }
  return lines;
}

plugin_sheet sheet_of(const trainable& t) {
  plugin_sheet sheet{t.name, t.help, lines(t.options), lines(t.parameters), {}};
  if (!t.metrics.empty())
    sheet.traits.push_back(fmt::format("reports {}", fmt::join(t.metrics, ", ")));
  if (t.checkpoints) sheet.traits.emplace_back("has checkpoints");
  std::vector<std::string> engines;
  for (const auto& e : t.engines)
    engines.push_back(e.name + (e.trains_on_gpus ? " (CPUs, GPUs)" : " (CPUs)"));
  if (!engines.empty())
    sheet.traits.push_back(fmt::format("trains with the engines {}", fmt::join(engines, ", ")));
  return sheet;
}

std::string described(std::string_view title, const std::vector<sheet_line>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += fmt::format("  {}{}\n      {}\n      {}\n", line.key,
                        line.required           ? "  (needed)"
                        : line.fallback.empty() ? ""
                                                : "  [" + line.fallback + "]",
                        line.help, line.allowed);
  return text.empty() ? text : fmt::format("\n{}:\n", title) + text;
}

json::array to_json(const std::vector<sheet_line>& lines) {
  json::array all;
  for (const auto& line : lines) {
    json::object one{{"key", line.key}, {"allowed", line.allowed}};
    if (!line.fallback.empty()) one["default"] = parse_json(line.fallback);
    one["required"] = line.required;
    one["help"] = line.help;
    all.push_back(std::move(one));
  }
  return all;
}

} // namespace

std::vector<plugin_sheet> sheets_of(std::string_view kind, const registry& known) {
  if (kind == "searchers") return sheets(known_searchers());
  if (kind == "schedulers") return sheets(known_schedulers());
  std::vector<plugin_sheet> all;
  if (kind == "stoppers")
    for (const auto* p : stopper_plugins())
      all.push_back(sheet_of(*p));
  else
    for (const auto& name : known.names())
      all.push_back(sheet_of(*known.find(name)));
  return all;
}

std::string to_text(const plugin_sheet& sheet) {
  auto text = sheet.name + (sheet.summary.empty() ? "" : ": ") + sheet.summary + '\n';
  if (!sheet.traits.empty()) text += fmt::format("\nIt {}.\n", fmt::join(sheet.traits, "; "));
  return text + described("Parameters", sheet.parameters) + described("Options", sheet.options);
}

json::object to_json(const plugin_sheet& sheet) {
  json::object all{{"name", sheet.name}, {"summary", sheet.summary}};
  all["traits"] = json::array(sheet.traits.begin(), sheet.traits.end());
  if (!sheet.parameters.empty()) all["parameters"] = to_json(sheet.parameters);
  all["options"] = to_json(sheet.options);
  return all;
}

} // namespace troupe
