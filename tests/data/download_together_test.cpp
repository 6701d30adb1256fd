#include "data/download.hpp"
#include "download_fixture.hpp"

#include <doctest/doctest.h>

#include <array>
#include <future>
#include <latch>
#include <sys/wait.h>
#include <unistd.h>

using namespace troupe;

namespace {

bool is_waiting(std::string_view line) {
  return line.starts_with("waiting for another");
}

/// A pipe that carries one number.
class number_pipe {
public:
  number_pipe() {
    if (::pipe(ends_.data()) != 0) throw std::runtime_error{"no pipe can be had"};
  }
  number_pipe(const number_pipe&) = delete;
  number_pipe& operator=(const number_pipe&) = delete;
  ~number_pipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  void send(int number) const {
    if (::write(ends_[1], &number, sizeof number) != sizeof number) std::abort();
  }
  int receive() const {
    int number = 0;
    if (::read(ends_[0], &number, sizeof number) != sizeof number) std::abort();
    return number;
  }

private:
  std::array<int, 2> ends_{};
};

/// Starts a process that downloads once it is told the server's port, tells when it has to wait for
/// another, and exits with 0 if it ends with the whole folder.
pid_t start_downloader(const download& it, const number_pipe& port, const number_pipe& waiting) {
  const auto child = ::fork();
  if (child != 0) return child;
  auto status = 1;
  try {
    const auto url = "http://127.0.0.1:" + std::to_string(port.receive()) + "/small.tar.gz";
    fetch_archive(it.source(url), it.dir.path(), {}, [&](std::string_view line) {
      if (is_waiting(line)) waiting.send(1);
    });
    status = it.complete() ? 0 : 1;
  } catch (...) {
    status = 2;
  }
  ::_exit(status);
}

int exit_status_of(pid_t child) {
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

} // namespace

TEST_CASE("of two threads that download at once, one waits and finds the other's result") {
  const download it;
  std::latch asked{1}, second_waits{1};
  const http_server server{[&](const http_request&) {
    asked.count_down();
    second_waits.wait();
    return it.whole();
  }};
  auto first = std::async(std::launch::async, [&] { it.fetch(server); });
  asked.wait();
  auto second = std::async(std::launch::async, [&] {
    fetch_archive(it.source(server.url("/small.tar.gz")), it.dir.path(), {},
                  [&](std::string_view line) {
                    if (is_waiting(line)) second_waits.count_down();
                  });
  });
  first.get();
  second.get();
  CHECK(it.complete());
  CHECK(server.requests().size() == 1);
}

TEST_CASE("of two processes that download at once, one waits and finds the other's result") {
  const download it;
  const number_pipe port, waiting;
  const std::array children{start_downloader(it, port, waiting),
                            start_downloader(it, port, waiting)};
  const http_server server{[&](const http_request&) {
    waiting.receive(); // The one that holds the lock has asked; now the other has found it taken.
    return it.whole();
  }};
  port.send(server.port());
  port.send(server.port());
  for (const auto child : children)
    CHECK(exit_status_of(child) == 0);
  CHECK(it.complete());
  CHECK(server.requests().size() == 1);
}

TEST_CASE("of two that download at once, the second tries itself when the first fails") {
  const download it;
  std::latch asked{1}, second_waits{1};
  std::size_t requests = 0;
  const http_server server{[&](const http_request&) -> http_answer {
    if (++requests > 1) return it.whole();
    asked.count_down();
    second_waits.wait();
    return {.status = 503};
  }};
  auto first = std::async(std::launch::async, [&] { return it.message(server); });
  asked.wait();
  auto second = std::async(std::launch::async, [&] {
    fetch_archive(it.source(server.url("/small.tar.gz")), it.dir.path(), {},
                  [&](std::string_view line) {
                    if (is_waiting(line)) second_waits.count_down();
                  });
  });
  CHECK(has_all(first.get(), {"503"}));
  second.get();
  CHECK(it.complete());
}
