#include "model/fake_trial.hpp"
#include "process/running_process.hpp"
#include "process/trial_environment.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <string>
#include <vector>

using namespace troupe;

TEST_CASE("a program sees the GPUs of its lease, by the numbers that the tuner was given") {
  CHECK(!visible_gpus({"cpu"}, {}));
  CHECK(!visible_gpus({}, "3"));
  CHECK(visible_gpus({"cuda:1"}, {}) == "1");
  CHECK(visible_gpus({"cuda:0", "cuda:2"}, {}) == "0,2");
  CHECK(visible_gpus({"cuda:1"}, "5,7") == "7");
  CHECK(visible_gpus({"cuda:0", "cuda:1"}, "GPU-a,GPU-b,GPU-c") == "GPU-a,GPU-b");
}

TEST_CASE("what a lease says is the same for all its trials, and nothing of a trial is in it") {
  fake_trial one{{{"x", 1}}}, other{{{"x", 2}}, 1};
  other.use({"cpu"});
  const std::vector<std::string> outer{"TROUPE_TRIAL=00007", "TROUPE_PARAMS={}", "HOME=/"};
  command_spec command;
  command.env = {{"WORD", "hello"}};
  const auto lease = lease_environment(outer, command, one);
  CHECK(lease == std::vector<std::string>{"HOME=/", "OMP_NUM_THREADS=1", "PYTHONUNBUFFERED=1",
                                          "WORD=hello"});
  CHECK(lease == lease_environment(outer, command, other));
  other.use({"cuda:2"});
  CHECK(lease_environment(outer, command, other).front() == "CUDA_VISIBLE_DEVICES=2");
  CHECK(trial_environment(outer, command, one)[4] == "TROUPE_TRIAL=00000");
}

TEST_CASE("how a process ended is said by exit code or signal") {
  CHECK(describe_end(3 << 8) == "exit code 3");
  CHECK(describe_end(SIGSEGV) == "killed by SIGSEGV");
  CHECK(describe_end(SIGABRT | 0x80) == "killed by SIGABRT");
  CHECK(describe_end(SIGRTMIN + 3) == "killed by signal " + std::to_string(SIGRTMIN + 3));
}
