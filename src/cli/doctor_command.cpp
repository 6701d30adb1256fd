#include "cli/doctor_command.hpp"

#include "base/count_text.hpp"
#include "cli/exit_code.hpp"
#include "cli/meant_study.hpp"
#include "store/doctor.hpp"
#include "store/file_system.hpp"
#include "store/journal.hpp"
#include "store/study_folder.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

#include <cstddef>
#include <exception>
#include <ostream>
#include <set>
#include <string>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// Says what is wrong, each thing once, and perhaps puts it right.
class treatment {
public:
  treatment(bool repair, std::ostream& out) : repair_{repair}, out_{out} {}

  /// Returns whether something has been put right.
  bool treat(const diagnosis& d) {
    bool done = false;
    for (const auto& f : d.findings)
      if (said_.insert(f.where + '\n' + f.what).second) done = treat(f) || done;
    return done;
  }

  bool all_right() const noexcept { return left_ == 0; }
  bool all_reparable() const noexcept { return reparable_; }

  std::string summary() const {
    if (said_.empty()) return "nothing wrong";
    return fmt::format("{} wrong, {} of it repaired", said_.size(), said_.size() - left_);
  }

private:
  bool treat(const finding& f) {
    out_ << f.where << ": " << f.what << "; ";
    const bool done = f.repair && repair_ ? mend(f) : refer(f);
    if (!done) ++left_;
    return done;
  }

  bool refer(const finding& f) {
    reparable_ = reparable_ && f.repair;
    out_ << (f.repair ? "--repair " : "") << f.remedy << '\n';
    return false;
  }

  bool mend(const finding& f) {
    try {
      f.repair();
      out_ << f.done << '\n';
      return true;
    } catch (const std::exception& e) {
      out_ << "could not be repaired: " << e.what() << '\n';
      return false;
    }
  }

  bool repair_;
  std::ostream& out_;
  std::set<std::string> said_;
  std::size_t left_ = 0;
  bool reparable_ = true;
};

} // namespace

int doctor_command(const std::optional<fs::path>& folder, bool repair, std::ostream& out,
                   std::ostream& err) {
  const auto layout = meant_study(folder, err);
  if (is_on_network(layout.root())) err << network_notice(layout.root()) << '\n';
  std::optional<study_folder> ours;
  // What is no journal any more gives no right to the folder, and nothing to repair it from.
  if (repair && is_journal(layout.journal()))
    ours.emplace(layout.root(), folder_use::go_on, folder_patience{}, "DIR");
  const bool in_use = !ours && is_in_use(layout);
  if (in_use)
    err << layout.root().string()
        << ": a study runs here; checkpoints and derived files are looked at when it has ended\n";
  treatment t{repair, out};
  auto d = examine(layout, in_use);
  // What was wrong may have hidden more.
  while (t.treat(d) && fs::exists(layout.journal()))
    d = examine(layout, in_use);
  out.flush();
  err << fmt::format("{}: {}, {}, {}; {}\n", layout.root().string(), count_text(d.events, "event"),
                     count_text(d.trials, "trial"), count_text(d.checkpoints, "checkpoint"),
                     t.summary());
  if (t.all_right()) return exit_code::done;
  return t.all_reparable() && !repair ? exit_code::folder : exit_code::beyond_repair;
}

} // namespace troupe
