#include "base/json.hpp"
#include "store/trial_files.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

using namespace store_kit;
using namespace troupe;

namespace {

std::vector<std::string> lines_of(const fs::path& file) {
  std::istringstream text{read_file(file)};
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);)
    lines.push_back(line);
  return lines;
}

boost::json::object object_of(const std::string& line) {
  return parse_json(line).as_object();
}

/// Returns the first so many cells of a line without quotes.
std::string start_of(const std::string& line, std::size_t columns) {
  auto end = line.find(',');
  while (--columns > 0)
    end = line.find(',', end + 1);
  return line.substr(0, end);
}

/// As the writer of a study adds a report.
void add_report(trial_files& files, const event_kind::trial_reported& report,
                std::int64_t time_ns) {
  files.add_report(report, written_metrics{report.metrics}, time_ns);
  files.flush();
}

void append(progress_csv& table, std::initializer_list<table_cell> row) {
  table.append({row.begin(), row.size()});
  table.flush();
}

} // namespace

TEST_CASE("params.json is sorted at every depth") {
  temp_dir folder;
  const boost::json::array list{{{"y", 1}, {"x", 2}}};
  const trial_files files{
      folder / "00000", 0, {{"lr", 0.1}, {"batch", 8}, {"net", {{"z", list}, {"a", 3}}}}};
  CHECK(read_file(folder / "00000/params.json") ==
        R"({"batch": 8, "lr": 0.1, "net": {"a": 3, "z": [{"x": 2, "y": 1}]}})"
        "\n");
}

TEST_CASE("a report has its metrics, the automatic keys and the configuration") {
  temp_dir folder;
  trial_files files{folder / "00003", 3, {{"lr", 0.1}}};
  files.begin_attempt();
  add_report(files, {1, {{"loss", 0.5}}, {}, 1.5, 1.5}, noon_ns);
  add_report(files, {2, {{"loss", 0.25}}, 7, 2.0, 3.5}, noon_ns);
  files.begin_attempt();
  add_report(files, {3, {{"loss", std::nan("")}}, {}, 0.5, 4.0}, noon_ns);

  const auto lines = lines_of(folder / "00003/result.json");
  REQUIRE(lines.size() == 3);
  auto second = object_of(lines[1]);
  CHECK(second.at("pid").as_int64() == ::getpid());
  CHECK_FALSE(second.at("hostname").as_string().empty());
  second.erase("pid");
  second.erase("hostname");
  const boost::json::object expected{{"loss", 0.25},
                                     {"training_iteration", 2},
                                     {"time_this_iter_s", 2.0},
                                     {"time_total_s", 3.5},
                                     {"timestamp", 1772366400},
                                     {"date", "2026-03-01_12-00-00"},
                                     {"trial_id", "00003"},
                                     {"done", false},
                                     {"checkpoint_dir_name", "checkpoint_000007"},
                                     {"iterations_since_restore", 2},
                                     {"time_since_restore", 3.5},
                                     {"config", {{"lr", 0.1}}}};
  CHECK(boost::json::value(second) == boost::json::value(expected));

  const auto third = object_of(lines[2]);
  CHECK(third.at("loss") == "nan");
  CHECK(third.at("checkpoint_dir_name").is_null());
  CHECK(third.at("iterations_since_restore") == 1);
  CHECK(third.at("time_since_restore") == 0.5);
}

TEST_CASE("a metric may take the place of an automatic key that Ray Tune lets it take") {
  temp_dir folder;
  trial_files files{folder / "00000", 0, {}};
  add_report(files, {1, {{"training_iteration", 50}, {"time_total_s", 99}}, {}, 1.0, 2.0}, noon_ns);
  const auto report = object_of(lines_of(folder / "00000/result.json").at(0));
  CHECK(report.at("training_iteration") == 50.0);
  CHECK(report.at("time_total_s") == 2.0);
}

TEST_CASE("progress.csv gets a column for a metric that comes later") {
  temp_dir folder;
  trial_files files{folder / "00000", 0, {{"lr", 0.1}}};
  add_report(files, {1, {{"loss", 0.5}}, {}, 1.0, 1.0}, noon_ns);
  add_report(files, {2, {{"loss", 0.25}, {"accuracy", 0.9}}, {}, 1.0, 2.0}, noon_ns);
  add_report(files, {3, {{"accuracy", 1.0}}, {}, 1.0, 3.0}, noon_ns);
  const auto lines = lines_of(folder / "00000/progress.csv");
  REQUIRE(lines.size() == 4);
  CHECK(start_of(lines[0], 5) == "loss,training_iteration,time_this_iter_s,time_total_s,timestamp");
  CHECK(lines[0].ends_with(",time_since_restore,accuracy"));
  CHECK_FALSE(contains(lines[0], "config"));
  CHECK(start_of(lines[1], 5) == "0.5,1,1.0,1.0,1772366400");
  CHECK(lines[1].ends_with(",1.0,"));
  CHECK(start_of(lines[2], 2) == "0.25,2");
  CHECK(lines[2].ends_with(",0.9"));
  CHECK(start_of(lines[3], 2) == ",3");
  CHECK(lines[3].ends_with(",1.0"));
  for (const auto& line : lines)
    CHECK(std::ranges::count(line, ',') == 13);
}

TEST_CASE("progress.csv quotes what needs it") {
  temp_dir folder;
  progress_csv table{folder / "progress.csv"};
  append(table, {{"a,b", "inf"}, {"say \"hi\"", "-inf"}, {"line\nend", "nan"}});
  append(table, {{"a,b", "1e-300"}, {"text", "x,y"}, {"none", ""}, {"yes", "True"}});
  CHECK(read_file(folder / "progress.csv") ==
        "\"a,b\",\"say \"\"hi\"\"\",\"line\nend\",text,none,yes\n"
        "inf,-inf,nan,,,\n"
        "1e-300,,,\"x,y\",,True\n");
}

TEST_CASE("a table goes on where it was closed") {
  temp_dir folder;
  progress_csv table{folder / "progress.csv"};
  append(table, {{"a", "1"}});
  table.close();
  append(table, {{"a", "2"}});
  table.close();
  append(table, {{"b", "3"}});
  CHECK(read_file(folder / "progress.csv") == "a,b\n1,\n2,\n,3\n");
}

TEST_CASE("a file that cannot be written is named") {
  temp_dir folder;
  trial_files files{folder / "00000", 0, {}};
  fs::create_directory(folder / "00000/result.json");
  CHECK(contains(message_of<std::runtime_error>([&] { add_report(files, {}, noon_ns); }),
                 "00000/result.json: Is a directory"));
}

TEST_CASE("a table whose every row has a new column is complete when it is closed") {
  temp_dir folder;
  progress_csv table{folder / "progress.csv"};
  constexpr int reports = 3000;
  for (int i = 0; i < reports; ++i)
    append(table, {{"n", std::to_string(i)}, {"metric" + std::to_string(i), std::to_string(i)}});
  table.close();
  const auto lines = lines_of(folder / "progress.csv");
  REQUIRE(lines.size() == reports + 1);
  CHECK(std::ranges::count(lines[0], ',') == 999); // what comes later has no column
  for (int i = 0; i < reports; ++i) {
    const auto& line = lines[static_cast<std::size_t>(i) + 1];
    const auto number = std::to_string(i);
    REQUIRE(std::ranges::count(line, ',') == 999);
    if (i < 999) {
      auto wanted = number + std::string(static_cast<std::size_t>(i) + 1, ',') + number;
      wanted.resize(2 * number.size() + 999, ',');
      REQUIRE(line == wanted);
    } else {
      REQUIRE(line == number + std::string(999, ','));
    }
  }
  append(table, {{"n", "-1"}});
  table.close();
  CHECK(lines_of(folder / "progress.csv").back().starts_with("-1,"));
}
