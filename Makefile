# `make demo` and `make test` are all that a newcomer types; `make help` lists the rest.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
# Every step keeps all cores busy by itself, and SwiftPM locks its build folder: targets asked for
# together (`make -j2 lint test`) run one after the other.
.NOTPARALLEL:

SWIFT ?= swift
PYTHON ?= python3
PREFIX ?= $(HOME)/.local
DESTDIR ?=

# Demo and tests share one build, the optimised one with `-enable-testing`. That flag changes the
# command of every compiled file, so one folder cannot serve two sets of flags: each change of
# flags compiles everything anew. With the flags shared, who types `make demo` and then
# `make test` (or the other way round) compiles the program once, and tests run the very binary
# that the demo runs.
CHECKED_FLAGS := -c release -Xswiftc -enable-testing
CHECKED_BINARY := .build/release/tandem
SIMULATE := .build/release/simulate

# What is measured, installed and packed is a plain release build with the Swift library inside,
# which needs no Swift where it runs and starts faster. It has a folder of its own.
RELEASE_FOLDER := .build-release
RELEASE_FLAGS := -c release --static-swift-stdlib --scratch-path $(RELEASE_FOLDER)
RELEASE_BINARY := $(RELEASE_FOLDER)/release/tandem

# Programs that the tests start find the binary by this name.
export TANDEM_BINARY ?= $(CURDIR)/$(CHECKED_BINARY)

LINTED := Package.swift Sources Tests Examples $(wildcard Benchmarks/*/*.swift)
SHELL_SCRIPTS := .ci/run $(wildcard Scripts/*.sh) $(wildcard Benchmarks/*.sh)
PYTHON_SCRIPTS = $(shell find Benchmarks Tests -name '*.py' -not -path '*/.*')
GUIDES := README.md ARCHITECTURE.md CHANGELOG.md CONTRIBUTING.md LICENSE
# The README links to the examples' page, to the libraries' own pages, and to what was measured.
PAGES = $(shell find Documentation Examples Sources Benchmarks -name '*.md')
TIMED := Scripts/timed.sh

.PHONY: help demo test examples build build-tests unit-tests client-tests crashes simulation \
	soak soak-crashes soak-worlds mutants bench bench-growth lint release install package \
	clean

help: ## list these targets
	@echo "Tandem: your Google calendars as a local store, synced both ways."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

demo: build ## build, then show the main job on the built-in local Google
	@$(CHECKED_BINARY) demo --once

test: build-tests unit-tests client-tests crashes simulation ## build, then run every test

examples: ## build the programs of Examples/README.md
	@Scripts/dependencies.sh build
	@Scripts/fetch.sh $(SWIFT) .build
	@$(TIMED) "build of EmbeddedSync" $(SWIFT) build $(CHECKED_FLAGS) --product EmbeddedSync
	@$(TIMED) "build of CalendarListing" $(SWIFT) build $(CHECKED_FLAGS) --product CalendarListing

build: ## build the program as the demo and the tests use it
	@Scripts/dependencies.sh build
	@Scripts/fetch.sh $(SWIFT) .build
	@if [ ! -x $(CHECKED_BINARY) ]; then \
		echo "Building Tandem: about 17 minutes the first time on two cores." >&2; fi
	@$(TIMED) build $(SWIFT) build $(CHECKED_FLAGS) --product tandem

build-tests:
	@Scripts/dependencies.sh test
	@Scripts/fetch.sh $(SWIFT) .build
	@$(TIMED) "build of the tests" $(SWIFT) build $(CHECKED_FLAGS) --build-tests

# Suites that work a processor for minutes come after the others: beside them, tests that wait for
# answers from a server would run out of their time.
PROOFS := MergeLawsTests|FuzzTests|PoisonTests|SimulationTests

unit-tests: build-tests
	@$(TIMED) tests $(SWIFT) test $(CHECKED_FLAGS) --skip-build --disable-xctest \
		--skip '$(PROOFS)'
	@$(TIMED) "tests with many cases" $(SWIFT) test $(CHECKED_FLAGS) --skip-build \
		--disable-xctest --filter '$(PROOFS)'

# Whole programs, not tests: each has the cores for itself, and a world that breaks is a seed.
simulation: build-tests ## live through thousands of simulated worlds
	@$(TIMED) simulation Scripts/simulation.sh $(SIMULATE)

soak: soak-crashes soak-worlds ## kill and simulate for a night (HOURS=8)

soak-worlds: build-tests
	@$(TIMED) "soak of the worlds" Scripts/soak.sh $(SIMULATE)

# Programs written by others, Google's Python clients, run against the local Google.
client-tests: build-tests
	@if [ -e Tests/Clients/requirements.txt ]; then \
		$(MAKE) --no-print-directory .venv/clients/ready; \
		$(TIMED) "client tests" .venv/clients/bin/python -m pytest -q \
			-p no:cacheprovider Tests/Clients; \
	fi

# Real processes that are killed, disks that fill up, old copies put back.
crashes: build
	@$(TIMED) crashes $(PYTHON) Tests/Crashes/run.py $(CRASHES_ARGUMENTS)

soak-crashes: build
	@$(TIMED) "soak of the crashes" $(PYTHON) Tests/Crashes/run.py --soak $(CRASHES_ARGUMENTS)

.venv/clients/ready: Tests/Clients/requirements.txt
	@Scripts/python.sh $(PYTHON) $< $(@D) "Google's Python clients"

mutants: ## break the engine on purpose, one way at a time: each must be noticed
	@Scripts/dependencies.sh build
	@$(TIMED) mutants $(PYTHON) Tests/Mutants/mutants.py --swift $(SWIFT) $(MUTANTS_ARGUMENTS)

bench: release .venv/bench/ready ## measure against other programs, print the ratios
	@Scripts/dependencies.sh bench
	@$(TIMED) "build of the load" $(SWIFT) build $(RELEASE_FLAGS) --product LocalGoogleLoad
	@$(TIMED) "build of the floor" $(SWIFT) build $(RELEASE_FLAGS) --product SyncFloor
	@.venv/bench/bin/python Benchmarks/bench.py --tandem $(RELEASE_BINARY) \
		--load $(RELEASE_FOLDER)/release/LocalGoogleLoad \
		--floor $(RELEASE_FOLDER)/release/SyncFloor $(BENCH_ARGUMENTS)

bench-growth: release .venv/bench/ready ## measure stores of 1,000 to 1,000,000 events
	@.venv/bench/bin/python Benchmarks/bench.py --tandem $(RELEASE_BINARY) \
		--growth 1000,10000,100000,1000000

.venv/bench/ready: Benchmarks/peers/requirements.txt
	@Scripts/dependencies.sh bench
	@Scripts/python.sh $(PYTHON) $< $(@D) "the programs we are measured against"

lint: ## check the form of sources and scripts
	@Scripts/dependencies.sh lint
	@$(SWIFT) format lint --strict --parallel --recursive $(LINTED)
	@for script in $(SHELL_SCRIPTS); do bash -n "$$script"; done
	@for script in $(PYTHON_SCRIPTS); do \
		$(PYTHON) -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' \
			"$$script"; \
	done

release: ## build the program to be installed, packed and measured
	@Scripts/dependencies.sh build
	@Scripts/fetch.sh $(SWIFT) $(RELEASE_FOLDER)
	@if [ ! -x $(RELEASE_BINARY) ]; then \
		echo "Building for release: about 17 minutes the first time on two cores." >&2; fi
	@$(TIMED) "release build" $(SWIFT) build $(RELEASE_FLAGS) --product tandem

install: release ## install below PREFIX (~/.local); DESTDIR is honoured
	install -D -m 0755 -s $(RELEASE_BINARY) "$(DESTDIR)$(PREFIX)/bin/tandem"
	@for page in $(GUIDES) $(PAGES); do \
		install -D -m 0644 "$$page" "$(DESTDIR)$(PREFIX)/share/doc/tandem/$$page"; \
	done
	@case ":$$PATH:" in *":$(PREFIX)/bin:"*) ;; *) \
		echo "Not on the PATH yet; type: export PATH=\"$(PREFIX)/bin:\$$PATH\"";; esac

package: release ## pack the stripped program and its documents as a tar.gz
	@Scripts/package.sh $(RELEASE_BINARY) $(RELEASE_FOLDER) $(GUIDES) $(PAGES)

clean: ## remove everything that was built or installed here
	rm -rf .build $(RELEASE_FOLDER) .build-mutants .venv
