# A front door to scripts/setup.sh and CMake; CMakePresets.json says what each build is.
.DEFAULT_GOAL := help
.PHONY: help tune build core test check chaos crash faults parity bench fuzz clean
MAKEFLAGS += --no-print-directory

help: ## show this list
	@echo 'make TARGET, where TARGET is'
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile

tune: ## install what is missing, build, tune a small network on real images (TUNE_ARGS='--num-samples 4')
	scripts/setup.sh build
	cmake --preset release
	cmake --build --preset release --target troupe
	scripts/tune.sh $(TUNE_ARGS)

build: ## install what is missing, build everything; the program is build/release/troupe
	scripts/setup.sh build
	cmake --preset release
	cmake --build --preset release

core: ## install what is missing but libtorch, build the program that tunes commands: build/core/troupe
	scripts/setup.sh core
	cmake --preset core
	cmake --build --preset core

test: ## install what is missing, build, run all tests
	scripts/setup.sh test
	cmake --preset release
	cmake --build --preset release
	ctest --preset release

check: ## install what is missing; format, lint, address and thread sanitizers
	scripts/setup.sh check
	scripts/check.sh

CHAOS_STUDIES ?= 10000
chaos: ## the tests in which everything happens to trials, 10000 studies for each scheduler (CHAOS_STUDIES=N)
	scripts/setup.sh test
	cmake --preset release
	cmake --build --preset release --target test_search
	TROUPE_CHAOS_STUDIES=$(CHAOS_STUDIES) build/release/tests/test_search --test-case='whatever happens*'

CRASH_KILLS ?= 500
crash: ## kill studies with each scheduler and searcher at random moments, and go on, 500 times (CRASH_KILLS=N)
	scripts/setup.sh test
	cmake --preset release
	cmake --build --preset release --target troupe_toy fault_injector
	cd build/release/tests && TOY=$$PWD/troupe_toy INJECTOR=$$PWD/libfault_injector.so CRASH_KILLS=$(CRASH_KILLS) \
	  ../../../.deps/python/bin/python -m pytest -q -p no:cacheprovider ../../../tests/python/test_crash.py

faults: ## let every call that changes a file fail, or kill the program at it, one after the other (half an hour)
	scripts/setup.sh test
	cmake --preset release
	cmake --build --preset release --target troupe_toy fault_injector
	cd build/release/tests && TOY=$$PWD/troupe_toy INJECTOR=$$PWD/libfault_injector.so FAULTS_ALL=1 \
	  ../../../.deps/python/bin/python -m pytest -q -p no:cacheprovider \
	  $(foreach name,faults resume_faults clean fork protocol,../../../tests/python/test_$(name).py)

parity: ## compare 2,000 searches of each searcher with Optuna's (minutes; exit 1 if one is worse)
	scripts/setup.sh build
	cmake --preset release
	cmake --build --preset release --target bench_parity
	build/release/bench/bench_parity

bench: ## install the peers, build, measure both at the same work (25 minutes; BENCH_ARGS='--quick --only storage')
	scripts/setup.sh bench
	cmake --preset release
	cmake --build --preset release
	bench/side_by_side.py $(BENCH_ARGS)

fuzz: ## put random texts through what reads users' files (10 minutes each; FUZZ_SECONDS=60 for less)
	scripts/setup.sh fuzz
	scripts/fuzz.sh

clean: ## remove what was built (not .deps, not results)
	rm -rf build
