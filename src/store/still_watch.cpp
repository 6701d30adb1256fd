#include "store/still_watch.hpp"

#include <algorithm>

namespace troupe {

still_watch::finding still_watch::look(std::string_view content, clock::time_point now) {
  watched_ += std::min<clock::duration>(now - last_look_, period_);
  last_look_ = now;
  if (content != content_) {
    content_ = content;
    watched_ = {};
    return finding::moves;
  }
  return watched_ >= most_missed * period_ ? finding::still : finding::unsure;
}

} // namespace troupe
