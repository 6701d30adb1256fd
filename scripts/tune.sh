#!/usr/bin/env bash
# Runs examples/cifar10.json; on Fashion-MNIST if CIFAR-10 cannot be downloaded. Arguments go to `troupe run`.
set -euo pipefail

cd "$(dirname "$0")/.."
readonly data_missing=6 # exit code of `troupe run`
out=results/cifar10-$(date +%Y%m%d-%H%M%S)

tune() { build/release/troupe run examples/cifar10.json --out "$out" "$@"; }

tune "$@" && exit || code=$?
[ "$code" -eq "$data_missing" ] || exit "$code"

printf '\n*** CIFAR-10 COULD NOT BE DOWNLOADED: TUNING ON FASHION-MNIST INSTEAD (28x28 grey images of clothes, padded to 32x32) ***\n\n' >&2
tune --overwrite --set 'trainable/data="fashion-mnist"' "$@"
