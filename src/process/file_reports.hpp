#pragma once

#include "process/followed_file.hpp"
#include "process/line_splitter.hpp"
#include "process/record_reader.hpp"

#include <functional>
#include <string>
#include <utility>

namespace troupe {

/// The reports in a file that a program writes: CSV if its name ends with ".csv", else JSON lines.
class file_reports {
public:
  using receiver = std::function<void(metrics)>;

  /// Throws as followed_file does.
  explicit file_reports(const std::string& path)
      : file_{path},
        records_{path.ends_with(".csv") ? record_reader::form::csv
                                        : record_reader::form::json_lines} {}

  /// Hands over the reports in what has come, or in a part of it; returns whether something has.
  /// Throws as record_reader and followed_file do.
  bool read_on(const receiver& receive) {
    const auto bytes = file_.read_more();
    lines_.add(bytes, [&](std::string_view line, bool) { take(line, receive); });
    return !bytes.empty();
  }

  /// Hands over all that is left, also what has no end of line.
  void finish(const receiver& receive) {
    while (read_on(receive)) {
    }
    lines_.finish([&](std::string_view line, bool) { take(line, receive); });
  }

  /// Says why there are none.
  std::string why_none() const {
    return file_.path() + (file_.is_there() ? " has no row with numbers" : " was never there");
  }

private:
  static constexpr std::size_t longest_record = 16U << 20;

  void take(std::string_view line, const receiver& receive) {
    if (auto report = records_.read(line)) receive(std::move(*report));
  }

  followed_file file_;
  line_splitter lines_{longest_record};
  record_reader records_;
};

} // namespace troupe
