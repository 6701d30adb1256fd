#include "process/tuner_message.hpp"

#include "base/json.hpp"
#include "process/client_message.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <array>
#include <string_view>

namespace troupe {

namespace json = boost::json;

namespace {

std::string line_of(json::object message) {
  return to_text(json::value(std::move(message))) + "\n";
}

/// As the program sees its devices: it sees no other GPUs than those that it has.
json::array devices_of(const trial& t) {
  json::array names;
  std::size_t gpus = 0;
  for (const auto& device : t.devices())
    names.emplace_back(device.starts_with("cuda:") ? "cuda:" + std::to_string(gpus++) : device);
  return names;
}

/// What decisions are called, in the order of verdicts.
constexpr std::array<std::string_view, 3> decision_words{"continue", "stop", "pause"};
static_assert(decision_words[static_cast<std::size_t>(verdict::pause)] == "pause");

} // namespace

std::string start_message(const trial& t, const std::filesystem::path& folder,
                          const std::optional<std::filesystem::path>& last) {
  constexpr int high_half = 32; // what all languages, and numpy, take as a seed
  return line_of({{"type", "start"},
                  {"version", protocol_version},
                  {"trial", t.id()},
                  {"seed", t.seed("command") >> high_half},
                  {"iteration", t.iteration()},
                  {"checkpoint", last ? json::value(last->string()) : json::value{}},
                  {"folder", folder.string()},
                  {"devices", devices_of(t)},
                  {"threads", t.threads()},
                  {"config", t.config()}}); // last: so its names hide no others from simple readers
}

std::string decision_message(verdict decision) {
  return line_of(
      {{"type", "decision"}, {"decision", decision_words[static_cast<std::size_t>(decision)]}});
}

verdict verdict_in(const json::object& decision) {
  const auto* word = decision.if_contains("decision");
  for (const auto v : {verdict::proceed, verdict::pause})
    if (word && *word == json::value(decision_words[static_cast<std::size_t>(v)])) return v;
  return verdict::stop;
}

std::string stop_message() {
  return line_of({{"type", "stop"}});
}

} // namespace troupe
