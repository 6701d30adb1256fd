#pragma once

#include <troupe/trainable.hpp>

#include <CLI/App.hpp>

#include <functional>

namespace troupe {

/// Does what the command line says; returns the exit code.
using action = std::function<int()>;

/// Each of these adds a command to the program. If the command line names it, `chosen` is set.
/// @{
void add_run(CLI::App& app, const registry& known, action& chosen);
void add_resume(CLI::App& app, const registry& known, action& chosen);
void add_fork(CLI::App& app, const registry& known, action& chosen);
void add_preview(CLI::App& app, const registry& known, action& chosen);
void add_simulate(CLI::App& app, action& chosen);
void add_suggest(CLI::App& app, action& chosen);
void add_ask(CLI::App& app, const registry& known, action& chosen);
void add_tell(CLI::App& app, const registry& known, action& chosen);
void add_renew(CLI::App& app, action& chosen);
void add_drop(CLI::App& app, action& chosen);
void add_status(CLI::App& app, action& chosen);
void add_best(CLI::App& app, action& chosen);
void add_trials(CLI::App& app, action& chosen);
void add_show(CLI::App& app, action& chosen);
void add_compare(CLI::App& app, action& chosen);
void add_importance(CLI::App& app, action& chosen);
void add_controls(CLI::App& app, action& chosen); ///< Those that speak to a study that runs.
void add_wait(CLI::App& app, action& chosen);
void add_report(CLI::App& app, action& chosen);
void add_export(CLI::App& app, action& chosen);
void add_logs(CLI::App& app, action& chosen);
void add_replay(CLI::App& app, action& chosen);
void add_events(CLI::App& app, action& chosen);
void add_verify(CLI::App& app, action& chosen);
void add_doctor(CLI::App& app, action& chosen);
void add_clean(CLI::App& app, action& chosen);
void add_init(CLI::App& app, const registry& known, action& chosen);
void add_completion(CLI::App& app, action& chosen);
void add_list(CLI::App& app, const registry& known, action& chosen);
void add_schema(CLI::App& app, const registry& known, action& chosen);
/// @}

} // namespace troupe
