#include "base/json.hpp"
#include "store/checkpoint_folder.hpp"
#include "store/files.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

using namespace store_kit;
using namespace troupe;

namespace {

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span{text});
  return {bytes.begin(), bytes.end()};
}

std::string refusal(std::vector<blob> blobs) {
  return message_of<std::invalid_argument>([&] { check_blob_names(blobs); });
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{folder})
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

} // namespace

TEST_CASE("a checkpoint reads back as it was written") {
  temp_dir folder;
  const std::string binary{"\0\xff\r\n", 4};
  const checkpoint c{{{"model.safetensors", bytes_of(binary)}, {"empty", {}}}};
  write_checkpoint(folder / "checkpoint_000003", c, {{"iteration", 7}});

  CHECK(names_in(folder.path()) == std::vector<std::string>{"checkpoint_000003"});
  const auto back = checkpoint::load(folder / "checkpoint_000003");
  CHECK(back.blobs().size() == 3);
  CHECK(back.at("model.safetensors").bytes == bytes_of(binary));
  CHECK(back.at("empty").bytes.empty());
  CHECK(parse_json(read_file(folder / "checkpoint_000003/metadata.json")) ==
        boost::json::value{{"iteration", 7}});
}

TEST_CASE("a missing part is named with those that are there") {
  const checkpoint c{{{"a", {}}, {"b", {}}}};
  CHECK(message_of<std::out_of_range>([&] { c.at("model"); }) ==
        "the checkpoint has no \"model\"; it has: a, b");
  CHECK_THROWS_AS(checkpoint{}.at("model"), std::out_of_range);
}

TEST_CASE("a checkpoint that is not there is an error that names it") {
  temp_dir folder;
  CHECK(contains(message_of<std::runtime_error>([&] { checkpoint::load(folder / "none"); }),
                 "none: No such file or directory"));
}

TEST_CASE("a checkpoint handed on describes the trial that holds it now") {
  temp_dir folder;
  const checkpoint first{{{"model", bytes_of("m")}}};
  write_checkpoint(folder / "checkpoint_000000", first, {{"trial_id", "00000"}});
  const auto taken_over = checkpoint::load(folder / "checkpoint_000000");
  write_checkpoint(folder / "checkpoint_000001", taken_over, {{"trial_id", "00001"}});
  CHECK(contains(read_file(folder / "checkpoint_000001/metadata.json"), "00001"));
}

TEST_CASE("a checkpoint replaces what a crash has left, whole or half-written") {
  temp_dir folder;
  write_file(folder / ".checkpoint_000000.tmp/half", "x");
  write_file(folder / "checkpoint_000000/former", "x");
  write_checkpoint(folder / "checkpoint_000000", checkpoint{{{"model", bytes_of("m")}}}, {});
  CHECK(names_in(folder.path()) == std::vector<std::string>{"checkpoint_000000"});
  CHECK(names_in(folder / "checkpoint_000000") ==
        std::vector<std::string>{"metadata.json", "model"});
}

TEST_CASE("half-written checkpoints are cleared away, and nothing else") {
  temp_dir folder;
  for (const auto* name : {".checkpoint_000004.tmp", ".checkpoint_000001.old", "checkpoint_000003"})
    write_file(folder / name / "model", "x");
  write_file(folder / ".checkpoint_notes", "mine");
  remove_leftovers(folder.path());
  CHECK(names_in(folder.path()) ==
        std::vector<std::string>{".checkpoint_notes", "checkpoint_000003"});
}

TEST_CASE("a checkpoint can be removed once and again") {
  temp_dir folder;
  write_checkpoint(folder / "checkpoint_000000", checkpoint{{{"model", {}}}}, {});
  remove_checkpoint(folder / "checkpoint_000000");
  CHECK(names_in(folder.path()).empty());
  CHECK_NOTHROW(remove_checkpoint(folder / "checkpoint_000000"));
}

TEST_CASE("names that would leave the folder are refused, and nothing is written") {
  using namespace std::string_literals;
  for (const auto& name :
       {""s, "."s, ".."s, "../model"s, "/etc/passwd"s, "a/b"s, "a\0b"s, std::string(256, 'x')}) {
    CAPTURE(name);
    CHECK(contains(refusal({{name, {}}}), "a plain file name is needed"));
  }
  CHECK(contains(refusal({{"a", {}}, {"a", {}}}), "two parts named \"a\""));
  CHECK(refusal({{"model.safetensors", {}}, {"..a", {}}, {"-", {}}}).empty());

  temp_dir folder;
  CHECK_THROWS_AS(write_checkpoint(folder / "checkpoint_000000", checkpoint{{{"../x", {}}}}, {}),
                  std::invalid_argument);
  CHECK(names_in(folder.path()).empty());
}

TEST_CASE("a disk without room for a checkpoint is told before anything is written") {
  temp_dir folder;
  CHECK_NOTHROW(check_room(folder.path(), 1));
  const auto told =
      message_of<std::runtime_error>([&] { check_room(folder.path(), std::uintmax_t{5} << 60U); });
  CHECK(
      contains(told, folder.path().string() + ": it needs 5764607523034.2 MB, and the disk has "));
  CHECK(contains(told, " MB free"));
}

TEST_CASE("a folder that a checkpoint has taken over is moved, not copied") {
  temp_dir folder;
  write_file(folder / ".work_1/inside/model", "weights");
  const auto file = identity_of(folder / ".work_1/inside/model");
  const auto c = checkpoint::take(folder / ".work_1");
  CHECK(c.bytes_in_memory() == 0);
  write_checkpoint(folder / "checkpoint_000000", c, {{"iteration", 7}});
  CHECK(names_in(folder.path()) == std::vector<std::string>{"checkpoint_000000"});
  CHECK(identity_of(folder / "checkpoint_000000/inside/model") == file);
  CHECK(contains(read_file(folder / "checkpoint_000000/metadata.json"), "7"));
  CHECK(c.taken_folder().empty());

  c.copy_to(folder / "copy"); // from where it is now
  CHECK(names_in(folder / "copy") == std::vector<std::string>{"inside"});
  CHECK(read_file(folder / "copy/inside/model") == "weights");
}

TEST_CASE("a folder that a checkpoint has taken over goes with it, unless it was saved") {
  temp_dir folder;
  for (const bool saved : {false, true}) {
    write_file(folder / ".work_1/model", "weights");
    auto c = checkpoint::take(folder / ".work_1");
    const auto another = c;
    if (saved) write_checkpoint(folder / "checkpoint_000000", c, {});
    c = {};
    CHECK(another.at("model").bytes == bytes_of("weights"));
  }
  CHECK(names_in(folder.path()) == std::vector<std::string>{"checkpoint_000000"});
}

TEST_CASE("what cannot be kept is not taken over") {
  temp_dir folder;
  fs::create_directory(folder / "c");
  fs::create_symlink("/etc", folder / "c/etc");
  CHECK(message_of<std::runtime_error>([&] { checkpoint::take(folder / "c"); }) ==
        "a checkpoint cannot have etc: it is neither a file nor a folder");
  CHECK(names_in(folder.path()) == std::vector<std::string>{"c"});
}

TEST_CASE("a checkpoint in memory can be copied to a folder") {
  temp_dir folder;
  checkpoint{{{"model", bytes_of("m")}, {"metadata.json", {}}}}.copy_to(folder / "copy");
  CHECK(names_in(folder / "copy") == std::vector<std::string>{"model"});
}
