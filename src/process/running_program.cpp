#include "process/running_program.hpp"

namespace troupe {

running_program start_program(const process_starter& start, const process_order& order,
                              bool speaks_protocol) {
  if (!speaks_protocol) return {start(order, -1), nullptr};
  auto socket = std::make_unique<message_socket>();
  auto process = start(order, socket->others());
  socket->begin();
  return {std::move(process), std::move(socket)};
}

} // namespace troupe
