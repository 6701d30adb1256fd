// What the reader of journals holds for any events, one a line: they are refused, or a study is
// taken over from them, and goes on. The numbers of events and their times follow from their order.

#include "base/json.hpp"
#include "search/life/direct_course.hpp"
#include "search/life/journal_check.hpp"
#include "search/simulation/recorded_curves.hpp"
#include "store/event_json.hpp"
#include "study/plugins.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace troupe;

study example(std::string_view searcher, std::string_view scheduler) {
  return parse_study(R"({"metric": "loss", "num_samples": 9, "max_failures": 1, "cpus": 8,
    "space": {"x": {"uniform": [0, 1]}, "c": {"choice": ["a", 1]}}, "searcher": )" +
                         std::string{searcher} + R"(, "scheduler": )" + std::string{scheduler} +
                         "}",
                     "s.json");
}

const std::vector<study>& examples() {
  static const std::vector<study> all{
      example(R"({"name": "random"})", R"({"name": "fifo"})"),
      example(R"({"name": "tpe", "n_startup_trials": 1})", R"({"name": "asha", "max_t": 9})"),
      example(R"({"name": "bohb"})", R"({"name": "hyperband", "max_t": 9})"),
      example(R"({"name": "random"})",
              R"({"name": "pbt", "time_attr": "training_iteration", "perturbation_interval": 1,
                  "hyperparam_mutations": {"x": {"uniform": [0, 1]}}})")};
  return all;
}

/// Returns the events of a text; fewer, if a line is none or the journal would not be consistent.
std::vector<event> events_of(std::string_view text) {
  std::vector<event> events;
  journal_check check;
  try {
    while (!text.empty()) {
      const auto end = text.find('\n');
      const auto v = parse_json(text.substr(0, end));
      if (!v.is_object()) return events;
      auto line = v.get_object();
      line["seq"] = events.size() + 1;
      line["time"] = "2026-03-01T12:00:00.000000000Z";
      const auto e = event_from_json(line);
      check.take(e);
      events.push_back(e);
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
  } catch (const json_error&) {
    return events;
  } catch (const std::invalid_argument&) {
    return events;
  }
  return events;
}

void take_over(const study& s, const std::vector<event>& events) {
  const auto decides = make_correctable_scheduler(s);
  const auto suggests = make_searcher(s);
  direct_course course{s, *decides, *suggests, [](const event_ptr&) {}};
  try {
    for (const auto& e : events)
      course.restore(e);
    if (!events.empty()) course.place({1, 1, 0, 0, {}}, events.back().time_ns);
  } catch (const std::logic_error&) {
    return; // it is no journal of this study
  }
  (void)course.machine().results();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto events = events_of({reinterpret_cast<const char*>(data), size});
  for (const auto& s : examples())
    take_over(s, events);
  std::size_t next = 0;
  const recorded_curves curves{
      [&] { return next < events.size() ? std::optional{events[next++]} : std::nullopt; }};
  (void)curves.first_report();
  return 0;
}
