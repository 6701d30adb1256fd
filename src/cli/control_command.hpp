#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

/// The commands that have the process that runs a study do something. They return the exit code,
/// and throw what ask_running() throws.
namespace troupe {

/// Which study is meant, and which of its trials, by number or name, where one is.
struct control_options {
  std::string program = "troupe";              ///< As it was called.
  std::optional<std::filesystem::path> folder; ///< See meant_study().
  std::optional<std::string> trial;
};

int pause_command(const control_options& o, std::ostream& err);
int continue_command(const control_options& o, std::ostream& err);
int stop_command(const control_options& o, std::ostream& err);
int retry_command(const control_options& o, std::ostream& err);

/// `config`: a JSON object. Prints the new trial's id on `out`.
int enqueue_command(const control_options& o, const std::string& config, std::ostream& out,
                    std::ostream& err);

/// `changes`: KEY=JSON. Throws std::invalid_argument for one that names nothing that can be changed
/// while a study runs, or gives it what it cannot be.
int set_command(const control_options& o, const std::vector<std::string>& changes,
                std::ostream& err);

} // namespace troupe
