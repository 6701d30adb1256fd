#pragma once

#include <fstream>
#include <string>

namespace troupe {

/// While it lives, this process is the one that the system ends first where memory runs out:
/// nothing is lost with it.
class expendable {
public:
  expendable() {
    std::getline(std::ifstream{file}, before_);
    write("1000");
  }
  ~expendable() { write(before_); }
  expendable(const expendable&) = delete;
  expendable& operator=(const expendable&) = delete;

private:
  static constexpr const char* file = "/proc/self/oom_score_adj";

  /// Where that is not allowed, nothing is different.
  static void write(const std::string& score) { std::ofstream{file} << score; }

  std::string before_;
};

} // namespace troupe
