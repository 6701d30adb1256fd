#include "process/line_splitter.hpp"

#include <algorithm>
#include <utility>

namespace troupe {

void line_splitter::add(std::string_view bytes, const receiver& receive) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const auto taken = std::min({end, bytes.size(), longest_ - line_.size()});
    line_ += bytes.substr(0, taken);
    bytes.remove_prefix(taken);
    if (line_.size() == longest_) hand_over(receive, false);
    if (taken == end) {
      bytes.remove_prefix(1);
      hand_over(receive, true);
    }
  }
}

void line_splitter::finish(const receiver& receive) {
  if (!line_.empty()) hand_over(receive, true);
}

void line_splitter::hand_over(const receiver& receive, bool ends) {
  const bool begins = std::exchange(begins_, ends);
  if (ends && line_.ends_with('\r')) line_.pop_back();
  const bool only_the_end = !begins && line_.empty();
  if (!only_the_end) receive(line_, begins);
  line_.clear();
}

} // namespace troupe
