#!/usr/bin/env bash
# Says yes (exit 0) or no to a change, beyond `make test`.
#   scripts/check.sh                                all steps
#   scripts/check.sh format layers lint asan tsan   some of them: those of .ci/run
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

# All but the tests of decisions, which are half of what there is to compile.
asan() {
  cmake --preset asan >/dev/null
  cmake --build --preset asan
  ctest --preset asan -E '^search$'
}

# And those: they share no memory with anybody, and what reads users' texts is fuzzed under the same sanitizers.
decisions() {
  cmake --preset asan >/dev/null
  cmake --build --preset asan --target test_search
  ctest --preset asan -R '^search$'
}

# What has threads, and the programs; decisions and the study file have none.
tsan() {
  cmake --preset tsan >/dev/null
  cmake --build --preset tsan --target test_actors test_cli test_data test_library test_process test_store troupe troupe_toy \
    library own_trainable own_searcher ask_and_tell own_scheduler
  ctest --preset tsan -R '^(actors|cli|data|library|process|store|program_.)$'
}

[ $# -gt 0 ] || set -- format layers lint asan decisions tsan
for step in "$@"; do
  case $step in
  format | layers | lint | asan | decisions | tsan) ;;
  *)
    echo "usage: scripts/check.sh [format|layers|lint|asan|decisions|tsan]…" >&2
    exit 2
    ;;
  esac
  echo "check: $step"
  SECONDS=0
  "$step"
  echo "check: $step passed in $SECONDS s"
done
