#include "http_server.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace {

/// Reads until the blank line, or until the client hangs up.
std::string read_head(int client) {
  std::string head;
  std::array<char, 4096> buffer;
  while (head.find("\r\n\r\n") == std::string::npos) {
    const auto got = ::recv(client, buffer.data(), buffer.size(), 0);
    if (got <= 0) break;
    head.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return head;
}

http_request parse_head(const std::string& head) {
  http_request request;
  const auto from = head.find(' ') + 1;
  request.target = head.substr(from, head.find(' ', from) - from);
  constexpr std::string_view range = "\r\nRange: bytes=";
  if (const auto at = head.find(range); at != std::string::npos)
    request.begin = std::stoul(head.substr(at + range.size()));
  return request;
}

void send_all(int client, std::string_view data) {
  while (!data.empty()) {
    const auto sent = ::send(client, data.data(), data.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    data.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void send_answer(int client, const http_request& request, const http_answer& answer) {
  const auto total = std::to_string(answer.body.size());
  const auto begin = answer.ranges ? request.begin.value_or(0) : 0;
  auto status = answer.status;
  std::string_view body = answer.body;
  std::string head;
  if (answer.ranges && request.begin && status == 200) {
    status = begin < body.size() ? 206 : 416;
    body.remove_prefix(std::min(begin, body.size()));
    head += "Content-Range: bytes " + std::to_string(begin) + "-" +
            std::to_string(answer.body.size() - 1) + "/" + total + "\r\n";
  }
  if (!answer.location.empty()) head += "Location: " + answer.location + "\r\n";
  if (answer.length) head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  send_all(client,
           "HTTP/1.1 " + std::to_string(status) + " Text\r\nConnection: close\r\n" + head + "\r\n");
  send_all(client, body.substr(0, answer.sent));
}

} // namespace

http_server::http_server(handler answer)
    : answer_{std::move(answer)},
      listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, raw, length) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, raw, &length) != 0)
    throw std::runtime_error{"no local server can be had"};
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { serve(); }};
}

http_server::~http_server() {
  ::shutdown(listener_, SHUT_RDWR); // Ends accept().
  thread_.join();
  ::close(listener_);
}

std::string http_server::url(std::string_view target) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string{target};
}

std::vector<http_request> http_server::requests() const {
  const std::lock_guard lock{mutex_};
  return requests_;
}

void http_server::serve() {
  while (true) {
    const auto client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    serve_client(client);
    ::close(client);
  }
}

void http_server::serve_client(int client) {
  const auto request = parse_head(read_head(client));
  {
    const std::lock_guard lock{mutex_};
    requests_.push_back(request);
  }
  const auto answer = answer_(request);
  send_answer(client, request, answer);
  if (answer.hold) read_head(client);
}
