#include "store/heartbeat.hpp"

#include <stop_token>
#include <utility>

namespace troupe {

heartbeat::heartbeat(std::chrono::milliseconds period, std::function<void()> beat)
    : thread_{[this, period, beat = std::move(beat)](const std::stop_token& stopped) {
        std::unique_lock lock{mutex_};
        while (!wakes_.wait_for(lock, stopped, period, [&] { return stopped.stop_requested(); }))
          beat();
      }} {}

} // namespace troupe
