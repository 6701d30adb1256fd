#include "cli/exit_code.hpp"
#include "cli/holder_in.hpp"
#include "cli/looking.hpp"
#include "cli/meant_study.hpp"
#include "cli/write_output.hpp"
#include "views/report_data.hpp"
#include "views/report_page.hpp"
#include "views/status_table.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <ostream>
#include <system_error>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// Whether a file is one of those that are the study.
bool is_of_study(const fs::path& file, const study_layout& layout) {
  std::error_code error;
  const auto root = fs::canonical(layout.root(), error);
  const auto place = fs::weakly_canonical(file, error).lexically_relative(root);
  if (error || place.empty() || *place.begin() == "..") return false;
  const auto first = place.begin()->string();
  return first == "trials" || first == "summary.json" || first.starts_with("study.") ||
         first.starts_with(".lock") || first == ".former";
}

} // namespace

int report_command(const report_options& o, std::ostream& out, std::ostream& err) {
  const auto layout = meant_study(o.folder, err);
  const auto file = o.file.value_or("report.html");
  if (is_of_study(file, layout))
    throw folder_error{file.string() + " is the study's own; name another file"};
  const auto holder = holder_in(layout);
  const auto study = open_results(layout.root());
  const auto page = report_page(report_data(study, std::string{study_state_of(study, holder)}));
  if (file == "-") {
    out << page;
    return exit_code::done;
  }
  write_output(file, page);
  err << fmt::format("wrote {} ({} kB); any browser opens it\n", file.string(), page.size() / 1000);
  return exit_code::done;
}

} // namespace troupe
