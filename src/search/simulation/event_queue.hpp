#pragma once

#include <cstdint>
#include <queue>
#include <vector>

namespace troupe {

/// What is going to happen in virtual time, the earliest first; at the same time in the order in
/// which it was announced.
class event_queue {
public:
  struct entry {
    std::int64_t at_ns; ///< Virtual time.
    std::uint64_t announced;
    std::uint32_t worker; ///< Whose step is over then.
  };

  void push(std::int64_t at_ns, std::uint32_t worker) {
    waiting_.push({at_ns, announced_++, worker});
  }

  bool empty() const noexcept { return waiting_.empty(); }
  const entry& next() const { return waiting_.top(); }
  void pop() { waiting_.pop(); }

private:
  struct later {
    bool operator()(const entry& a, const entry& b) const noexcept {
      return a.at_ns != b.at_ns ? a.at_ns > b.at_ns : a.announced > b.announced;
    }
  };

  std::uint64_t announced_ = 0;
  std::priority_queue<entry, std::vector<entry>, later> waiting_;
};

} // namespace troupe
