// How long it takes to look at a large study: what `troupe trials`, `show`, `importance` and
// `report` do, on 10,000 trials of 100 reports each.
//
//     bench_looking [FOLDER] [TRIALS] [REPORTS]   FOLDER: where the study goes; default: a
//     temporary
//                                                 one
#include "store/study_folder.hpp"
#include "store/study_writer.hpp"
#include "views/importance.hpp"
#include "views/report_data.hpp"
#include "views/report_page.hpp"
#include "views/table_text.hpp"
#include "views/trial_record.hpp"
#include "views/trial_table.hpp"

#include <troupe/open_results.hpp>
#include <troupe/random.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <utility>

namespace {

using namespace troupe;
namespace fs = std::filesystem;

/// Writes a study down that nobody has trained.
void write_study(const fs::path& folder, trial_number trials, int reports) {
  study s;
  s.name = "looked at";
  s.metric = "loss";
  s.num_samples = trials;
  s.space.add("lr", loguniform{1e-4, 1}).add("width", randint{1, 65});
  s.trial_files = false;
  s.durability = durability::off;
  s.trainable.name = "nothing";
  auto writer = study_writer::begin(
      std::make_unique<study_folder>(folder, folder_use::fresh, folder_patience{}, "FOLDER"), s);
  std::uint64_t seq = 0;
  const auto write = [&](std::optional<trial_number> n, event_body body) {
    ++seq;
    writer->write(std::make_shared<event>(
        event{seq, static_cast<std::int64_t>(seq) * 1'000'000, n, std::move(body)}));
    if (seq % 10'000 == 0) writer->commit();
  };
  write({}, event_kind::study_started{s.name, trials, true});
  for (trial_number n = 0; n < trials; ++n) {
    random_stream random{1, n, "bench"};
    const double x = random.uniform();
    write(n, event_kind::trial_added{{{"lr", x}, {"width", 1 + random.below(64)}}, seq});
    write(n, event_kind::trial_started{1, 0, {n + 1U, 1, 0, 0, {}}, {}});
    for (int i = 1; i <= reports; ++i)
      write(n, event_kind::trial_reported{
                   i, {{"loss", x / i}, {"accuracy", 1 - x / i}}, {}, 0.01, 0.01 * i});
    write(n, event_kind::trial_ended{trial_state::completed, {}});
  }
  write({}, event_kind::study_ended{});
  writer->commit();
}

template <class Look>
auto timed(const char* what, Look look) {
  const auto start = std::chrono::steady_clock::now();
  auto result = look();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%-12s %6.3f s\n", what, took.count());
  return result;
}

} // namespace

int main(int argc, char** argv) {
  const fs::path folder = argc > 1 ? argv[1] : fs::temp_directory_path() / "troupe_looking";
  const auto trials = static_cast<trial_number>(argc > 2 ? std::atoi(argv[2]) : 10'000);
  const int reports = argc > 3 ? std::atoi(argv[3]) : 100;
  fs::remove_all(folder);
  write_study(folder, trials, reports);
  std::printf("%u trials of %d reports\n", static_cast<unsigned>(trials), reports);
  const auto study = timed("open", [&] { return open_results(folder); });
  const auto table =
      timed("trials", [&] { return trial_table(study.results(), study.study().space); });
  timed("as text", [&] { return to_text(table, listing_format::text).size(); });
  timed("as CSV", [&] { return to_text(table, listing_format::csv).size(); });
  timed("show", [&] { return read_trial(study, study_layout{folder}, trials / 2).reports.size(); });
  timed("importance", [&] { return importance_of(study.study(), study.results()).trials; });
  const auto page =
      timed("report", [&] { return report_page(report_data(study, "ended")).size(); });
  std::printf("the page has %.1f MB\n", static_cast<double>(page) / 1e6);
  fs::remove_all(folder);
}
