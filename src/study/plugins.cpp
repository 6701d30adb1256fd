#include "study/plugins.hpp"

#include <string>
#include <utility>

namespace troupe {

namespace {

/// Reads one; `kind` is what messages call it.
void read_one(member_reader& in, std::string_view kind, const plugin_list& known,
              named_options& out) {
  std::vector<option_problem> problems;
  auto read = read_named(in.object(), kind, known, problems);
  for (auto& p : problems)
    in.refuse(p.path, std::move(p.problem));
  if (read.empty()) return;
  out.name = std::string{read.at("name").get_string()};
  out.options.clear();
  for (auto& member : read)
    if (member.key() != "name") out.options.insert(std::move(member));
}

} // namespace

void read_plugin(member_reader& in, std::string_view key, const plugin_list& known,
                 named_options& out) {
  auto options = in.take_object(key, "{\"name\": \"" + std::string{known.back()->name} + "\"}");
  if (options) read_one(*options, key, known, out);
}

void read_plugins(member_reader& in, std::string_view key, const plugin_list& known,
                  std::vector<named_options>& out) {
  const auto example = "[{\"name\": \"" + std::string{known.back()->name} + "\"}]";
  for (auto& options : in.take_objects(key, example)) {
    named_options one;
    read_one(options, key.substr(0, key.size() - 1), known, one);
    if (!one.name.empty()) out.push_back(std::move(one));
  }
}

} // namespace troupe
