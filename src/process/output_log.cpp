#include "process/output_log.hpp"

#include "process/shown_line.hpp"

#include <utility>

namespace troupe {

void output_log::add(std::string_view line) {
  keep_last(line);
  const auto size = line.size() + 1;
  if (end_.empty() && missing_ == 0 && begun_ + size <= bounds_.beginning) {
    begun_ += size;
    due_ += line;
    due_ += '\n';
    return;
  }
  end_.emplace_back(line);
  for (end_bytes_ += size; end_bytes_ > bounds_.end; end_.pop_front()) {
    missing_ += end_.front().size() + 1;
    end_bytes_ -= end_.front().size() + 1;
  }
}

void output_log::flush() {
  if (due_.empty()) return;
  due_.pop_back();
  write_(std::exchange(due_, {}));
}

void output_log::finish() {
  flush();
  if (missing_ > 0) write_("[" + std::to_string(missing_) + " bytes are missing here]");
  for (const auto& line : end_)
    write_(line);
  end_.clear();
}

void output_log::keep_last(std::string_view line) {
  constexpr std::size_t most = 20;
  if (last_.size() == most) last_.pop_front();
  last_.push_back(shown_line(line));
}

std::string output_log::last_lines() const {
  std::string text;
  for (const auto& line : last_)
    text += (text.empty() ? "" : "\n") + line;
  return text;
}

} // namespace troupe
