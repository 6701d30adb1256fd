#pragma once

#include "base/file_handle.hpp"
#include "process/spawn.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// What the tuner asks its guardian for: to start a process.
struct start_request {
  process_order order;
  file_handle output; ///< The process's stdout and stderr.
  file_handle news;   ///< A stream socket for what becomes of it: see process_news.
  file_handle extra;  ///< The process's descriptor 3; may be none.
};

/// What goes along with a request: see start_request. `extra`: -1 if there is none.
struct request_descriptors {
  int output = -1, news = -1, extra = -1;
};

/// What the guardian tells of a process, on the socket that came with the request: first how its
/// start went, then how it ended.
struct process_news {
  int error = 0; ///< errno of its start; 0 if it has started.
  int value = 0; ///< Its id; later how it ended, as waitpid(2) tells.
};

/// Writes an order as bytes, and reads it. Throws std::invalid_argument for bytes that are none.
/// @{
std::string to_bytes(const process_order& order);
process_order order_from(std::string_view bytes);
/// @}

/// Sends a request through a stream socket; the descriptors stay the caller's. Throws
/// std::system_error if the other side is gone.
void send_request(int socket, const process_order& order, const request_descriptors& sent);

/// Waits for the next request. None when the other side is gone, or sends what is no request.
std::optional<start_request> receive_request(int socket);

} // namespace troupe
