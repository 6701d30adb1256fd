#!/bin/sh
# Compiles each public header by itself: those of CAF's side with CAF in sight, all others without it and libtorch.
# usage: headers.sh COMPILER INCLUDE CAF_INCLUDE
set -eu
compiler=$1 include=$2 caf=$3
for header in "$include"/troupe/*.hpp; do
  sight=
  case ${header##*/} in
    torch.hpp | cifar10.hpp) continue ;; # compiled as they are by the tests of src/model
    actors.hpp | event_driven.hpp | runtime.hpp) sight="-isystem $caf" ;;
  esac
  echo "#include <troupe/${header##*/}>" | "$compiler" -std=c++20 -fsyntax-only -Wall -Wextra -I"$include" $sight -x c++ - ||
    { echo "troupe/${header##*/} does not compile alone"; exit 1; }
done
