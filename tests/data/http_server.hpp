#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// What a client asked an http_server for.
struct http_request {
  std::string target;               ///< "/file"
  std::optional<std::size_t> begin; ///< Of "Range: bytes=begin-".
};

/// What an http_server answers.
struct http_answer {
  int status = 200;
  std::string body{};     ///< All of the resource: of a range, the server sends that part alone.
  bool ranges = true;     ///< Whether a range is honoured; if not, all is sent.
  bool length = true;     ///< Whether its length is told beforehand.
  std::string location{}; ///< Where to look instead, if not empty.
  /// How many bytes of the body are really sent, whatever was told.
  std::size_t sent = std::string::npos;
  /// After that, whether to say no more and wait until the client hangs up, instead of closing.
  bool hold = false;
};

/// A web server on 127.0.0.1 that serves one client after another, as a function says.
class http_server {
public:
  using handler = std::function<http_answer(const http_request&)>;

  explicit http_server(handler answer);
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;
  ~http_server();

  std::string url(std::string_view target) const;
  int port() const noexcept { return port_; }

  /// Returns all requests so far.
  std::vector<http_request> requests() const;

private:
  void serve();
  void serve_client(int client);

  handler answer_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<http_request> requests_;
  std::thread thread_;
};
