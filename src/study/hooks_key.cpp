#include "study/hooks_key.hpp"

#include "base/values.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe {

namespace {

namespace json = boost::json;

/// Returns whether a system takes a value as one word of a command.
bool is_word(const json::value& v) {
  return v.is_string() && v.get_string().find('\0') == json::string::npos;
}

void read_hook(member_reader& in, std::string_view key, std::vector<std::string>& out) {
  const auto* v = in.take(key);
  if (!v) return;
  std::vector<std::string> words;
  if (v->is_array())
    for (const auto& word : v->get_array())
      if (is_word(word)) words.emplace_back(word.get_string());
  const bool is_command =
      v->is_array() && words.size() == v->get_array().size() && !words.empty() && !words[0].empty();
  if (!is_command)
    return in.refuse(key, R"(must be a command: a list of words, as in ["notify-send", "troupe"]; )"
                          "found " +
                              describe(*v));
  out = std::move(words);
}

} // namespace

void read_hooks(member_reader& in, study_hooks& out) {
  auto on = in.take_object("on", R"({"end": ["notify-send", "done"]})");
  if (!on) return;
  read_hook(*on, "best", out.best);
  read_hook(*on, "failure", out.failure);
  read_hook(*on, "end", out.end);
  on->refuse_others();
}

json::object to_json(const study_hooks& on) {
  json::object out;
  const auto add = [&](std::string_view key, const std::vector<std::string>& words) {
    if (!words.empty()) out[key] = json::array(words.begin(), words.end());
  };
  add("best", on.best);
  add("failure", on.failure);
  add("end", on.end);
  return out;
}

} // namespace troupe
