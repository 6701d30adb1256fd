#include "process/order_message.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>

namespace troupe {

namespace {

using length = std::uint64_t;

void add_number(std::string& out, length n) {
  std::array<char, sizeof n> bytes{};
  std::memcpy(bytes.data(), &n, sizeof n);
  out.append(bytes.data(), bytes.size());
}

void add_text(std::string& out, std::string_view text) {
  add_number(out, text.size());
  out += text;
}

void add_texts(std::string& out, const std::vector<std::string>& texts) {
  add_number(out, texts.size());
  for (const auto& text : texts)
    add_text(out, text);
}

/// Takes parts off the bytes of an order.
class order_reader {
public:
  explicit order_reader(std::string_view bytes) : rest_{bytes} {}

  length number() {
    length n = 0;
    const auto bytes = take(sizeof n);
    std::memcpy(&n, bytes.data(), sizeof n);
    return n;
  }

  std::string text() { return std::string{take(number())}; }

  std::vector<std::string> texts() {
    std::vector<std::string> all;
    for (auto left = number(); left > 0; --left)
      all.push_back(text());
    return all;
  }

  void finish() const {
    if (!rest_.empty()) throw std::invalid_argument{"an order is longer than it says"};
  }

private:
  std::string_view take(length size) {
    if (size > rest_.size()) throw std::invalid_argument{"an order is shorter than it says"};
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
};

/// What goes along with the first byte of a request: two descriptors, or three.
class passed_descriptors {
public:
  static constexpr std::size_t least = 2, most = 3;

  /// Returns a message of these bytes with room for `count` descriptors.
  msghdr with(iovec& bytes, std::size_t count) {
    msghdr message{};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    message.msg_control = space_.data();
    message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    return message;
  }

private:
  alignas(cmsghdr) std::array<char, CMSG_SPACE(most * sizeof(int))> space_{};
};

void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0)
      throw std::system_error{errno, std::generic_category(), "the guardian cannot be asked"};
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// Returns whether all `size` bytes came.
bool receive_all(int socket, char* bytes, std::size_t size) {
  while (size > 0) {
    const auto got = recv(socket, bytes, size, MSG_WAITALL);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

/// Receives the first byte of a request, with its descriptors; false if there is none.
bool receive_descriptors(int socket, start_request& out) {
  char first = 0;
  iovec bytes{&first, 1};
  passed_descriptors passed;
  auto message = passed.with(bytes, passed_descriptors::most);
  ssize_t got = 0;
  while ((got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {
  }
  const auto* header = got == 1 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (!header || header->cmsg_type != SCM_RIGHTS) return false;
  std::array<int, passed_descriptors::most> numbers{-1, -1, -1};
  const auto size = header->cmsg_len - CMSG_LEN(0);
  std::memcpy(numbers.data(), CMSG_DATA(header), std::min(size, sizeof numbers));
  out.output = file_handle{numbers[0]};
  out.news = file_handle{numbers[1]};
  out.extra = file_handle{numbers[2]};
  return size >= passed_descriptors::least * sizeof(int);
}

} // namespace

std::string to_bytes(const process_order& order) {
  std::string out;
  add_text(out, order.program);
  add_texts(out, order.arguments);
  add_texts(out, order.environment);
  add_text(out, order.cwd);
  return out;
}

process_order order_from(std::string_view bytes) {
  order_reader in{bytes};
  process_order order;
  order.program = in.text();
  order.arguments = in.texts();
  order.environment = in.texts();
  order.cwd = in.text();
  in.finish();
  return order;
}

void send_request(int socket, const process_order& order, const request_descriptors& sent) {
  char first = 0;
  iovec bytes{&first, 1};
  const std::array<int, passed_descriptors::most> numbers{sent.output, sent.news, sent.extra};
  const auto count = sent.extra < 0 ? passed_descriptors::least : passed_descriptors::most;
  passed_descriptors passed;
  const auto message = passed.with(bytes, count);
  auto* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(count * sizeof(int));
  std::memcpy(CMSG_DATA(header), numbers.data(), count * sizeof(int));
  if (sendmsg(socket, &message, MSG_NOSIGNAL) != 1)
    throw std::system_error{errno, std::generic_category(), "the guardian cannot be asked"};
  std::string rest;
  add_text(rest, to_bytes(order));
  send_all(socket, rest);
}

std::optional<start_request> receive_request(int socket) {
  start_request request;
  length size = 0;
  if (!receive_descriptors(socket, request)) return std::nullopt;
  if (!receive_all(socket, reinterpret_cast<char*>(&size), sizeof size)) return std::nullopt;
  std::string bytes(size, '\0');
  if (!receive_all(socket, bytes.data(), bytes.size())) return std::nullopt;
  try {
    request.order = order_from(bytes);
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
  return request;
}

} // namespace troupe
