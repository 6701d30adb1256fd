#include "base/escape.hpp"
#include "cli/exit_code.hpp"
#include "cli/find_trial.hpp"
#include "cli/looking.hpp"
#include "store/doctor.hpp"
#include "store/former_study.hpp"
#include "store/journal.hpp"

#include <troupe/open_results.hpp>

#include <array>
#include <chrono>
#include <fstream>
#include <ostream>
#include <thread>
#include <variant>

namespace troupe {

namespace {

namespace fs = std::filesystem;

/// A text file that may grow, or come to be.
class growing_file {
public:
  explicit growing_file(fs::path file) : file_{std::move(file)} {}

  /// Prints what is new; returns whether anything was.
  bool print(std::ostream& out) {
    std::ifstream in{file_, std::ios::binary};
    if (!in || !in.seekg(printed_)) return false;
    std::array<char, 65'536> part;
    bool any = false;
    while (in.read(part.data(), part.size()), in.gcount() > 0) {
      out.write(part.data(), in.gcount());
      printed_ += in.gcount();
      any = true;
    }
    return any;
  }

private:
  fs::path file_;
  std::streamoff printed_ = 0;
};

/// Hears from a journal whether a trial may print more.
class trial_end {
public:
  trial_end(const study_layout& layout, trial_number n)
      : layout_{layout},
        reader_{journal_reader::unchecked(existing_journal(layout))},
        number_{n} {}

  bool has_come() {
    while (const auto e = reader_.next())
      if (std::holds_alternative<event_kind::study_ended>(e->body))
        ended_ = true;
      else if (std::holds_alternative<event_kind::study_resumed>(e->body))
        ended_ = false;
      else if (e->trial == number_)
        ended_ = std::holds_alternative<event_kind::trial_ended>(e->body);
    return ended_ || !is_in_use(layout_);
  }

private:
  const study_layout& layout_;
  journal_reader reader_;
  trial_number number_;
  bool ended_ = false;
};

} // namespace

int logs_command(const logs_options& o, std::ostream& out, std::ostream& err) {
  const study_layout layout{o.folder};
  const auto n = find_trial(open_results(layout.root()).results(), o.trial);
  std::array files{growing_file{layout.trial(n) / "log.txt"},
                   growing_file{layout.trial(n) / "error.txt"}};
  const auto print = [&] {
    bool any = false;
    for (auto& file : files)
      any = file.print(out) || any;
    out.flush();
    return any;
  };
  bool any = print();
  trial_end end{layout, n};
  while (o.follow && !end.has_come()) {
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    any = print() || any;
  }
  any = print() || any;
  if (!any) err << "trial " << trial_id(n) << " has printed nothing\n";
  return exit_code::done;
}

} // namespace troupe
