#!/usr/bin/env bash
# Puts random texts through what reads users' files, each fuzzer of tests/fuzz for FUZZ_SECONDS (600)
# seconds. Says yes (exit 0) or no; a text that breaks something is left in build/fuzz/NAME.
set -euo pipefail

cd "$(dirname "$0")/.."
readonly seconds=${FUZZ_SECONDS:-600}
export ASAN_SYMBOLIZER_PATH=/usr/lib/llvm-19/bin/llvm-symbolizer

cmake -S tests/fuzz -B build/fuzz -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_COMPILER=clang++-19 >/dev/null
cmake --build build/fuzz

# New texts are kept in a first folder, so that the next run begins where this one ends.
fuzz() {
  local name=$1 folder=build/fuzz/$1
  shift
  mkdir -p "$folder/corpus"
  build/fuzz/fuzz_"$name" -max_total_time="$seconds" -timeout=30 -rss_limit_mb=2048 -max_len=8192 \
    -dict=tests/fuzz/"$name".dict -artifact_prefix="$folder/" "$folder/corpus" tests/fuzz/corpus/"$name" "$@" \
    >"$folder/log.txt" 2>&1 || {
    grep -v '^#' "$folder/log.txt" | tail -n 60
    echo "fuzz: $name failed; the text is in $folder, the whole log is $folder/log.txt"
    return 1
  }
  echo "fuzz: $name: $(tail -n 1 "$folder/log.txt")"
}

# As many at once as there are processors.
running=()
for program in build/fuzz/fuzz_*; do
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do sleep 1; done
  name=${program##*/fuzz_}
  if [ "$name" = study_file ]; then fuzz "$name" examples & else fuzz "$name" & fi
  running+=($!)
done
failed=0
for job in "${running[@]}"; do
  wait "$job" || failed=1
done
exit "$failed"
