#include "base/json.hpp"
#include "cli/replay_command.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

using namespace troupe;
namespace fs = std::filesystem;

namespace {

const std::string asha_vectors = std::string{TROUPE_VECTORS} + "/asha.jsonl.gz";

struct outcome {
  int exit_code = 0;
  std::string out, err;
};

outcome run_replay(const std::string& file, bool check) {
  std::ostringstream out, err;
  const int exit_code = replay_command(file, check, out, err);
  return {exit_code, out.str(), err.str()};
}

/// A file that exists as long as this does.
class temporary_file {
public:
  explicit temporary_file(std::string_view text) {
    std::string pattern = (fs::temp_directory_path() / "troupe-replay-XXXXXX").string();
    const int descriptor = mkstemp(pattern.data());
    REQUIRE(descriptor >= 0);
    close(descriptor);
    path_ = pattern;
    std::ofstream{path_, std::ios::binary} << text;
  }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file() { fs::remove(path_); }

  const std::string& path() const { return path_; }

private:
  std::string path_;
};

/// Standard input is `file` as long as this exists.
class redirected_input {
public:
  explicit redirected_input(const std::string& file) : before_{dup(STDIN_FILENO)} {
    const int opened = open(file.c_str(), O_RDONLY);
    REQUIRE(opened >= 0);
    dup2(opened, STDIN_FILENO);
    close(opened);
  }
  redirected_input(const redirected_input&) = delete;
  redirected_input& operator=(const redirected_input&) = delete;
  ~redirected_input() {
    dup2(before_, STDIN_FILENO);
    close(before_);
  }

private:
  int before_;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines)
    text += line + "\n";
  return text;
}

/// The index of the last result that was answered with `decision`.
std::size_t last_result(const boost::json::array& events, std::string_view decision) {
  std::size_t place = events.size();
  while (place-- > 0) {
    const auto found = events[place].get_object().if_contains("decision");
    if (found && *found == boost::json::value(decision)) return place;
  }
  throw std::logic_error{"no such result"};
}

/// A line with one case and one event.
const std::string tiny_case = R"({"scheduler": "fifo", "mode": "max", "params": {}, )"
                              R"("events": [{"op": "add", "trial": "a"}]})";

} // namespace

TEST_SUITE("replay command: recorded cases") {
  TEST_CASE("every recorded decision of ASHA is decided again") {
    const auto checked = run_replay(asha_vectors, true);
    CHECK(checked.exit_code == 0);
    CHECK(checked.out == "250 cases, 40671 events agree\n");
    CHECK(checked.err.empty());
  }

  TEST_CASE("so are those of the median rule and of HyperBand") {
    const std::string folder = TROUPE_VECTORS;
    CHECK(run_replay(folder + "/median.jsonl.gz", true).out == "150 cases, 18102 events agree\n");
    CHECK(run_replay(folder + "/hyperband.jsonl.gz", true).out ==
          "150 cases, 52665 events agree\n");
  }

  TEST_CASE("printed cases are those that were read, and can be read again") {
    const auto first = run_replay(asha_vectors, false);
    CHECK(first.exit_code == 0);
    CHECK(lines_of(first.out).size() == 250);
    const temporary_file printed{first.out};
    CHECK(run_replay(printed.path(), true).out == "250 cases, 40671 events agree\n");
    CHECK((run_replay(printed.path(), false).out == first.out));
  }

  TEST_CASE("standard input is read, compressed or not") {
    {
      const redirected_input compressed{asha_vectors};
      CHECK(run_replay("-", true).out == "250 cases, 40671 events agree\n");
    }
    const temporary_file plain{tiny_case};
    const redirected_input input{plain.path()};
    CHECK(run_replay("-", true).out == "1 case, 1 event agree\n");
  }

  TEST_CASE("an altered decision is reported at its place, and everything else still agrees") {
    const auto lines = lines_of(run_replay(asha_vectors, false).out);
    for (const std::size_t line : {0u, 41u, 249u})
      for (const std::string_view wrong : {"STOP", "CONTINUE"}) {
        auto altered = lines;
        auto recorded = parse_json(lines[line]).get_object();
        auto& events = recorded["events"].get_array();
        const std::string right = wrong == "CONTINUE" ? "STOP" : "CONTINUE";
        const auto place = last_result(events, right);
        events[place].get_object()["decision"] = wrong;
        altered[line] = to_text(boost::json::value(recorded));
        const temporary_file file{text_of(altered)};

        const auto checked = run_replay(file.path(), true);
        CHECK(checked.exit_code == 1);
        CHECK(checked.out == "line " + std::to_string(line + 1) + ", event " +
                                 std::to_string(place + 1) + ": recorded " + std::string{wrong} +
                                 ", got " + right + "\n1 difference in 250 cases, 40671 events\n");
        CHECK(run_replay(file.path(), false).exit_code == 0);
        CHECK((run_replay(file.path(), false).out == text_of(lines)));
      }
  }

  TEST_CASE("an altered choice is reported at its place") {
    const auto lines = lines_of(run_replay(asha_vectors, false).out);
    auto recorded = parse_json(lines[7]).get_object();
    auto& events = recorded["events"].get_array();
    std::size_t place = 0;
    while (events[place].get_object()["op"] != "choose")
      ++place;
    const auto right = std::string{events[place].get_object()["trial"].get_string()};
    events[place].get_object()["trial"] = "t003";
    const temporary_file file{to_text(boost::json::value(recorded)) + "\n"};
    const auto checked = run_replay(file.path(), true);
    CHECK(checked.exit_code == 1);
    CHECK(checked.out.find("line 1, event " + std::to_string(place + 1) + ": recorded t003, got " +
                           right + "\n") == 0);
  }
}

TEST_SUITE("replay command: bad input") {
  TEST_CASE("a line that is not a case ends the replay with file and line") {
    for (const bool check : {false, true}) {
      const temporary_file broken{tiny_case + "\n\n{\"scheduler\": \n"};
      const auto syntax = run_replay(broken.path(), check);
      CHECK(syntax.exit_code == 2);
      CHECK(syntax.err.find(broken.path() + ":3:") == 0);
      const temporary_file number{tiny_case + "\n17\n"};
      CHECK(run_replay(number.path(), check).err ==
            number.path() + ":2: a case must be a JSON object\n");
      CHECK(run_replay(number.path(), check).out == (check ? "" : tiny_case + "\n"));
    }
  }

  TEST_CASE("a file that cannot be read is named") {
    const auto missing = run_replay("/no/such/file", true);
    CHECK(missing.exit_code == 2);
    CHECK(missing.err == "/no/such/file: cannot be opened: No such file or directory\n");
    const auto folder = run_replay("/", true);
    CHECK(folder.exit_code == 2);
    CHECK(folder.err == "/: cannot be read: Is a directory\n");
  }

  TEST_CASE("a truncated gzip file is not taken for a short one") {
    std::ifstream whole{asha_vectors, std::ios::binary};
    std::string head(100'000, '\0');
    whole.read(head.data(), static_cast<std::streamsize>(head.size()));
    const temporary_file cut{head};
    const auto checked = run_replay(cut.path(), true);
    CHECK(checked.exit_code == 2);
    CHECK(checked.err.find(cut.path() + ": cannot be read: ") == 0);
    CHECK(checked.out.empty());
  }
}
