#include "study/recording.hpp"

#include "base/values.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace troupe {

namespace {

void read_trial_files(member_reader& in, study& s) {
  constexpr std::string_view key = "trial_files";
  const auto* v = in.take(key);
  if (!v || *v == "auto") return;
  if (v->is_bool())
    s.trial_files = v->get_bool();
  else
    in.refuse(key, R"(must be true, false or "auto"; found )" + describe(*v));
}

/// Reads one of several words, if there is one.
template <class Word>
void read_word(member_reader& in, std::string_view key, std::initializer_list<Word> words,
               std::string_view names, Word& out) {
  const auto* v = in.take(key);
  if (!v) return;
  for (const auto word : words)
    if (v->is_string() && std::string_view{v->get_string()} == to_string(word)) {
      out = word;
      return;
    }
  in.refuse(key, "must be " + std::string{names} + "; found " + describe(*v));
}

} // namespace

std::string_view to_string(durability d) noexcept {
  if (d == durability::sync) return "sync";
  return d == durability::group ? "group" : "off";
}

std::string_view to_string(isolation i) noexcept {
  return i == isolation::thread ? "thread" : "process";
}

void read_recording(member_reader& in, study& s) {
  read_trial_files(in, s);
  read_word(in, "durability", {durability::sync, durability::group, durability::off},
            R"("sync", "group" or "off")", s.durability);
  read_word(in, "isolation", {isolation::thread, isolation::process}, R"("thread" or "process")",
            s.isolation);
  if (in.read("reuse", s.reuse) && s.reuse && s.isolation == isolation::thread)
    in.refuse("reuse", R"(is of trials in processes: add "isolation": "process")");
  if (in.read("engine", s.engine) && s.engine == "auto") s.engine.clear();
}

bool writes_trial_files(const study& s) {
  constexpr std::uint64_t most_trials = 1000;
  return s.trial_files.value_or(number_of_trials(s) <= most_trials);
}

} // namespace troupe
