#include "process/order_message.hpp"

#include <troupe/random.hpp>

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace troupe;

namespace {

std::string any_text(random_stream& draw) {
  std::string text;
  for (auto left = draw() % 20; left > 0; --left)
    text += static_cast<char>(draw() % 256);
  return text;
}

std::vector<std::string> any_texts(random_stream& draw) {
  std::vector<std::string> texts(draw() % 5);
  for (auto& text : texts)
    text = any_text(draw);
  return texts;
}

process_order any_order(random_stream& draw) {
  return {any_text(draw), any_texts(draw), any_texts(draw), any_text(draw)};
}

struct sockets {
  file_handle one, other;

  sockets() {
    std::array<int, 2> ends{};
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    one = file_handle{ends[0]};
    other = file_handle{ends[1]};
  }
};

} // namespace

TEST_CASE("orders are the same after they were bytes, and no others are read") {
  random_stream draw{1, 2, "orders"};
  for (int i = 0; i < 500; ++i) {
    const auto order = any_order(draw);
    const auto bytes = to_bytes(order);
    CHECK(order_from(bytes) == order);
    CHECK_THROWS_AS(order_from(bytes + "x"), std::invalid_argument);
    const auto shorter = std::string_view{bytes}.substr(0, draw() % bytes.size());
    CHECK_THROWS_AS(order_from(shorter), std::invalid_argument);
  }
}

TEST_CASE("a request takes its descriptors along, however large it is") {
  sockets pair;
  sockets passed;
  process_order order{"program", {std::string(1 << 20, 'a')}, {}, "/"};
  std::thread sender{[&] {
    for (int i = 0; i < 3; ++i)
      send_request(pair.one.descriptor(), order,
                   {passed.one.descriptor(), passed.one.descriptor(),
                    i == 1 ? passed.one.descriptor() : -1});
  }};
  for (int i = 0; i < 3; ++i) {
    const auto request = receive_request(pair.other.descriptor());
    REQUIRE(request);
    CHECK(request->order == order);
    CHECK(static_cast<bool>(request->extra) == (i == 1));
    CHECK(write(request->news.descriptor(), "x", 1) == 1);
    CHECK(write(request->output.descriptor(), "y", 1) == 1);
    std::array<char, 2> read_back{};
    CHECK(recv(passed.other.descriptor(), read_back.data(), 2, MSG_WAITALL) == 2);
    CHECK(std::string{read_back.data(), 2} == "xy");
  }
  sender.join();
}

TEST_CASE("there is no request when the other side is gone, and none can be sent") {
  sockets pair;
  CHECK(send(pair.one.descriptor(), "no request", 10, 0) == 10);
  CHECK(!receive_request(pair.other.descriptor()));
  pair.one.reset();
  sockets gone;
  gone.one.reset();
  CHECK(!receive_request(gone.other.descriptor()));
  CHECK_THROWS_AS(send_request(gone.other.descriptor(), {}, {0, 0}), std::system_error);
}
