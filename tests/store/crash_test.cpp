#include "store/checkpoint_folder.hpp"
#include "store/checkpoint_shelf.hpp"
#include "store/journal.hpp"
#include "store/study_writer.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace store_kit;
using namespace troupe;

namespace {

/// Lets `body` run until it has told a number of its parent's choice, or more; then kills it.
/// Returns the last number told.
std::uint64_t kill_after(std::uint64_t wanted, const std::function<void(int pipe)>& body) {
  child_process child{body};
  std::uint64_t last = 0;
  while (last < wanted) {
    const auto heard = child.heard();
    REQUIRE(heard);
    last = *heard;
  }
  child.kill();
  while (const auto heard = child.heard())
    last = *heard;
  CHECK(child.wait() == -1);
  return last;
}

/// Returns the journal's events, which must be 1, 2, 3, … .
std::vector<event> read_all(const fs::path& file) {
  auto reader = journal_reader::unchecked(file);
  std::vector<event> events;
  while (auto e = reader.next()) {
    REQUIRE(e->seq == events.size() + 1);
    events.push_back(std::move(*e));
  }
  return events;
}

double loss_of(const event& e) {
  return *std::get<event_kind::trial_reported>(e.body).metrics.find("loss");
}

checkpoint make_checkpoint(int number) {
  const std::vector<std::byte> bytes(20'000, static_cast<std::byte>(number));
  return checkpoint{{{"model", bytes}, {"optimizer", bytes}}};
}

} // namespace

TEST_CASE("every event acknowledged before a kill is in the journal") {
  temp_dir folder;
  const auto file = folder / "study.db";
  std::mt19937_64 random{1};
  for (int round = 0; round < 8; ++round) {
    CAPTURE(round);
    const auto before = fs::exists(file) ? read_all(file).size() : 0;
    const auto batch = 1 + random() % 40;
    const auto acknowledged = kill_after(before + random() % 200, [&](int pipe) {
      journal_writer journal{file};
      for (auto seq = journal.last_seq() + 1;; ++seq) {
        journal.append(make_report(seq, 0, 1));
        if (seq % batch != 0) continue;
        journal.commit();
        say(pipe, seq);
      }
    });
    const auto events = read_all(file);
    CHECK(events.size() >= acknowledged);
    for (const auto& e : events)
      REQUIRE(loss_of(e) == 1.0 / static_cast<double>(e.seq));
  }
}

TEST_CASE("a checkpoint that an event names is whole after a kill") {
  std::mt19937_64 random{2};
  for (int round = 0; round < 4; ++round) {
    CAPTURE(round);
    temp_dir folder;
    const study_layout layout{folder / "out"};
    const auto acknowledged = kill_after(2 + random() % 30, [&](int pipe) {
      study_writer writer{std::make_unique<study_folder>(layout.root())};
      checkpoint_shelf shelf{layout};
      writer.write(std::make_shared<const event>(make_event(1, 0, event_kind::trial_added{})));
      for (int number = 0;; ++number) {
        const auto seq = 2 * static_cast<std::uint64_t>(number) + 2;
        const auto report = make_report(seq, 0, number + 1, number);
        writer.write(std::make_shared<const event>(report));
        shelf.save(report, make_checkpoint(number));
        writer.write(std::make_shared<const event>(
            make_event(seq + 1, 0, event_kind::checkpoint_saved{number, number + 1})));
        const auto written = writer.commit();
        if (number > 0) shelf.remove(0, number - 1);
        if (number % 3 == 0) say(pipe, written);
      }
    });
    const auto events = read_all(layout.journal());
    CHECK(events.size() >= acknowledged);
    int last = -1;
    for (const auto& e : events)
      if (const auto* saved = std::get_if<event_kind::checkpoint_saved>(&e.body))
        last = saved->checkpoint;
    const auto kept = checkpoint::load(layout.checkpoint(0, last));
    const auto expected = make_checkpoint(last);
    CHECK(kept.blobs().size() == 3);
    for (const auto& part : expected.blobs())
      CHECK(kept.at(part.name).bytes == part.bytes);
    // Nobody holds the folder any more, and it can be begun anew.
    study_folder again{layout.root(), folder_use::overwrite};
    CHECK_NOTHROW(again.begin());
    CHECK_FALSE(fs::exists(layout.trials()));
  }
}
