#!/bin/sh
# Packs the documentation with xz's options, and reports how small it gets.
#     sh compress.sh LC LP PB DEPTH FILE...
set -eu
options="dict=1MiB,lc=$1,lp=$2,pb=$3,depth=$4"
shift 4
bytes=$(cat "$@" | xz --format=raw --lzma2="$options" --stdout | wc -c)
echo "TROUPE {\"bytes\": $bytes}"
