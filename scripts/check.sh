#!/usr/bin/env bash
# Says yes (exit 0) or no to a change, beyond `make test`.
#   scripts/check.sh                                all steps
#   scripts/check.sh format layers lint asan tsan   those of .ci/run
# Of the sanitizers CI has half: each room's tests, and each test of the programs, with the one that finds more
# there. The other half are the steps more_asan and more_tsan.
set -euo pipefail

cd "$(dirname "$0")/.."

# Formatting is as .clang-format has it.
format() {
  git ls-files --cached --others --exclude-standard -z '*.cpp' '*.hpp' | xargs -0 clang-format --dry-run -Werror
}

# Rooms include each other only as scripts/layers.txt allows.
layers() { scripts/layers.py; }

# The checks of .clang-tidy, on all that needs no libtorch; each folder as one file, for its headers' sake.
lint() {
  cmake --preset lint >/dev/null
  run-clang-tidy -quiet -j "$(nproc)" -p build/lint -checks=-bugprone-suspicious-include "$PWD/(build/lint/)?src/" 2>/dev/null
}

programs=(troupe troupe_toy library own_trainable own_searcher ask_and_tell own_scheduler) # of tests/python

# What reads files, texts and bytes.
asan() {
  cmake --preset asan >/dev/null
  cmake --build --preset asan --target "${programs[@]}" test_{base,study,store,views,process,cli,trainables,data,fused}
  ctest --preset asan -E '^(search|actors|library|program_2|install)$'
}

# What has threads.
tsan() {
  cmake --preset tsan >/dev/null
  cmake --build --preset tsan --target "${programs[@]}" test_{actors,library}
  ctest --preset tsan -R '^(actors|library|program_2)$'
}

more_asan() {
  cmake --preset asan >/dev/null
  cmake --build --preset asan --target "${programs[@]}" test_{search,actors,library}
  ctest --preset asan -R '^(search|actors|library|program_2)$'
}

more_tsan() {
  cmake --preset tsan >/dev/null
  cmake --build --preset tsan --target "${programs[@]}" test_{cli,data,process,store}
  ctest --preset tsan -R '^(cli|data|process|store|program_1)$'
}

[ $# -gt 0 ] || set -- format layers lint asan tsan more_asan more_tsan
for step in "$@"; do
  case $step in
  format | layers | lint | asan | tsan | more_asan | more_tsan) ;;
  *)
    echo "usage: scripts/check.sh [format|layers|lint|asan|tsan|more_asan|more_tsan]…" >&2
    exit 2
    ;;
  esac
  echo "check: $step"
  SECONDS=0
  "$step"
  echo "check: $step passed in $SECONDS s"
done
