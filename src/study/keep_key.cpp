#include "study/keep_key.hpp"

#include "study/direction_word.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace troupe {

namespace {

/// Reads by which metric checkpoints are kept, if not by the study's.
void read_keep_by(member_reader& in, study& s) {
  objective by{"", s.mode};
  const bool is_set = in.read("metric", by.metric);
  const auto all = s.objectives();
  const auto known = std::ranges::find(all, by.metric, &objective::metric);
  if (known != all.end()) by.mode = known->mode;
  if (std::string mode; in.read("mode", mode)) {
    if (!is_set) return in.refuse("mode", "says which way a metric gets better: name it, too");
    const auto said = direction_of(mode);
    if (!said)
      return in.refuse("mode",
                       R"(must be "min" or "max"; found )" + describe(boost::json::value(mode)));
    by.mode = *said;
  } else if (is_set && known == all.end()) {
    in.require("mode", "it says which way \"" + by.metric + "\" gets better, \"min\" or \"max\"");
  }
  if (is_set) s.keep_by = std::move(by);
}

} // namespace

void read_keep(member_reader& in, study& s) {
  auto keep = in.take_object("keep", R"({"best": 1, "last": 1})");
  if (!keep) return;
  keep->read("best", s.keep_best, 0);
  keep->read("last", s.keep_last, 0);
  read_keep_by(*keep, s);
  keep->refuse_others();
}

} // namespace troupe
