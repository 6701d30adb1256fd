#include "study/scope_key.hpp"

#include "base/values.hpp"

#include <string_view>

namespace troupe {

void read_scope(member_reader& in, study& s) {
  constexpr std::string_view key = "scope";
  const auto* v = in.take(key);
  if (!v) return;
  std::string known;
  bool is_known = false;
  for (const auto each :
       {scope::last, scope::avg, scope::last_5_avg, scope::last_10_avg, scope::all}) {
    known += (known.empty() ? "\"" : ", \"") + std::string{to_string(each)} + '"';
    if (!v->is_string() || std::string_view{v->get_string()} != to_string(each)) continue;
    s.scope = each;
    is_known = true;
  }
  if (!is_known) in.refuse(key, "must be one of " + known + "; found " + describe(*v));
  if (s.scope != scope::last && !s.further_objectives.empty())
    in.refuse(key, "is for one metric: trials with several are compared by their last reports");
}

} // namespace troupe
