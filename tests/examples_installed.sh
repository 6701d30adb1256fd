#!/bin/sh
# Builds the examples of an installed Troupe against it, and runs one. All are configured; of those with libtorch,
# which all compile in the tree as well, the last is enough.
# usage: examples_installed.sh EXAMPLES BUILD 'TARGET…' [options of CMake]
set -eu
examples=$1 build=$2 targets=$3
shift 3
cmake -S "$examples" -B "$build" "$@"
# shellcheck disable=SC2086  # one word per target
cmake --build "$build" --target $targets
"$build/embed/embed"
