// What a call of the program costs: `--version`, and `ask` and `tell` of studies that have so many
// trials. They are temporary ones, so TMPDIR=/dev/shm leaves the disk out.
//
//     bench_program_start TRIALS PROGRAM…     as in: 10000 build/release/troupe
//
// Several programs are called in turn, so that whatever else the machine does falls on all alike.

#include "asked_kind.hpp"
#include "store/asked_study.hpp"
#include "store/study_layout.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace troupe;
namespace fs = std::filesystem;

constexpr int rounds = 41;

/// What a call took.
struct cost {
  double wall_ms, cpu_ms, memory_mb;
};

double ms_of(const timeval& t) {
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
}

/// Calls a program to its end; what it prints is dropped.
cost call(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (auto& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  const auto start = std::chrono::steady_clock::now();
  pid_t id = -1;
  if (posix_spawn(&id, arguments[0], &files, nullptr, arguments.data(), environ) != 0)
    throw std::runtime_error{words.front() + " cannot be started"};
  int status = 0;
  rusage used{};
  wait4(id, &status, 0, &used);
  const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - start;
  posix_spawn_file_actions_destroy(&files);
  if (status != 0) throw std::runtime_error{words.front() + ' ' + words.at(1) + " has failed"};
  return {wall.count(), ms_of(used.ru_utime) + ms_of(used.ru_stime),
          static_cast<double>(used.ru_maxrss) / 1e3};
}

/// Makes a study that has so many trials.
void fill(const fs::path& folder, const asked_kind& kind, int trials) {
  fs::remove_all(folder);
  asked_study asked{folder, study_of(kind, durability::off)};
  for (int i = 0; i < trials; ++i)
    ask_and_tell(asked, kind, i);
}

/// Fills in a process of its own: the memory of whoever starts a program counts as the program's.
void fill_apart(const fs::path& folder, const asked_kind& kind, int trials) {
  const pid_t id = fork();
  if (id == 0) {
    fill(folder, kind, trials);
    _exit(EXIT_SUCCESS);
  }
  int status = 0;
  waitpid(id, &status, 0);
  if (status != 0) throw std::runtime_error{folder.string() + " cannot be filled"};
}

double median(std::vector<cost> costs, double cost::*of) {
  const auto middle = costs.begin() + static_cast<std::ptrdiff_t>(costs.size() / 2);
  std::ranges::nth_element(costs, middle, {}, of);
  return (*middle).*of;
}

/// A program under test, and what its calls have cost.
struct candidate {
  std::string path;
  asked_kind kind;
  fs::path folder;
  std::vector<cost> version{}, ask{}, tell{};

  void next_round(int trial) {
    version.push_back(call({path, "--version"}));
    ask.push_back(call({path, "ask", study_layout{folder}.study_file(), "--dir", folder.string()}));
    tell.push_back(call({path, "tell", folder.string(), std::to_string(trial), "0.5"}));
  }

  void print(const char* command, const std::vector<cost>& costs) const {
    std::printf("| %s | %s | `%s` | %.1f ms | %.1f ms | %.1f MB |\n", path.c_str(),
                kind.name().c_str(), command, median(costs, &cost::wall_ms),
                median(costs, &cost::cpu_ms), median(costs, &cost::memory_mb));
  }
};

} // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: bench_program_start TRIALS PROGRAM…\n");
    return EXIT_FAILURE;
  }
  const int trials = std::atoi(argv[1]);
  std::vector<candidate> candidates;
  const auto root = fs::temp_directory_path() / ("troupe_start_" + std::to_string(getpid()));
  for (const auto& kind : asked_kinds)
    for (int i = 2; i < argc; ++i) {
      const auto folder = root / std::to_string(candidates.size());
      fill_apart(folder, kind, trials);
      candidates.push_back({argv[i], kind, folder});
    }
  for (int i = 0; i < rounds; ++i)
    for (auto& c : candidates)
      c.next_round(trials + i);
  std::printf("| program | study | command | time | CPU | memory |\n"
              "| --- | --- | --- | --- | --- | --- |\n");
  for (const auto& c : candidates) {
    c.print("--version", c.version);
    c.print("ask", c.ask);
    c.print("tell", c.tell);
  }
  fs::remove_all(root);
}
