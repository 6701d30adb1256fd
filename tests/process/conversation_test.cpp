#include "data/temp_dir.hpp"
#include "model/fake_trial.hpp"
#include "process/conversation.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace troupe;
namespace fs = std::filesystem;

namespace {

constexpr std::chrono::hours long_time{1};

const std::string hello = "{\"type\": \"hello\", \"version\": 1}\n";

std::string report(const std::string& rest = {}) {
  return R"({"type": "report", "metrics": {"loss": 1})" + rest + "}\n";
}

/// A trial and its program, which is this test, as they talk.
struct talk {
  temp_dir folder;
  fake_trial trial{{{"x", 1}}};
  std::vector<std::string> logged;
  message_socket socket;
  std::optional<conversation> with;
  int program = dup(socket.others());

  explicit talk(conversation::patience p = {long_time, long_time}, const checkpoint& from = {},
                conversation::manner m = {}) {
    if (from) {
      fake_trial before{{}};
      CHECK(before.report({}, from));
      trial.resume(before);
    }
    trial.keep_in(folder.path());
    with.emplace(
        trial, p,
        conversation::listener{[this](metrics m, checkpoint c) {
                                 if (trial.report(std::move(m), std::move(c)))
                                   return verdict::proceed;
                                 return trial.pauses ? verdict::pause : verdict::stop;
                               },
                               [this](std::string_view line) { logged.emplace_back(line); }},
        socket, m);
    socket.begin();
  }
  ~talk() { hang_up(); }
  talk(const talk&) = delete;
  talk& operator=(const talk&) = delete;

  void hang_up() {
    if (program >= 0) close(std::exchange(program, -1));
  }

  void say(const std::string& text) const {
    REQUIRE(send(program, text.data(), text.size(), MSG_NOSIGNAL) == std::ssize(text));
  }

  /// Says it, and lets it be heard.
  void tell(const std::string& text) {
    say(text);
    with->go_on();
  }

  /// What the program has been told since the last time.
  std::string told() const {
    std::array<char, 65536> bytes{};
    const auto size = recv(program, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return {bytes.data(), static_cast<std::size_t>(size > 0 ? size : 0)};
  }

  std::string fault(const std::string& text) {
    try {
      tell(text);
      return {};
    } catch (const std::runtime_error& e) {
      return e.what();
    }
  }

  /// Makes a checkpoint as the program does; returns its folder.
  fs::path make(const std::string& name, const std::string& content) const {
    for (const auto& entry : fs::directory_iterator{folder.path()})
      if (fs::exists(entry.path() / "new")) {
        write_file(entry.path() / "new" / name / "inside" / "model", content);
        return entry.path() / "new" / name;
      }
    return {};
  }
};

const std::string proceed = "{\"type\": \"decision\", \"decision\": \"continue\"}\n";

} // namespace

TEST_CASE("who says hello is told what to train, and each report is answered") {
  talk t;
  t.tell(hello);
  CHECK(t.told().starts_with("{\"type\": \"start\", \"version\": 1, \"trial\": \"00000\""));
  t.tell(report() + report());
  CHECK(t.told() == proceed + proceed);
  CHECK(t.trial.reports == std::vector<metrics>(2, {{"loss", 1}}));
  t.trial.reports_before_stop = 3;
  t.trial.pauses = true;
  t.tell(report() + report());
  const std::string pause = "{\"type\": \"decision\", \"decision\": \"pause\"}\n";
  CHECK(t.told() == pause + pause); // it did not listen
  CHECK(t.trial.reports.size() == 3);
}

TEST_CASE("messages may come in pieces, or together") {
  talk t;
  const auto all = hello + report() + "{\"type\": \"log\", \"text\": \"a\\nb\"}\n" +
                   "{\"type\": \"progress\", \"fraction\": 0.5}\n";
  for (const char c : all)
    t.tell({c});
  CHECK(t.trial.reports.size() == 1);
  CHECK(t.logged == std::vector<std::string>{"a", "b"});
  CHECK(t.trial.last_fraction == 0.5);
}

TEST_CASE("a checkpoint is a folder that is taken as it is, and removed with the last who has it") {
  talk t;
  t.tell(hello);
  const auto made = t.make("7", "weights");
  t.tell(report(R"(, "checkpoint": "7")"));
  CHECK(!fs::exists(made));
  REQUIRE(t.trial.checkpoints.back());
  const auto taken = t.trial.checkpoints.back().taken_folder();
  CHECK(taken.parent_path() == t.folder.path());
  CHECK(read_file(taken / "inside/model") == "weights");
  t.with.reset();
  CHECK(fs::exists(taken));
  t.trial.checkpoints.clear();
  CHECK(fs::is_empty(t.folder.path()));
}

TEST_CASE("the checkpoint to go on from is a copy of the program's own") {
  temp_dir stored;
  write_file(stored / "c/inside/model", "weights");
  write_file(stored / "c/metadata.json", "{}");
  talk t{{long_time, long_time}, checkpoint::in(stored / "c")};
  t.tell(hello);
  const auto start = t.told();
  CHECK(start.find("\"iteration\": 1") != start.npos);
  const std::string key = "\"checkpoint\": \"";
  const auto begin = start.find(key) + key.size();
  const fs::path last = start.substr(begin, start.find('"', begin) - begin);
  CHECK(read_file(last / "inside/model") == "weights");
  CHECK(!fs::exists(last / "metadata.json"));
  fs::remove_all(last);
  CHECK(read_file(stored / "c/inside/model") == "weights");
  t.with.reset();
  CHECK(fs::is_empty(t.folder.path()));
}

TEST_CASE("what is no checkpoint is refused, and nothing of it stays") {
  const auto refusal = [](auto spoil) {
    talk t;
    t.tell(hello);
    spoil(t.make("7", "weights"));
    const auto error = t.fault(report(R"(, "checkpoint": "7")"));
    CHECK(t.trial.reports.empty());
    t.with.reset();
    CHECK(fs::is_empty(t.folder.path()));
    return error;
  };
  const std::string no_folder = "the checkpoint \"7\" is no folder in ";
  CHECK(refusal([](const fs::path& made) { fs::remove_all(made); }).starts_with(no_folder));
  CHECK(refusal([](const fs::path& made) {
          fs::remove_all(made);
          fs::create_symlink("/etc", made);
        }).starts_with(no_folder));
  CHECK(refusal([](const fs::path& made) { fs::create_symlink("/etc", made / "inside/etc"); }) ==
        "a checkpoint cannot have inside/etc: it is neither a file nor a folder");
  CHECK(refusal([](const fs::path& made) { write_file(made / "metadata.json", "{}"); }) ==
        "a checkpoint cannot have metadata.json: Troupe writes one itself");
}

TEST_CASE("who does not keep to the protocol is told how") {
  CHECK(talk{}.fault(report()).starts_with("the program's first message must be hello; the line:"));
  CHECK(talk{}.fault(hello + hello) == "the program said hello twice");
  CHECK(talk{}.fault(hello + "no\n").ends_with("; the line: no"));
  CHECK(talk{}.fault("{\"type\": \"error\", \"message\": \"no GPU\"}\n") == "no GPU");
}

TEST_CASE("who may rest says hello before a trial and after it, and is told at once of the next") {
  constexpr conversation::patience long_patience{long_time, long_time};
  talk first{long_patience, {}, {.may_rest = true}};
  first.tell(hello + report());
  CHECK(!first.with->is_resting());
  first.tell(hello);
  CHECK(first.with->is_resting());
  first.with->hang_up();
  CHECK(first.socket.is_closed());
  talk next{long_patience, {}, {.has_greeted = true, .may_rest = true}};
  CHECK(next.told().starts_with("{\"type\": \"start\""));
  next.tell(report());
  CHECK(next.told() == proceed);
  next.tell(hello);
  CHECK(next.with->is_resting());
}

TEST_CASE("a message of more than a MiB is refused") {
  talk t;
  std::string error;
  for (int i = 0; i < 32 && error.empty(); ++i)
    error = t.fault(std::string(std::size_t{64} * 1024, 'x'));
  CHECK(error == "a message of more than 1 MiB; large things belong in files");
}

TEST_CASE("who does not read what it is told is refused at last") {
  talk t;
  t.tell(hello);
  std::string error;
  for (int i = 0; i < 100'000 && error.empty(); ++i)
    error = t.fault(report());
  CHECK(error == "the program does not read what it is told");
}

TEST_CASE("who was told to end may say whatever it likes") {
  talk t;
  t.tell(hello);
  t.told();
  t.with->tell_stop();
  CHECK(t.told() == "{\"type\": \"stop\"}\n");
  t.trial.reports_before_stop = 0;
  t.tell(report()); // which was on its way
  CHECK(t.told() == "{\"type\": \"decision\", \"decision\": \"stop\"}\n");
  CHECK(t.fault("nonsense\n").empty());
  CHECK(!t.with->deadline());
}

TEST_CASE("who never says hello, or stops its heartbeats, is given up; others may be silent") {
  constexpr conversation::patience none{std::chrono::seconds{0}, long_time};
  talk silent{none};
  CHECK_THROWS_WITH(silent.with->check_deadline(),
                    "the program has not said hello on descriptor TROUPE_FD within 0 s");
  silent.tell(hello);
  CHECK(!silent.with->deadline());
  silent.tell("{\"type\": \"heartbeat\"}\n");
  CHECK_THROWS_WITH(silent.with->check_deadline(),
                    "the program has sent nothing for 0 s, not even a heartbeat");
}

TEST_CASE("who has closed its end has to end itself") {
  talk t{{long_time, std::chrono::milliseconds{500}}};
  t.tell(hello);
  t.hang_up();
  CHECK(t.with->descriptor() >= 0);
  t.with->go_on();
  CHECK(t.with->descriptor() == -1);
  REQUIRE(t.with->deadline());
  CHECK(*t.with->deadline() <= conversation::clock::now() + std::chrono::milliseconds{500});
  talk at_once{{long_time, std::chrono::seconds{0}}};
  at_once.hang_up();
  at_once.with->go_on();
  CHECK_THROWS_WITH(at_once.with->check_deadline(),
                    "the program closed descriptor TROUPE_FD, and has not ended within 0 s");
}

TEST_CASE("what was said before the end is heard, and half a message of one that ended well") {
  talk t;
  t.say(hello + report() + report());
  t.with->finish(true);
  CHECK(t.trial.reports.size() == 2);
  talk half;
  half.say(hello + "{\"type\": \"rep");
  CHECK_NOTHROW(half.with->finish(false));
  CHECK_THROWS_AS(half.with->finish(true), std::runtime_error);
}
