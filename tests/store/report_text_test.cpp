#include "base/json.hpp"
#include "store/event_json.hpp"
#include "store/event_text.hpp"
#include "store/journal_format.hpp"
#include "store/report_row.hpp"
#include "store/study_layout.hpp"
#include "store/time_text.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

using namespace store_kit;
using namespace troupe;

namespace {

namespace json = boost::json;

constexpr report_place place{"00012", 3, 4.5};
const report_origin origin{4711, "a \"host\""};

/// The row by the rules of docs/formats.md, as an object without "config".
json::object object_of(const event_kind::trial_reported& report) {
  auto row = to_json(report.metrics);
  row.emplace("training_iteration", report.iteration);
  row.emplace("time_this_iter_s", number(report.iteration_s));
  row["time_total_s"] = number(report.total_s);
  row["timestamp"] = noon_ns / 1'000'000'000;
  row["date"] = to_date_text(noon_ns);
  row["trial_id"] = place.trial_id;
  row["pid"] = *origin.pid;
  row["hostname"] = *origin.hostname;
  row["done"] = false;
  row["checkpoint_dir_name"] =
      report.checkpoint ? json::value(checkpoint_name(*report.checkpoint)) : json::value{};
  row["iterations_since_restore"] = place.iterations_since_restore;
  row["time_since_restore"] = number(place.time_since_restore);
  return row;
}

/// Returns a value as progress.csv has it, less the quotes.
std::string cell_of(const json::value& v) {
  if (v.is_null()) return {};
  if (v.is_string()) return std::string{std::string_view{v.get_string()}};
  if (v.is_bool()) return v.get_bool() ? "True" : "False";
  return to_text(v);
}

/// Draws reports with odd names and values.
event_kind::trial_reported odd_report(std::mt19937_64& random, std::size_t most) {
  constexpr std::string_view names[] = {"loss",
                                        "a,b",
                                        "say \"hi\"",
                                        "line\nend",
                                        "\xff\xfe",
                                        "",
                                        "config",
                                        "training_iteration",
                                        "time_this_iter_s",
                                        "time_total_s",
                                        "timestamp",
                                        "date",
                                        "trial_id",
                                        "pid",
                                        "hostname",
                                        "done",
                                        "checkpoint_dir_name",
                                        "iterations_since_restore",
                                        "time_since_restore",
                                        "漢/字"};
  const auto inf = std::numeric_limits<double>::infinity();
  const double values[] = {0.0, -0.0, 1.0, 0.1, 1e-300, 1e16, 123456.75, inf, -inf, std::nan("")};
  const auto value = [&] { return values[random() % std::size(values)]; };
  event_kind::trial_reported r{static_cast<int>(random() % 100), {}, {}, value(), value()};
  if (random() % 2 == 0) r.checkpoint = static_cast<int>(random() % 10);
  for (auto n = random() % (most + 1); n > 0; --n)
    r.metrics.set(random() % 3 == 0 ? "m" + std::to_string(random() % most)
                                    : std::string{names[random() % std::size(names)]},
                  value());
  return r;
}

void check_texts(const event_kind::trial_reported& report) {
  const written_metrics m{report.metrics};
  REQUIRE(m.object() == to_text(to_json(report.metrics)));
  std::string data;
  append_journal_data(data, report, m);
  REQUIRE(to_text(to_json(journal_format::body_of(journal_format::code_of(report), data))) ==
          to_text(to_json(event_body{report})));

  auto object = object_of(report);
  const report_row row{report, m, noon_ns, place, origin};
  const auto cells = row.cells();
  REQUIRE(cells.size() == object.size());
  std::size_t i = 0;
  for (const auto& [name, value] : object) {
    REQUIRE(cells[i].column == std::string_view{name});
    REQUIRE(cells[i++].text == cell_of(value));
  }
  const json::object config{{"lr", 0.1}, {"net", {{"width", 3}}}};
  object["config"] = config;
  std::string line;
  row.append_line(line, to_text(config));
  REQUIRE(line == to_text(object) + '\n');
}

} // namespace

TEST_CASE("what is put together from a report's text is what its object would be") {
  std::mt19937_64 random{1};
  for (int i = 0; i < 2000; ++i)
    check_texts(odd_report(random, 30));
}

TEST_CASE("a report of a thousand metrics is written like any other") {
  std::mt19937_64 random{2};
  auto report = odd_report(random, 30);
  for (int i = 0; i < 1000; ++i)
    report.metrics.set("metric " + std::to_string(i), i / 7.0);
  check_texts(report);
}

TEST_CASE("events of every kind are in the journal as their objects are") {
  event_generator random{3};
  for (std::uint64_t seq = 1; seq <= 2000; ++seq) {
    const auto e = random.next(seq);
    std::string data;
    append_journal_data(data, e.body, written_metrics{e.body});
    REQUIRE(to_json(journal_format::body_of(journal_format::code_of(e.body), data)) ==
            to_json(e.body));
  }
}

TEST_CASE("a report of which nobody knows who wrote it down says so") {
  const event_kind::trial_reported report{1, {{"loss", 0.5}}, {}, 1, 1};
  const written_metrics m{report.metrics};
  std::string line;
  report_row{report, m, noon_ns, place, {}}.append_line(line, "{}");
  CHECK(contains(line, R"("pid": null, "hostname": null, )"));
}
