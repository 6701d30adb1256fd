#pragma once

#include "search/life/study_machine.hpp"
#include "store/checkpoint_shelf.hpp"
#include "store/doctor.hpp"
#include "store/study_writer.hpp"
#include "store_kit.hpp"

#include <doctest/doctest.h>

#include <array>
#include <map>
#include <memory>
#include <span>

namespace store_kit {

/// Returns a file of tensors with `bytes` bytes of them.
inline std::vector<std::byte> tensors(std::size_t bytes) {
  std::string text = R"({"__metadata__": {"by": "nobody"}, "w": {"dtype": "U8", "shape": [)" +
                     std::to_string(bytes) + R"(], "data_offsets": [0, )" + std::to_string(bytes) +
                     "]}}";
  text.insert(0, 8, '\0');
  text[0] = static_cast<char>(text.size() - 8);
  text.append(bytes, 'x');
  const auto all = std::as_bytes(std::span{text});
  return {all.begin(), all.end()};
}

/// A study as `run` writes it down, told step by step.
class told_study {
public:
  explicit told_study(const fs::path& root)
      : layout{root},
        writer_{troupe::study_writer::begin(std::make_unique<troupe::study_folder>(root), plan())},
        machine_{plan(), [this](const troupe::event_ptr& e) { write(e); }} {
    machine_.begin(tick());
  }

  static troupe::study plan() {
    troupe::study s;
    s.name = "demo";
    s.metric = "loss";
    s.num_samples = 4;
    s.max_failures = 1;
    return s;
  }

  void add() { machine_.add({{"lr", 0.1}, {"net", {{"z", 1}, {"a", 2}}}}, 0, tick()); }
  void start(troupe::trial_number n) { machine_.start(n, {n + 1U, 1, 0, 0, {}}, tick()); }

  void report(troupe::trial_number n, troupe::metrics m, bool with_checkpoint = true) {
    if (with_checkpoint) given_ = troupe::checkpoint{{{"model.safetensors", tensors(100)}}};
    const auto outcome =
        machine_.report(n, machine_.attempt_of(n), m, with_checkpoint, 0.5, tick());
    if (given_) machine_.saved(n, machine_.checkpoints_of(n).back(), tick());
    given_ = {};
    for (const auto& [owner, number] : outcome.drop_checkpoints)
      shelf_.remove(owner, number);
  }

  void leave(troupe::trial_number n, const std::optional<std::string>& error = {}) {
    machine_.exited(n, machine_.attempt_of(n), error, tick());
  }

  /// A trial with a checkpoint pauses, and goes on from the donor's last one.
  void take_over(troupe::trial_number n, troupe::trial_number donor) {
    machine_.decide(n, machine_.attempt_of(n), {troupe::verdict::pause, "worst", {}, {}}, tick());
    leave(n);
    machine_.take_over({n, donor, {{"lr", 0.2}}}, tick());
  }

  void commit() { writer_->commit(); }

  /// Ends the study, and lets go of the folder.
  void end() {
    machine_.end(tick());
    writer_->finish(machine_.results());
    writer_.reset();
  }

  troupe::study_layout layout;

private:
  void write(const troupe::event_ptr& e) {
    writer_->write(e);
    if (const auto* report = std::get_if<troupe::event_kind::trial_reported>(&e->body))
      if (report->checkpoint) shelf_.save(*e, given_);
  }

  std::int64_t tick() { return now_ += 1'000'000'000; }

  std::unique_ptr<troupe::study_writer> writer_;
  troupe::checkpoint_shelf shelf_{layout};
  troupe::checkpoint given_;
  std::int64_t now_ = noon_ns;
  troupe::study_machine machine_;
};

/// Writes a study of four trials: one with checkpoints, one that is tried again, one without
/// checkpoints whose metrics have odd names, and one that never runs. It needs checkpoints 1 and 2
/// of trial 0, and 0 of trial 1.
inline troupe::study_layout write_study(const fs::path& root) {
  told_study s{root};
  for (int n = 0; n < 4; ++n)
    s.add();
  s.start(0);
  s.report(0, {{"loss", 0.5}});
  s.report(0, {{"loss", 0.1}, {"accuracy", 0.9}});
  s.report(0, {{"loss", 0.3}});
  s.leave(0);
  s.start(1);
  s.report(1, {{"loss", 0.7}});
  s.leave(1, "boom");
  s.start(1);
  s.report(1, {{"loss", 0.6}}, false);
  s.leave(1);
  s.start(2);
  s.report(2, {{"loss", 1.0}, {"a,\"b\"\nc", std::nan("")}, {"pid", 3}}, false);
  s.leave(2);
  s.end();
  return s.layout;
}

/// Returns the text of each file below `folder`, but for the lock and what SQLite keeps beside.
inline std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator{folder})
    if (entry.is_regular_file() && entry.path().filename() != ".lock")
      found[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
  return found;
}

/// Returns the only thing that is found.
inline troupe::finding only_finding(const troupe::study_layout& layout) {
  const auto found = troupe::examine(layout, false).findings;
  std::string all;
  for (const auto& f : found)
    all += f.where + ": " + f.what + "\n";
  CAPTURE(all);
  REQUIRE(found.size() == 1);
  return found.front();
}

} // namespace store_kit
