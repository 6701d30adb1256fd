#include "fused/team.hpp"

#include <hwy/cache_control.h>

namespace troupe::fused {

namespace {

/// Some 50 microseconds: longer than a thread that was waked needs to come.
constexpr int looks = 1000;

/// Returns the value of `a` when it is no longer `old`.
template <class T>
T await_change(std::atomic<T>& a, T old) {
  for (int i = 0; i < looks; ++i) {
    if (const T now = a.load(std::memory_order_acquire); now != old) return now;
    hwy::Pause();
  }
  a.wait(old, std::memory_order_acquire);
  return a.load(std::memory_order_acquire);
}

} // namespace

team::team(std::size_t members) {
  try {
    for (std::size_t which = 1; which < members; ++which)
      threads_.emplace_back([this, which] { live(which); });
  } catch (...) {
    dismiss();
    throw;
  }
}

team::~team() {
  dismiss();
}

void team::dismiss() {
  how_ = nullptr;
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  for (auto& thread : threads_)
    thread.join();
}

void team::run(std::size_t count, void* work, call how) {
  work_ = work;
  how_ = how;
  count_ = count;
  busy_.store(threads_.size(), std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  how(work, 0);
  for (auto busy = busy_.load(std::memory_order_acquire); busy > 0;)
    busy = await_change(busy_, busy);
}

void team::live(std::size_t which) {
  for (unsigned round = 0;;) {
    round = await_change(round_, round);
    if (!how_) return;
    if (which < count_) how_(work_, which);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
  }
}

} // namespace troupe::fused
