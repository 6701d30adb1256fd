#include "cli/study_run.hpp"

#include "actors/caf_compat.hpp"
#include "actors/whole_run.hpp"
#include "base/count_text.hpp"
#include "base/json.hpp"
#include "base/machine_view.hpp"
#include "base/thrown_error.hpp"
#include "cli/console.hpp"
#include "cli/control_requests.hpp"
#include "cli/control_server.hpp"
#include "cli/exit_code.hpp"
#include "cli/kept_results.hpp"
#include "cli/machine_wait.hpp"
#include "cli/output_error.hpp"
#include "cli/result_table.hpp"
#include "cli/signals.hpp"
#include "cli/view_state.hpp"
#include "cli/way_on.hpp"
#include "library/devices.hpp"
#include "library/engines.hpp"
#include "library/hooks.hpp"
#include "library/study_watch.hpp"
#include "process/guarded_process.hpp"
#include "process/isolation.hpp"
#include "store/event_json.hpp"
#include "store/file_system.hpp"
#include "store/results_json.hpp"
#include "study/callbacks.hpp"
#include "study/resource_limits.hpp"
#include "study/secrets.hpp"
#include "views/text.hpp"

#include <caf/actor_cast.hpp>
#include <caf/scoped_actor.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <unistd.h>

namespace troupe {

namespace {

/// Tells the results; returns the exit code.
using conclusion = std::function<int(const study_results&)>;

/// Ends the process: the threads of trials that did not return cannot be ended, and may use what
/// the way out of main would destroy.
[[noreturn]] void leave_behind(const study_results& results, terminal& screen,
                               const conclusion& conclude) {
  for (const trial_number n : results.stuck)
    screen.say(fmt::format("trial {} did not return when told to stop; left behind; with "
                           "\"isolation\": \"process\" it could be ended",
                           trial_id(n)));
  const int code = conclude(results);
  std::fflush(nullptr);
  _exit(code);
}

/// Returns what has interrupted the study.
std::string name_of(int signal, std::string_view by = {}) {
  if (!by.empty()) return fmt::format("interrupted by {}", by);
  if (signal == SIGHUP) return "interrupted by SIGHUP";
  return signal == SIGINT ? "interrupted by Ctrl-C" : "interrupted by SIGTERM";
}

/// Takes the study's share of the machine and fits `devices`, what it would have alone, to it.
/// Returns none if a signal has come while it waited for others.
std::optional<held_share> take_devices(study& s, device_plan& devices, const run_style& how,
                                       const capacity& machine, const std::filesystem::path& out,
                                       terminal& screen, signal_watch& signals) {
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  const machine_view mine{
      usable_cpus(), names_of_gpus(machine.gpus, visible ? std::optional<std::string_view>{visible}
                                                         : std::nullopt)};
  signals.ask_first([](int, std::string_view) {}); // whoever waits is told
  auto held =
      take_share(wish_of(s, devices, how.device, machine), mine, out,
                 {[&](std::string_view line) { screen.say(line); },
                  [&](std::chrono::milliseconds longest) { return !signals.wait(longest); }});
  signals.leave_at_once();
  if (signals.caught()) {
    screen.say(name_of(signals.caught()) + " before it went on");
    return std::nullopt;
  }
  devices = plan_within(held->share, std::move(devices));
  share_out(s, devices);
  return held;
}

/// Lets other processes speak to the study. Where no socket can be made, it goes on without.
void listen_to_others(std::optional<control_server>& control, const study_layout& layout,
                      terminal& screen, control_server::answer give) {
  try {
    control.emplace(layout, std::move(give));
  } catch (const std::exception& e) {
    screen.say(
        fmt::format("warning: `troupe stop` and its like do not reach this study: {}", e.what()));
  }
}

/// Runs the study's actors to the end. `last_before` becomes the number of the last event that the
/// journal had.
study_results run_actors(const study& s, const trainable& t, const device_plan& devices,
                         std::unique_ptr<study_folder> folder, const run_plan& plan,
                         study_watch& watch, const std::shared_ptr<terminal>& screen,
                         signal_watch& signals,
                         const std::shared_ptr<std::atomic<int>>& events_error,
                         std::uint64_t& last_before, const conclusion& conclude) {
  study_setup setup{s, t, {}, {}, devices.names};
  view_state so_far{s};
  setup.resume = plan.resume;
  setup.retry_failed = plan.retry_failed;
  setup.past = [&so_far, &watch, &last_before](const event& e) {
    last_before = e.seq;
    so_far.apply(e);
    watch.restore(e);
  };
  setup.warn = [&screen](const std::string& what) { screen->say("warning: " + what); };
  const auto layout = folder->layout();
  const auto resume_line = how_to_resume(plan.how.program, layout);
  caf::strong_actor_ptr console;
  std::optional<control_server> control;
  const auto before = [&](caf::actor_system& system, const study_actor& running) {
    if (so_far.began()) screen->say(progress_of(so_far, number_of_trials(s)));
    // It ends with the study, and so comes after what may keep a study from beginning.
    const auto shows = spawn_console(
        system, {std::move(so_far), screen,
                 plan.how.events ? std::optional{STDOUT_FILENO} : std::nullopt, events_error});
    console = caf::actor_cast<caf::strong_actor_ptr>(shows);
    anon_tell(running, shows);
    watch.join(system, running);
    signals.ask_first(
        [running, screen](int signal, std::string_view by) {
          screen->say("stopping all trials at their next batch; once more to leave at once");
          anon_tell(running, interrupt_study{name_of(signal, by)});
        },
        fmt::format("left at once; to go on: {}\n", resume_line));
    listen_to_others(control, layout, *screen, [&system, running, &signals](const auto& request) {
      return carry_out_request(system, running, request,
                               [&] { return signals.interrupt("`troupe stop`"); });
    });
  };
  const auto after = [&](caf::scoped_actor& self, const study_results& results) {
    control.reset();
    signals.leave_at_once();
    // It waits for the study's last event, which nobody is shown if it could not be written down.
    const auto shows = caf::actor_cast<caf::actor>(std::exchange(console, nullptr));
    if (!results.not_recorded.empty()) caf::anon_send_exit(shows, caf::exit_reason::user_shutdown);
    self->wait_for(shows);
    watch.leave(self, results);
    if (!results.stuck.empty()) leave_behind(results, *screen, conclude);
  };
  return run_whole(std::move(setup), devices.total, std::move(folder), {before, after});
}

/// None also if the disk has not taken it. A study that could not be written down may have left the
/// folder to the one before it.
std::optional<std::string> best_checkpoint(const study_results& results,
                                           const study_layout& layout) {
  if (!results.best || !results.not_recorded.empty()) return std::nullopt;
  const trial_summary& best = results.trials.at(*results.best);
  if (!best.scope_checkpoint) return std::nullopt;
  const auto folder = layout.checkpoint(best.number, *best.scope_checkpoint);
  return exists(folder) ? std::optional{folder.string()} : std::nullopt;
}

/// Measures the best trial on data that no trial has seen.
std::optional<metrics> test_best(const trainable& t, const study_results& results,
                                 const study_layout& layout) {
  const auto folder = best_checkpoint(results, layout);
  if (!t.test || !folder) return std::nullopt;
  auto found = t.test(compared_config(results.trials.at(*results.best)), checkpoint::load(*folder));
  add_test(layout, results, to_json(found));
  return found;
}

/// Returns whether a code tells what trials came to, which only whoever reads the results needs.
bool is_about_trials(int code) {
  return code == exit_code::done || code == exit_code::nothing_succeeded ||
         code == exit_code::trials_failed;
}

/// Prints the results of a study that ends with exit code `code`; returns it. Throws output_error
/// if that is about trials, but they, or an event (`events_error`: errno), could not be printed.
int print(const std::string& text, int events_error, int code, terminal& screen) {
  try {
    std::cout << text << std::flush;
    if (events_error != 0) throw output_error{events_error};
  } catch (const output_error& e) {
    if (is_about_trials(code)) throw;
    if (!e.is_reader_gone()) screen.say(std::string{"error: "} + e.what());
  }
  return code;
}

std::string text_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (...) {
    return thrown_error().what();
  }
}

int exit_code_of(const study_results& results, int signal) {
  if (signal) return 128 + signal;
  if (!results.not_recorded.empty()) return exit_code::folder;
  if (!results.broken.empty()) return exit_code::usage;
  if (!results.best) return exit_code::nothing_succeeded;
  const bool failed = std::ranges::any_of(
      results.trials, [](const auto& t) { return t.state == trial_state::failed; });
  return failed ? exit_code::trials_failed : exit_code::done;
}

} // namespace

int run_study(study s, const run_plan& plan, const registry& known) {
  std::signal(SIGXFSZ, SIG_IGN); // a file that may not grow further is an error like a full disk
  signal_watch signals;
  const auto screen = std::make_shared<terminal>(STDERR_FILENO);
  const auto say = [&](std::string_view line) { screen->say(line); };

  trainable t = *known.find(s.trainable.name);
  const capacity machine = machine_capacity();
  device_plan devices = plan_devices(s, plan.how.device, machine);
  auto folder = plan.take_folder();
  const study_layout layout = folder->layout();
  const auto held = take_devices(s, devices, plan.how, machine, layout.root(), *screen, signals);
  if (!held) return 128 + signals.caught();
  decide_engine(s, t, devices, plan.resume ? folder.get() : nullptr);
  const run_context context{s.trainable.options,
                            plan.how.data_dir,
                            s.seed,
                            devices.names.empty() ? "cpu" : devices.names.front(),
                            s.engine,
                            say,
                            threads_within(devices)};
  if (t.load) t.load(context);
  if (s.isolation == isolation::process && s.trainable.name != "command")
    t = isolated(std::move(t), context, s.reuse, start_guardian());

  for (const auto& doubt : {warning_of_secrets(s.space), warning_of_custom(s)})
    if (!doubt.empty()) say(doubt);
  say(fmt::format("study {}: up to {}, searcher {}, scheduler {}, seed {}; results in {}", s.name,
                  count_text(number_of_trials(s), "trial"), s.searcher.name, s.scheduler.name,
                  s.seed, layout.root().string()));
  if (is_on_network(layout.root())) say(network_notice(layout.root()));
  const auto events_error = std::make_shared<std::atomic<int>>(0);
  std::uint64_t last_before = 0;
  const conclusion conclude = [&](const study_results& all) {
    std::optional<study_results> kept;
    if (!all.not_recorded.empty()) kept = kept_results(all, layout);
    const auto& results = kept ? *kept : all;
    const auto test = signals.caught() ? std::optional<metrics>{} : test_best(t, results, layout);
    if (!results.broken.empty()) say("error: " + results.broken);
    if (!results.not_recorded.empty())
      say("error: " + what_is_missing(results, layout, plan.how.program, last_before));
    else if (!results.interrupted.empty() && results.broken.empty())
      say(how_to_go_on(plan.how.program, results, s, layout));
    const auto text = plan.how.json
                          ? to_text(to_json(results, test, best_checkpoint(results, layout))) + '\n'
                          : final_report(results, s.space, test);
    const int code = print(text, *events_error, exit_code_of(results, signals.caught()), *screen);
    if (!plan.how.json && !results.trials.empty())
      say(how_to_look(plan.how.program, results, layout));
    return code;
  };
  auto callbacks = make_callbacks(s, known);
  if (s.on != study_hooks{}) callbacks.push_back(hook_callbacks(s, layout.root(), say));
  study_watch watch{s, std::move(callbacks)};
  const auto results = run_actors(s, t, devices, std::move(folder), plan, watch, screen, signals,
                                  events_error, last_before, conclude);
  if (watch.thrown()) say("error: a callback has failed: " + text_of(watch.thrown()));
  return conclude(results);
}

} // namespace troupe
