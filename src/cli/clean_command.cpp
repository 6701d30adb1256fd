#include "cli/clean_command.hpp"

#include "base/count_text.hpp"
#include "cli/exit_code.hpp"
#include "store/cleaning.hpp"
#include "store/doctor.hpp"
#include "store/former_study.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>

namespace troupe {

namespace {

std::string size_text(std::uintmax_t bytes) {
  const auto size = static_cast<double>(bytes);
  if (size < 1e3) return fmt::format("{} B", bytes);
  if (size < 1e6) return fmt::format("{:.1f} kB", size / 1e3);
  return size < 1e9 ? fmt::format("{:.1f} MB", size / 1e6) : fmt::format("{:.1f} GB", size / 1e9);
}

/// Takes the folder if something is to be removed; else it must not change while it is looked at.
std::unique_ptr<study_folder> take(const study_layout& layout, bool yes) {
  if (!is_journal(present_journal(layout)))
    throw folder_error{fmt::format("{} holds no study: {} is not there, or is no journal",
                                   layout.root().string(), layout.journal().string())};
  if (yes)
    return std::make_unique<study_folder>(layout.root(), folder_use::go_on, folder_patience{},
                                          "DIR");
  if (is_in_use(layout))
    throw folder_error{
        fmt::format("{}: a study runs here; look again when it has ended", layout.root().string())};
  return nullptr;
}

} // namespace

int clean_command(const clean_options& options, std::ostream& out, std::ostream& err) {
  const study_layout layout{options.folder};
  const auto ours = take(layout, options.yes);
  cleaning c{layout, options.keep_best};
  std::uintmax_t bytes = 0;
  for (const auto& each : c.goes()) {
    out << fmt::format("{}: {}; {}\n", each.where.string(), size_text(each.bytes), each.why);
    bytes += each.bytes;
  }
  for (const auto& each : c.stays())
    err << fmt::format("kept: {}: {}, {}: {}\n", each.whose,
                       count_text(each.checkpoints, "checkpoint"), size_text(each.bytes), each.why);
  out << fmt::format("total: {}, {}\n", count_text(c.goes().size(), "thing"), size_text(bytes));
  out.flush();
  if (ours) c.carry_out(*ours);
  if (!c.goes().empty())
    err << (ours ? "removed\n" : "nothing has been removed; --yes removes it\n");
  return exit_code::done;
}

} // namespace troupe
