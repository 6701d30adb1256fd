#include "search/schedulers/fifo.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <string_view>

namespace troupe {

fifo::fifo(const study& s) {
  if (s.scheduler.options.empty()) return;
  const std::string_view key = s.scheduler.options.begin()->key();
  throw std::invalid_argument{fmt::format("fifo: unknown option \"{}\"; it has none", key)};
}

} // namespace troupe
