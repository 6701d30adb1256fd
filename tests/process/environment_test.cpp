#include "process/running_process.hpp"
#include "process/trial_environment.hpp"

#include <doctest/doctest.h>

#include <csignal>

using namespace troupe;

TEST_CASE("a program sees the GPUs of its lease, by the numbers that the tuner was given") {
  CHECK(!visible_gpus({"cpu"}, {}));
  CHECK(!visible_gpus({}, "3"));
  CHECK(visible_gpus({"cuda:1"}, {}) == "1");
  CHECK(visible_gpus({"cuda:0", "cuda:2"}, {}) == "0,2");
  CHECK(visible_gpus({"cuda:1"}, "5,7") == "7");
  CHECK(visible_gpus({"cuda:0", "cuda:1"}, "GPU-a,GPU-b,GPU-c") == "GPU-a,GPU-b");
}

TEST_CASE("how a process ended is said by exit code or signal") {
  CHECK(describe_end(3 << 8) == "exit code 3");
  CHECK(describe_end(SIGSEGV) == "killed by SIGSEGV");
  CHECK(describe_end(SIGABRT | 0x80) == "killed by SIGABRT");
  CHECK(describe_end(SIGRTMIN + 3) == "killed by signal " + std::to_string(SIGRTMIN + 3));
}
