#include "cli/exit_code.hpp"
#include "cli/holder_in.hpp"
#include "cli/looking.hpp"
#include "cli/meant_study.hpp"
#include "cli/write_output.hpp"
#include "views/report_data.hpp"
#include "views/report_page.hpp"
#include "views/status_table.hpp"

#include <fmt/format.h>

#include <ostream>

namespace troupe {

int report_command(const report_options& o, std::ostream& out, std::ostream& err) {
  const auto layout = meant_study(o.folder, err);
  const auto file = o.file.value_or("report.html");
  refuse_place(file, layout);
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
