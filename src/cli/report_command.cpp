#include "cli/exit_code.hpp"
#include "cli/looking.hpp"
#include "cli/meant_study.hpp"
#include "store/doctor.hpp"
#include "store/files.hpp"
#include "views/report_data.hpp"
#include "views/report_page.hpp"
#include "views/status_table.hpp"

#include <fmt/format.h>

#include <ostream>

namespace troupe {

int report_command(const report_options& o, std::ostream& out, std::ostream& err) {
  const auto layout = meant_study(o.folder, err);
  const bool is_held = is_in_use(layout);
  const auto study = open_results(layout.root());
  const auto page = report_page(report_data(study, std::string{study_state_of(study, is_held)}));
  const auto file = o.file.value_or("report.html");
  if (file == "-") {
    out << page;
    return exit_code::done;
  }
  write_atomically(file, page);
  err << fmt::format("wrote {} ({} kB); any browser opens it\n", file.string(), page.size() / 1000);
  return exit_code::done;
}

} // namespace troupe
