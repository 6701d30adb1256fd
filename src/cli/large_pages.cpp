#include "cli/large_pages.hpp"

#include <cstdint>
#include <cstdlib>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

namespace troupe {

void use_large_pages() noexcept {
  constexpr int ahead = 64 << 20; // bytes of address space, of which what is used is taken
  constexpr std::uintptr_t page = 2U << 20U;
  mallopt(M_TOP_PAD, ahead);
  mallopt(M_TRIM_THRESHOLD, 2 * ahead);
  mallopt(M_MMAP_THRESHOLD, ahead);
  const auto begin = reinterpret_cast<std::uintptr_t>(sbrk(0));
  void* volatile more = std::malloc(page); // than there is: the heap grows
  std::free(more);
  const auto first = (begin + page - 1) / page * page;
  const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0)) / page * page;
  if (end <= first) return;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): it is where the heap grows
  madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
}

} // namespace troupe
