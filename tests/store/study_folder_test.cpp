#include "store/files.hpp"
#include "store/journal.hpp"
#include "store/study_folder.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using namespace store_kit;
using namespace troupe;

namespace {

std::string refusal_of(const fs::path& folder, bool overwrite = false) {
  return message_of<folder_error>(
      [&] { study_folder(folder, overwrite ? folder_use::overwrite : folder_use::fresh); });
}

void leave_a_journal(const study_layout& layout) {
  const journal_writer journal{layout.journal()};
}

/// Leaves in `root` what a study leaves.
void leave_a_study(const fs::path& root) {
  study_folder folder{root};
  const auto& layout = folder.layout();
  const journal_writer journal{layout.journal()};
  write_file(layout.study_file(), "{}");
  write_file(layout.summary(), "{}");
  write_file(layout.checkpoint(3, 1) / "model.safetensors", "weights");
}

} // namespace

TEST_CASE("paths in a results folder are those of the contract") {
  const study_layout layout{"out"};
  CHECK(layout.study_file() == "out/study.json");
  CHECK(layout.journal() == "out/study.db");
  CHECK(layout.summary() == "out/summary.json");
  CHECK(layout.trial(3) == "out/trials/00003");
  CHECK(layout.trial(123456) == "out/trials/123456");
  CHECK(layout.checkpoint(0, 12) == "out/trials/00000/checkpoint_000012");
}

TEST_CASE("a results folder is created with its parents, and removed again if unused") {
  temp_dir folder;
  {
    const study_folder out{folder / "a/b/c"};
    CHECK(fs::is_directory(folder / "a/b/c"));
  }
  CHECK_FALSE(fs::exists(folder / "a"));
  leave_a_study(folder / "a/b/c");
  CHECK(fs::exists(folder / "a/b/c/study.db"));
}

TEST_CASE("an unused folder that was there before stays") {
  temp_dir folder;
  fs::create_directory(folder / "out");
  { const study_folder unused{folder / "out"}; }
  CHECK(fs::exists(folder / "out"));
}

TEST_CASE("a folder with anything in it is refused and left alone") {
  temp_dir folder;
  write_file(folder / "out/notes.txt", "mine");
  const auto message = refusal_of(folder / "out");
  CHECK(contains(message, "out: is not empty; go on with the study in it with --resume"));
  CHECK(contains(message, "--overwrite"));
  CHECK(read_file(folder / "out/notes.txt") == "mine");
}

TEST_CASE("overwriting removes the former study and nothing else") {
  temp_dir folder;
  leave_a_study(folder / "out");
  write_file(folder / "out/notes.txt", "mine");
  write_file(folder / "out/plots/loss.png", "mine");
  write_file(folder / "out/study.db-wal", "ours");
  write_file(folder / "out/summary.json.tmp", "ours");
  {
    study_folder out{folder / "out", folder_use::overwrite};
    CHECK(fs::exists(folder / "out/study.json")); // Until all is ready the former study stays.
    out.begin();
    leave_a_journal(out.layout());
    out.keep();
    fs::remove(folder / "out/study.db");
    for (const auto* ours :
         {"study.json", "study.db-wal", "summary.json", "summary.json.tmp", "trials", ".former"})
      CHECK_FALSE(fs::exists(folder / "out" / ours));
  }
  CHECK(read_file(folder / "out/notes.txt") == "mine");
  CHECK(read_file(folder / "out/plots/loss.png") == "mine");
}

TEST_CASE("overwriting never touches files that only have our names") {
  temp_dir folder;
  write_file(folder / "out/study.json", "the user's own study file");
  write_file(folder / "out/trials/data.csv", "mine");
  CHECK(contains(refusal_of(folder / "out", true), "it is not a study's results folder"));
  write_file(folder / "out/study.db", "somebody else's database");
  CHECK(contains(refusal_of(folder / "out", true), "holds study.db"));
  CHECK(read_file(folder / "out/study.json") == "the user's own study file");
  CHECK(read_file(folder / "out/trials/data.csv") == "mine");
}

TEST_CASE("overwriting an empty folder is no different from using it") {
  temp_dir folder;
  CHECK_NOTHROW(study_folder(folder / "out", folder_use::overwrite));
}

TEST_CASE("a folder in use is refused, by this process and by others, even to overwrite") {
  temp_dir folder;
  leave_a_study(folder / "out");
  {
    const study_folder holder{folder / "out", folder_use::overwrite};
    CHECK(contains(refusal_of(folder / "out"), "out: is in use by process "));
  }
  // The other process holds the folder for as long as its pipe is open.
  int hold[2];
  REQUIRE(::pipe(hold) == 0);
  child_process other{[&](int pipe) {
    ::close(hold[1]);
    const study_folder holder{folder / "out", folder_use::overwrite};
    say(pipe, 1);
    char byte = 0;
    (void)!::read(hold[0], &byte, 1);
  }};
  ::close(hold[0]);
  REQUIRE(other.heard());
  CHECK(contains(refusal_of(folder / "out", false), "is in use by process "));
  CHECK(contains(refusal_of(folder / "out", true), "is in use by process "));
  ::close(hold[1]);
  CHECK(other.wait() == 0);
  CHECK_NOTHROW(study_folder(folder / "out", folder_use::overwrite));
}

TEST_CASE("who is refused a folder learns who has it") {
  temp_dir folder;
  const study_folder holder{folder / "out"};
  const auto message = refusal_of(folder / "out");
  CHECK(contains(message, "is in use by process " + std::to_string(::getpid()) + " ("));
  CHECK(contains(message, ") on host "));
  CHECK(contains(message, " since 2"));
  write_file(folder / "out/.lock", "");
  CHECK(contains(refusal_of(folder / "out"), "is in use by another process"));
}

TEST_CASE("who waits for a folder hears whom for, once, and not at once") {
  temp_dir folder;
  const study_folder holder{folder / "out"};
  std::vector<std::string> heard;
  const auto wait = [&](std::chrono::milliseconds silence) {
    const folder_patience patience{
        .longest = std::chrono::milliseconds{30},
        .say = [&](std::string_view line) { heard.emplace_back(line); },
        .silence = silence,
    };
    CHECK_THROWS_AS(study_folder(folder / "out", folder_use::go_on, patience), folder_error);
  };
  wait(std::chrono::milliseconds{30});
  CHECK(heard.empty());
  wait(std::chrono::milliseconds{10});
  REQUIRE(heard.size() == 1);
  CHECK(contains(heard[0], "out is in use by process " + std::to_string(::getpid()) + " ("));
  CHECK(contains(heard[0], "; waiting for it, at most 0.03 s"));
}

TEST_CASE("who did not make a folder does not remove it") {
  temp_dir folder;
  std::optional<study_folder> maker{std::in_place, folder / "a/out"};
  CHECK_THROWS_AS(study_folder(folder / "a/out"), folder_error);
  CHECK(fs::exists(folder / "a/out/.lock"));
  // Another one waits until the maker, which does not need it, has removed it: then it is its own.
  child_process other{[&](int pipe) {
    say(pipe, 1);
    study_folder next{folder / "a/out", folder_use::fresh, {.longest = std::chrono::minutes{1}}};
    const journal_writer journal{next.layout().journal()};
  }};
  REQUIRE(other.heard());
  maker.reset();
  CHECK(other.wait() == 0);
  CHECK(is_journal(folder / "a/out/study.db"));
}

TEST_CASE("a folder with anything but a study in it is not gone on with") {
  temp_dir folder;
  write_file(folder / "out/notes.txt", "mine");
  CHECK(contains(message_of<folder_error>(
                     [&] { study_folder(folder / "out", folder_use::go_on, {}, "--dir"); }),
                 "out: is not empty and holds no study; choose another folder with --dir"));
}

TEST_CASE("a study that is there is not to be looked for in another folder") {
  temp_dir folder;
  journal_writer{folder / "study.db"};
  study_folder holder{folder / "", folder_use::go_on};
  const auto refusal_of = [&](std::string_view option) {
    return message_of<folder_error>(
        [&] { study_folder(folder / "", folder_use::go_on, {}, option); });
  };
  CHECK(contains(refusal_of("--dir"), "choose another folder with --dir"));
  CHECK(refusal_of("DIR").ends_with("; wait until it has ended"));
}

TEST_CASE("what cannot be a results folder is refused with the reason") {
  temp_dir folder;
  write_file(folder / "file", "");
  CHECK(contains(refusal_of(folder / "file"), "file: is a file, not a folder"));
  CHECK(contains(refusal_of(folder / "file/out"), "cannot be created: Not a directory"));
  CHECK(contains(refusal_of(""), "empty name"));
  CHECK(contains(refusal_of(folder.path() / std::string(300, 'x')), "File name too long"));
  fs::create_symlink("nowhere", folder / "link");
  CHECK(contains(refusal_of(folder / "link"), "--out"));
}

TEST_CASE("a folder that must not be written to is refused with the reason") {
  temp_dir folder;
  ::chmod(folder.path().c_str(), 0555);
  child_process stranger{[&](int) {
    // Permissions bind everybody but root.
    if (::geteuid() == 0 && ::seteuid(65534) != 0) ::_exit(1);
    if (!contains(refusal_of(folder.path()), "cannot be written to: Permission denied")) ::_exit(2);
    if (!contains(refusal_of(folder / "out"), "cannot be created: Permission denied")) ::_exit(3);
  }};
  CHECK(stranger.wait() == 0);
  ::chmod(folder.path().c_str(), 0755);
}

TEST_CASE("files are replaced whole, and errors name the file and the cause") {
  temp_dir folder;
  write_atomically(folder / "a.json", "old");
  write_file(folder / "a.json.tmp", "left by a crash");
  write_atomically(folder / "a.json", "new");
  CHECK(read_file(folder / "a.json") == "new");
  CHECK_FALSE(fs::exists(folder / "a.json.tmp"));

  CHECK(contains(message_of<std::runtime_error>([&] { write_atomically(folder / "b/c", ""); }),
                 "b/c.tmp: No such file or directory"));
  CHECK(message_of<std::runtime_error>([] { output_file::append_to("/dev/full").write("x"); }) ==
        "cannot write to /dev/full: No space left on device; free some disk space");
  CHECK(contains(message_of<std::runtime_error>([&] { read_bytes(folder / "none"); }),
                 "none: No such file or directory"));
}
