#pragma once

#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace troupe::fused {

/// Items that one of several takes.
struct share {
  std::size_t first, count;
};

/// Returns share `which` of `total` items among `shares`: as even as can be, one after the other.
constexpr share share_of(std::size_t total, std::size_t shares, std::size_t which) {
  const auto first = total * which / shares;
  return {first, total * (which + 1) / shares - first};
}

/// Threads that work side by side on one thing after the other, each of which is short: between two
/// they stay awake for a while.
class team {
public:
  /// Of `members`, at least 1: the one who calls run is the first. Throws std::system_error where
  /// no more threads can be had.
  explicit team(std::size_t members);
  ~team();
  team(const team&) = delete;
  team& operator=(const team&) = delete;

  std::size_t members() const noexcept { return threads_.size() + 1; }

  /// Calls work(0), …, work(count - 1), each on a thread of its own, and returns when all have.
  /// `count` is at most members(). `work` must not throw.
  template <class Work>
  void run(std::size_t count, Work work) {
    if (count == 1) return work(0);
    run(count, &work, [](void* w, std::size_t which) { (*static_cast<Work*>(w))(which); });
  }

private:
  using call = void (*)(void*, std::size_t);

  void run(std::size_t count, void* work, call how);
  void live(std::size_t which);
  void dismiss();

  // Written before round_ is, read after.
  void* work_ = nullptr;
  call how_ = nullptr; ///< nullptr: no more work.
  std::size_t count_ = 0;

  alignas(64) std::atomic<unsigned> round_ = 0;
  alignas(64) std::atomic<std::size_t> busy_ = 0;
  std::vector<std::thread> threads_;
};

} // namespace troupe::fused
