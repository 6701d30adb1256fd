#pragma once

#include "process/message_socket.hpp"
#include "process/running_process.hpp"

#include <memory>

namespace troupe {

/// A program that trains, and how it is talked to.
struct running_program {
  std::unique_ptr<running_process> process;
  std::unique_ptr<message_socket> socket; ///< None if it does not speak the protocol.
  bool has_greeted = false;               ///< Its hello was heard: it waits for what to train.
};

/// Starts a program that speaks the protocol, or one that does not. Throws what `start` does.
running_program start_program(const process_starter& start, const process_order& order,
                              bool speaks_protocol);

} // namespace troupe
