#pragma once

#include "fused/kernels.hpp"

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

namespace troupe::fused {

/// Memory as the kernels want it: aligned, zero at first, with slack behind its end.
template <class T>
class buffer {
public:
  buffer() = default;

  explicit buffer(std::size_t size) : size_{size} {
    const auto bytes = (size + slack) * sizeof(T);
    memory_.reset(static_cast<T*>(::operator new(bytes, alignment)));
    std::memset(memory_.get(), 0, bytes);
  }

  std::size_t size() const noexcept { return size_; }
  T* data() noexcept { return memory_.get(); }
  const T* data() const noexcept { return memory_.get(); }

private:
  static constexpr std::align_val_t alignment{64};

  struct release {
    void operator()(T* memory) const noexcept { ::operator delete(memory, alignment); }
  };

  std::size_t size_ = 0;
  std::unique_ptr<T, release> memory_;
};

} // namespace troupe::fused
