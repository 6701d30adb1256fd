#!/bin/sh
# Halves a number, a report each time; speaks Troupe's protocol (docs/protocol.md), so that it can be
# paused, and go on from its checkpoints. For the values of short messages sed will do; paths with
# quotes in them need a reader of JSON.
set -eu
eval "exec 8<&$TROUPE_FD 9>&$TROUPE_FD"

# Waits for a message of this type.
hear() {
  while IFS= read -r message <&8; do
    case $message in "{\"type\": \"$1\""*) return ;; esac
  done
  exit 1
}

# Prints the text or the number of this key; nothing if it is null.
value() {
  printf '%s\n' "$message" | sed -n "s/.*\"$1\": \"\([^\"]*\)\".*/\1/p; s/.*\"$1\": \([0-9][0-9]*\).*/\1/p"
}

echo '{"type": "hello", "version": 1}' >&9
hear start
message=${message%%', "config"'*}
folder=$(value folder)
last=$(value checkpoint)
step=$(value iteration)
x=1000
[ -z "$last" ] || x=$(cat "$last/x")

while [ "$step" -lt 9 ]; do
  step=$((step + 1))
  x=$((x / 2))
  mkdir "$folder/$step"
  echo "$x" >"$folder/$step/x"
  echo "{\"type\": \"report\", \"metrics\": {\"loss\": $x}, \"checkpoint\": \"$step\"}" >&9
  hear decision
  [ "$(value decision)" = continue ] || break
done
