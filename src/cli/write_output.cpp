#include "cli/write_output.hpp"

#include "store/files.hpp"

#include <troupe/errors.hpp>

#include <exception>
#include <stdexcept>
#include <string>
#include <system_error>
#include <unistd.h>

namespace troupe {

namespace fs = std::filesystem;

namespace {

/// Beside the file, under a name that nobody has.
void replace(const fs::path& file, std::string_view text) {
  auto next = file;
  next += "." + std::to_string(::getpid()) + ".tmp";
  auto out = output_file::create(next);
  std::error_code ignored;
  try {
    out.write(text);
    out = {};
    fs::rename(next, file);
  } catch (const fs::filesystem_error& e) {
    fs::remove(next, ignored);
    throw folder_error{"cannot write " + file.string() + ": " + e.code().message()};
  } catch (...) {
    fs::remove(next, ignored);
    throw;
  }
}

} // namespace

void refuse_place(const fs::path& file, const study_layout& layout) {
  std::error_code error;
  const auto root = fs::canonical(layout.root(), error);
  const auto place = fs::weakly_canonical(file, error).lexically_relative(root);
  if (error || place.empty() || *place.begin() == "..") return;
  const auto first = place.begin()->string();
  if (first == "trials" || first == "summary.json" || first.starts_with("study.") ||
      first.starts_with(".lock") || first == ".former" || first == ".control")
    throw folder_error{file.string() + " is the study's own; name another file"};
}

void write_output(const fs::path& file, std::string_view text) {
  if (file.empty()) throw std::invalid_argument{"--output names no file: it is empty"};
  std::error_code error;
  const auto there = fs::status(file, error);
  if (fs::is_directory(there)) throw folder_error{file.string() + " is a folder; name a file"};
  if (fs::exists(there) && !fs::is_regular_file(there))
    return output_file::append_to(file).write(text);
  replace(fs::is_symlink(fs::symlink_status(file, error)) ? fs::weakly_canonical(file) : file,
          text);
}

} // namespace troupe
