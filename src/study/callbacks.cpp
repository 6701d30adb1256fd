#include "study/callbacks.hpp"

#include "base/added_plugin.hpp"
#include "base/nearest.hpp"
#include "base/path.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace troupe {

namespace {

std::string unknown_callbacks(const std::string& name, const registry& known) {
  const auto names = known.names_of_callbacks();
  const std::vector<std::string_view> views{names.begin(), names.end()};
  return "unknown callbacks \"" + name + "\"; " +
         (names.empty() ? "this program has none" : suggest_name(name, views));
}

} // namespace

void read_callbacks(member_reader& in, std::vector<named_options>& out) {
  for (auto& each : in.take_objects("callbacks", R"([{"name": "mine"}])")) {
    named_options one;
    each.require("name", "what the program calls them");
    if (!each.read("name", one.name)) continue;
    one.options = each.object();
    one.options.erase("name");
    out.push_back(std::move(one));
  }
}

void check_callbacks(const study& s, const registry& known, fault_list& faults) {
  for (std::size_t i = 0; i < s.callbacks.size(); ++i) {
    const auto& one = s.callbacks[i];
    const auto path = join_path("callbacks", std::to_string(i));
    const auto* p = known.find_callbacks(one.name);
    if (!p) {
      faults.add(join_path(path, "name"), unknown_callbacks(one.name, known));
      continue;
    }
    const added_plugin described{p->name, p->help, p->options};
    std::vector<option_problem> problems;
    read_options(described.about(), one.options, problems);
    for (auto& problem : problems)
      faults.add(join_path(path, problem.path), std::move(problem.problem));
  }
}

std::vector<study_callbacks> make_callbacks(const study& s, const registry& known) {
  std::vector<study_callbacks> all;
  for (const auto& one : s.callbacks) {
    const auto* p = known.find_callbacks(one.name);
    if (!p) throw std::invalid_argument{unknown_callbacks(one.name, known)};
    all.push_back(p->make(s, added_plugin{p->name, p->help, p->options}.read(one.options)));
  }
  return all;
}

std::vector<study_callbacks> make_known_callbacks(study s, const registry& known) {
  std::erase_if(s.callbacks,
                [&](const named_options& one) { return !known.find_callbacks(one.name); });
  return make_callbacks(s, known);
}

} // namespace troupe
