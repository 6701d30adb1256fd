#include "study/recording.hpp"

#include "base/values.hpp"

#include <cstdint>
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

void read_durability(member_reader& in, study& s) {
  constexpr std::string_view key = "durability";
  const auto* v = in.take(key);
  if (!v) return;
  for (const auto d : {durability::sync, durability::group, durability::off})
    if (v->is_string() && std::string_view{v->get_string()} == to_string(d)) {
      s.durability = d;
      return;
    }
  in.refuse(key, R"(must be "sync", "group" or "off"; found )" + describe(*v));
}

} // namespace

std::string_view to_string(durability d) noexcept {
  if (d == durability::sync) return "sync";
  return d == durability::group ? "group" : "off";
}

void read_recording(member_reader& in, study& s) {
  read_trial_files(in, s);
  read_durability(in, s);
}

bool writes_trial_files(const study& s) {
  constexpr std::uint64_t most_trials = 1000;
  return s.trial_files.value_or(number_of_trials(s) <= most_trials);
}

} // namespace troupe
