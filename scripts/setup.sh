#!/usr/bin/env bash
# Installs what Troupe is built from: Debian packages, and CAF and libtorch into .deps. Does nothing twice.
#   scripts/setup.sh           what `make build` and `make tune` need
#   scripts/setup.sh core      what `make core` needs: no libtorch
#   scripts/setup.sh test      and what `make test` needs
#   scripts/setup.sh check     and what `make check` needs
#   scripts/setup.sh bench     what `make bench` needs: the peers that Troupe is compared with, 6 GB
#   scripts/setup.sh fuzz      what `make fuzz` needs: another compiler, neither CAF nor libtorch
# A CAF >= 0.18.7 or libtorch >= 2.11 found in CMAKE_PREFIX_PATH is used as it is.
# Results: .deps/caf, .deps/caf-tsan; .deps/torch, .deps/python and .deps/bench (Python environments).
set -euo pipefail

cd "$(dirname "$0")/.."
what=${1:-build}
deps=$PWD/.deps
readonly prefixes=${CMAKE_PREFIX_PATH:-}

readonly apt_build=(
  build-essential ca-certificates cmake ninja-build python3 python3-venv
  libboost1.81-dev libboost-json1.81-dev libcli11-dev libfmt-dev libeigen3-dev libnlopt-dev liblua5.4-dev
  libsqlite3-dev libssl-dev libcurl4-openssl-dev libarchive-dev libhwy-dev zlib1g-dev
  doctest-dev libbenchmark-dev dataset-fashion-mnist
)
readonly apt_test=(chromium chromium-driver)
readonly apt_check=(clang-format clang-tidy git)
readonly apt_fuzz=(clang-19 libclang-rt-19-dev llvm-19) # Debian 12's clang 14 cannot compile its <ranges>

readonly torch_version=2.15.0
readonly cuda_version=13.2.86 # of the wheels that torch 2.15.0 depends on
readonly caf_version=0.18.7
readonly caf_sha256=d5c3abe8fd67a729aab1baeece10367637d903ba335f4c79378bcadfbcd34552

say() { printf 'setup: %s\n' "$*" >&2; }
fail() {
  printf 'setup: error: %s\n' "$*" >&2
  exit 1
}

version_at_least() { printf '%s\n%s\n' "$2" "$1" | sort -VC; }

# -- Debian packages ------------------------------------------------------------------------------

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "you are neither root nor have sudo; ask an administrator to run: apt-get install ${missing% }"
  fi
}

is_debian_12() (
  # shellcheck disable=SC1091  # the system's own
  . /etc/os-release 2>/dev/null
  [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ]
)

# The likely cause of a failed apt-get run, from its log.
explain_apt() {
  case $(LC_ALL=C tail -n 30 "$deps/apt.log") in
  *'No space left'* | *'enough free space'*) echo 'the disk is full' ;;
  *'to be removed'* | *'unmet dependencies'* | *'Conflicts'*)
    echo 'they clash with what is installed: libboost-dev (1.74) and libboost1.81-dev exclude each other, so remove the former' ;;
  *'Failed to fetch'* | *'resolv'* | *'connect'*) echo 'the package server cannot be reached: is there a network?' ;;
  *'Unable to locate'* | *'no installation candidate'*) echo 'the package lists are missing or old: run apt-get update and see why it fails' ;;
  *) echo 'see .deps/apt.log' ;;
  esac
}

install_packages() {
  missing=
  local package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^.i' || missing+="$package "
  done
  [ -n "$missing" ] || return 0
  is_debian_12 || fail "this set-up knows Debian 12. On another system install a C++20 compiler, CMake >= 3.25, Ninja," \
    "Boost >= 1.81 (JSON), CLI11, fmt, Eigen >= 3.4, NLopt >= 2.7, Lua 5.4, SQLite, OpenSSL, libcurl, libarchive, zlib, doctest," \
    "Highway, google-benchmark, CAF >= $caf_version and libtorch >= 2.11; then: cmake --preset release -DCMAKE_PREFIX_PATH=…"
  say "installing Debian packages: ${missing% }"
  local apt=(as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q -o Dpkg::Lock::Timeout=300)
  # A package source that does not answer matters only if a package cannot be installed without it.
  "${apt[@]}" update >"$deps/apt.log" 2>&1 || true
  # shellcheck disable=SC2086  # one word per package
  "${apt[@]}" install -y --no-install-recommends --no-remove $missing >>"$deps/apt.log" 2>&1 || {
    tail -n 5 "$deps/apt.log" >&2
    fail "apt-get could not install ${missing% }: $(explain_apt)"
  }
}

# -- libtorch -------------------------------------------------------------------------------------

# Prints the version of the torch folder or Python environment $1.
torch_version_in() {
  cat "$1"/include/torch/headeronly/version.h "$1"/lib/python3*/site-packages/torch/include/torch/headeronly/version.h \
    2>/dev/null | sed -n 's/^#define TORCH_VERSION_\(MAJOR\|MINOR\|PATCH\) //p' | head -n 3 | paste -sd.
}

# Needs GB $1 on the disk of .deps.
need_space() {
  local free
  free=$(($(df -k --output=avail "$deps" | tail -n 1) / 1000000))
  [ "$free" -ge "$1" ] || fail "$2 needs $1 GB on the disk of $deps, and $free GB are free"
}

make_venv() {
  rm -rf "$1"
  /usr/bin/python3 -m venv "$1" || fail "python3 -m venv $1 failed: is the disk full?"
}

pip_install() {
  local venv=$1
  shift
  mkdir -p "$deps/tmp"
  TMPDIR=$deps/tmp "$venv/bin/python" -m pip install -q --disable-pip-version-check --no-compile "$@"
}

# libtorch is the C++ part of the PyPI wheel. Without an NVIDIA GPU it needs three small packages of CUDA only.
install_torch() {
  local prefix mark=$deps/torch/.done want=cpu packages
  for prefix in ${prefixes//[:;]/ }; do
    version_at_least "$(torch_version_in "$prefix")" 2.11 && say "using the libtorch in $prefix" && return
  done
  [ -e /proc/driver/nvidia/version ] && want=cuda
  [ "$(cat "$mark" 2>/dev/null)" = "$torch_version $want" ] && return
  if [ "$want" = cuda ]; then
    need_space 14 "libtorch with CUDA"
    packages=("torch==$torch_version" "nvidia-cuda-crt==$cuda_version")
  else
    need_space 4 libtorch
    packages=(--no-deps "torch==$torch_version" "nvidia-cuda-runtime==$cuda_version"
      "nvidia-cuda-cupti==$cuda_version" "nvidia-cuda-crt==$cuda_version")
  fi
  say "installing libtorch $torch_version ($want) from PyPI into .deps/torch"
  make_venv "$deps/torch"
  pip_install "$deps/torch" "${packages[@]}" ||
    fail "pip could not install torch $torch_version: is there a network, and space on the disk?"
  echo "$torch_version $want" >"$mark"
  say "libtorch is there"
}

# -- CAF ------------------------------------------------------------------------------------------

debian_mirror() {
  # shellcheck disable=SC2016  # apt-get replaces it
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' 'Component: main' | head -n 1
}

# Debian keeps the source of CAF 0.18.7 in its experimental suite, which the machine's own apt does not know:
# hence a private configuration of apt.
fetch_caf() {
  local archive=$1 private=$deps/src/apt mirror
  say "fetching the source of CAF $caf_version from Debian"
  mirror=$(debian_mirror)
  [ -n "$mirror" ] || { as_root apt-get -qq update && mirror=$(debian_mirror); }
  mkdir -p "$private/lists/partial" "$private/cache/archives/partial"
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror experimental main" >"$private/sources.list"
  local get=(apt-get -qq -o "Dir::Etc::sourcelist=$private/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$private/lists" -o "Dir::Cache=$private/cache")
  [ "$(id -u)" -eq 0 ] && get+=(-o APT::Sandbox::User=root)
  (cd "$deps/src" && "${get[@]}" update && "${get[@]}" source --tar-only "actor-framework=$caf_version-1~exp1") ||
    fail "the source of CAF $caf_version could not be fetched: is there a network? Another way: put it there as $archive"
}

unpack_caf() {
  local archive=$deps/src/actor-framework_$caf_version.orig.tar.gz
  [ -e "$caf_source" ] && return
  mkdir -p "$deps/src"
  sha256sum --status -c <<<"$caf_sha256  $archive" 2>/dev/null || fetch_caf "$archive"
  sha256sum --status -c <<<"$caf_sha256  $archive" || fail "$archive has a wrong checksum; remove it and try again"
  rm -rf "$deps/src/new"
  mkdir "$deps/src/new"
  tar -xzf "$archive" -C "$deps/src/new"
  mv "$deps/src/new/actor-framework-$caf_version" "$caf_source"
  rmdir "$deps/src/new"
}

# A static CAF in .deps/NAME. An interrupted build goes on where it was. Usage: build_caf NAME [options of CMake]
# Its files are compiled five at once, in a third of the time; of more, some have the same names in them.
build_caf() {
  local caf_source=$deps/src/actor-framework-$caf_version prefix=$deps/$1 build=$deps/src/build-$1 log=$deps/src/build-$1.log
  shift
  [ "$(cat "$prefix/.done" 2>/dev/null)" = "$caf_version" ] && return
  unpack_caf
  say "building CAF $caf_version into .deps/${prefix##*/} (3 minutes on 2 cores)"
  {
    cmake -S "$caf_source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" \
      -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_CXX_FLAGS=-w -DCMAKE_CXX_STANDARD=20 \
      -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCAF_ENABLE_EXAMPLES=OFF \
      -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=5 \
      -DCAF_ENABLE_TESTING=OFF -DCAF_ENABLE_TOOLS=OFF -DCAF_ENABLE_IO_MODULE=ON -DCAF_ENABLE_OPENSSL_MODULE=ON "$@" &&
      cmake --build "$build" && cmake --install "$build"
  } >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    fail "CAF did not build; the whole log is $log"
  }
  rm -rf "$build"
  echo "$caf_version" >"$prefix/.done"
  say "CAF is there"
}

install_caf() {
  local prefix file
  for prefix in ${prefixes//[:;]/ }; do
    for file in "$prefix"/{lib,lib64,lib/*}/cmake/CAF/CAFConfigVersion.cmake; do
      [ -e "$file" ] || continue
      version_at_least "$(sed -n 's/^set(PACKAGE_VERSION "\(.*\)")/\1/p' "$file")" "$caf_version" &&
        say "using the CAF in $prefix" && return
    done
  done
  build_caf caf
}

# -- Python packages of the tests and of the benchmarks ---------------------------------------------

# Installs what the file $2 names into .deps/$1, which needs GB $3.
install_python_packages() {
  local venv=$deps/$1 wanted=$2 mark=$deps/$1/.done
  cmp -s "$wanted" "$mark" && return
  need_space "$3" "what $wanted names"
  say "installing the Python packages of $wanted into .deps/$1"
  make_venv "$venv"
  pip_install "$venv" -r "$wanted" || fail "pip could not install what $wanted names: is there a network?"
  cp "$wanted" "$mark"
}

# -------------------------------------------------------------------------------------------------

case $what in
build | core | test | check | fuzz | bench) ;;
*) fail "usage: scripts/setup.sh [build|core|test|check|fuzz|bench]" ;;
esac

mkdir -p "$deps" || fail "cannot write to $PWD"
exec 9>"$deps/.lock"
flock -n 9 || {
  say "another set-up is at work; waiting for it"
  flock 9
}

packages=("${apt_build[@]}")
[ "$what" = test ] && packages+=("${apt_test[@]}")
[ "$what" = check ] && packages+=("${apt_test[@]}" "${apt_check[@]}")
[ "$what" = fuzz ] && packages+=("${apt_fuzz[@]}")
install_packages "${packages[@]}"
[ "$what" != fuzz ] || exit 0

# One waits for the network, the other for the processor. Each in a process group (set -m), to be ended whole.
set -m
install_caf &
jobs=($!)
[ "$what" = core ] || {
  install_torch &
  jobs+=($!)
}
set +m
trap 'kill -- "${jobs[@]/#/-}" 2>/dev/null || true' EXIT
for _ in "${jobs[@]}"; do wait -n || exit 1; done
trap - EXIT

case $what in
test | check) install_python_packages python tests/python/requirements.txt 1 ;;
bench) install_python_packages bench bench/peers/requirements.txt 8 ;;
esac
# Tests with the thread sanitizer need no more of CAF than its core, and wait less for it than for their own code.
[ "$what" != check ] || build_caf caf-tsan -DCMAKE_CXX_FLAGS="-w -fsanitize=thread" \
  -DCMAKE_CXX_FLAGS_RELEASE="-O1 -DNDEBUG" -DCAF_ENABLE_IO_MODULE=OFF -DCAF_ENABLE_OPENSSL_MODULE=OFF
rm -rf "$deps/tmp"
