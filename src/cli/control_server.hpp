#pragma once

#include "base/file_handle.hpp"
#include "cli/control_address.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <sys/types.h>
#include <thread>

namespace troupe {

/// Answers those who speak to a study that runs, on a thread of its own, one after the other. Its
/// socket is for its owner alone.
class control_server {
public:
  /// Makes a request's answer. What it throws is the answer's error.
  using answer = std::function<boost::json::object(const boost::json::object& request)>;

  /// Replaces a socket that a dead process has left: the caller holds the folder. Throws
  /// std::system_error, or folder_error if something else is in its place.
  control_server(const study_layout& layout, answer give);
  ~control_server(); ///< Removes the socket.
  control_server(const control_server&) = delete;
  control_server& operator=(const control_server&) = delete;

private:
  void serve();
  void serve(int socket);
  bool is_there() const;

  control_address address_;
  answer give_;
  file_handle listener_, bell_;
  dev_t device_{}; ///< Which file the socket is, for another process may have put its own there.
  ino_t inode_{};
  std::thread thread_;
};

} // namespace troupe
