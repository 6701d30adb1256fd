#include "cli/export_command.hpp"

#include "base/count_text.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/write_output.hpp"
#include "exports/tensorboard_runs.hpp"
#include "exports/trial_lines.hpp"
#include "store/files.hpp"
#include "store/study_layout.hpp"
#include "views/table_text.hpp"
#include "views/trial_table.hpp"

#include <troupe/errors.hpp>
#include <troupe/open_results.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <string_view>
#include <unistd.h>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// Into the file, if one is named; else where data go.
int put(const export_options& o, const std::string& text, std::ostream& out, std::ostream& err) {
  if (!o.to || *o.to == "-") {
    out << text;
    return exit_code::done;
  }
  write_output(*o.to, text);
  err << "wrote " << o.to->string() << '\n';
  return exit_code::done;
}

/// Makes `to` by `write`, which is given another name: whoever looks there sees all of it or
/// nothing.
template <class Write>
void make_whole(const fs::path& to, Write write) {
  if (fs::exists(fs::symlink_status(to)))
    throw folder_error{to.string() + " is there already; name another with -o, or remove it"};
  auto next = to;
  next += fmt::format(".{}.tmp", ::getpid());
  try {
    write(next);
    rename_path(next, to);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(next, ignored);
    throw;
  }
}

int export_runs(const opened_results& study, const fs::path& to, std::ostream& err) {
  std::size_t runs = 0;
  make_whole(to, [&](const fs::path& folder) { runs = write_tensorboard(study, folder); });
  err << fmt::format("wrote {} to {}; tensorboard --logdir {}\n", count_text(runs, "run"),
                     to.string(), to.string());
  return exit_code::done;
}

int export_model(const opened_results& study, const fs::path& to, std::ostream& err) {
  constexpr std::string_view name = "model.safetensors";
  const auto& r = study.results();
  if (!r.best) {
    err << "no trial has succeeded: there is no best model\n";
    return exit_code::nothing_succeeded;
  }
  const auto& best = r.trials.at(*r.best);
  const auto folder = best.scope_checkpoint
                          ? study.checkpoint_folder(best.number, *best.scope_checkpoint)
                          : fs::path{};
  if (folder.empty() || !fs::exists(folder))
    throw folder_error{fmt::format("the best trial, {}, has no checkpoint", trial_id(best.number))};
  if (!fs::exists(folder / name))
    throw folder_error{fmt::format("the best trial's checkpoint has no {}: what it has is in {}",
                                   name, folder.string())};
  make_whole(to, [&](const fs::path& file) { fs::copy_file(folder / name, file); });
  err << fmt::format("wrote the model of trial {} to {}\n", trial_id(best.number), to.string());
  return exit_code::done;
}

} // namespace

int export_command(const export_options& o, std::ostream& out, std::ostream& err) {
  if (o.to && o.to->empty()) throw std::invalid_argument{"--output names nothing: it is empty"};
  if (o.to) refuse_place(*o.to, study_layout{o.folder});
  const auto study = open_results(o.folder);
  if (o.what == "csv")
    return put(o, to_text(trial_table(study.results(), study.study().space), listing_format::csv),
               out, err);
  if (o.what == "jsonl") return put(o, trial_lines(study), out, err);
  if (o.what == "model") return export_model(study, o.to.value_or("model.safetensors"), err);
  return export_runs(study, o.to.value_or("tensorboard"), err);
}

void add_export(CLI::App& app, action& chosen) {
  const auto o = std::make_shared<export_options>();
  CLI::App& command =
      *app.add_subcommand("export", "Write a study, or its best model, as other tools read it");
  command.footer(
      "  troupe export results/NAME csv -o trials.csv     one row a trial: pandas.read_csv\n"
      "  troupe export results/NAME jsonl                 one object a trial, with all reports\n"
      "  troupe export results/NAME tensorboard -o runs   tensorboard --logdir runs; wandb sync "
      "runs\n"
      "  troupe export results/NAME model -o best.safetensors\n\n"
      "csv and jsonl go to standard output where no file is named. TensorBoard has each trial as a "
      "run, and the configurations in its tab HParams.");
  command.add_option("DIR", o->folder, "A results folder")->required()->type_name("");
  command.add_option("WHAT", o->what, "csv, jsonl, tensorboard or model")
      ->required()
      ->check(CLI::IsMember({"csv", "jsonl", "tensorboard", "model"}))
      ->type_name("");
  command
      .add_option("-o,--output", o->to,
                  "Where to [standard output; tensorboard; model.safetensors]")
      ->type_name("PATH");
  command.callback(
      [o, &chosen] { chosen = [o] { return export_command(*o, std::cout, std::cerr); }; });
}

} // namespace troupe
