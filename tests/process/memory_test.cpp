#include "process/memory_limit.hpp"
#include "process/session_memory.hpp"
#include "sanitized.hpp"

#include <troupe/errors.hpp>

#include <doctest/doctest.h>

#include <csignal>
#include <cstring>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace troupe;

namespace {

constexpr std::size_t size = std::size_t{64} << 20;

/// A session of two processes that share `size` bytes.
class two_processes {
public:
  two_processes() {
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    leader_ = fork();
    if (leader_ == 0) {
      setsid();
      void* const shared =
          mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
      std::memset(shared, 1, size);
      if (fork() == 0) std::memset(shared, 2, size);
      [[maybe_unused]] const auto said = write(ready[1], "x", 1);
      pause();
      _exit(0);
    }
    char byte = 0;
    for (int i = 0; i < 2; ++i)
      REQUIRE(read(ready[0], &byte, 1) == 1);
    close(ready[0]);
    close(ready[1]);
  }

  ~two_processes() {
    kill(-leader_, SIGKILL);
    waitpid(leader_, nullptr, 0);
  }

  pid_t leader() const noexcept { return leader_; }

private:
  pid_t leader_ = -1;
};

} // namespace

TEST_CASE("what the processes of a session share is counted once where it matters") {
  const two_processes both;
  CHECK(memory_of_session(both.leader(), 1) >= size);
  if (!sanitized) CHECK(memory_of_session(both.leader(), 1) < 2 * size);
  CHECK(memory_of_session(both.leader(), 100 * size) >= 2 * size); // it does not matter
  CHECK(memory_of_session(1'999'999'999, 1) == 0);
}

TEST_CASE("a limit of memory is looked at now and then, and says how far it is passed") {
  CHECK_FALSE(memory_limit{0}.next());
  const two_processes both;
  memory_limit tight{0.05}, wide{10};
  CHECK_NOTHROW(tight.check(both.leader())); // not yet
  std::this_thread::sleep_until(*tight.next());
  CHECK_THROWS_WITH_AS(tight.check(both.leader()),
                       doctest::Contains("GB of 0.05 GB (resources/memory_gb)"), trial_error);
  std::this_thread::sleep_until(*wide.next());
  CHECK_NOTHROW(wide.check(both.leader()));
}
