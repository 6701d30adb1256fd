#include "search/schedulers/fifo.hpp"

#include "base/option_values.hpp"

namespace troupe {

constinit const plugin fifo_plugin{.name = "fifo", .summary = "every trial to its end, in order"};

fifo::fifo(const study& s) {
  option_values::of(fifo_plugin, s.scheduler.options);
}

} // namespace troupe
