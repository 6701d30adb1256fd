#include "process/memory_limit.hpp"

#include "process/session_memory.hpp"

#include <troupe/errors.hpp>

#include <fmt/format.h>

namespace troupe {

namespace {

constexpr std::chrono::milliseconds period{500};
constexpr double bytes_per_gb = 1e9;

} // namespace

memory_limit::memory_limit(double gb) : gb_{gb} {
  if (gb > 0) next_ = clock::now() + period;
}

void memory_limit::check(pid_t session) {
  if (!next_ || clock::now() < *next_) return;
  next_ = clock::now() + period;
  const auto most = static_cast<std::uint64_t>(gb_ * bytes_per_gb);
  const auto used = memory_of_session(session, most);
  if (used > most)
    throw trial_error{reason_kind::out_of_memory,
                      fmt::format("killed: used {:.3g} GB of {:g} GB (resources/memory_gb)",
                                  static_cast<double>(used) / bytes_per_gb, gb_)};
}

} // namespace troupe
