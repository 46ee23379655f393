# What a person can do here. `make` alone lists it.

PYTHON ?= python3
PREFIX ?= /usr/local
DESTDIR ?=

VENV := .venv
CACHE := .cache
STEP := scripts/step
PY := $(CURDIR)/$(VENV)/bin/python
RUFF := $(VENV)/bin/ruff
ESLINT := bindings-node/node_modules/.bin/eslint --config bindings-node/eslint.config.mjs
PRETTIER := bindings-node/node_modules/.bin/prettier --log-level warn
JAVASCRIPT := '**/*.{js,cjs,mjs,ts,cts,mts}'

# What `make test` runs, in this order: what is quick and tells most comes first.
TESTS := test-architecture test-no-std lint test-rust test-instructions test-loom test-c test-python test-node test-docs \
	test-conformance test-interop test-clients test-hardening test-replay test-operations test-e2e

# pyo3 and napi link against their hosts, so the Rust test harness cannot run those two crates; their own suites do.
CARGO_TESTABLE := --workspace --exclude sealwire-python --exclude sealwire-node

# What a release has for this platform, and what is measured: built with a profile, and tested as such.
RELEASED := $(addprefix $(CACHE)/release-,python.stamp node.stamp secrets.stamp)

# What the native half does, run once more against each other build of it; servers and tools are the same with all.
NATIVE_TESTS := $(addprefix tests/test_,conformance.py native.py identity.py asgi.py responses.py compat.py fuzz.py modes.py)

# A wheel or an addon is stale when any of these is newer than it.
rust_sources = $(shell find Cargo.toml core host -name '*.rs' -o -name Cargo.toml 2>/dev/null)
python_sources = $(shell find bindings-python -not -path '*/tests/*' \
	\( -name '*.rs' -o -name '*.toml' -o -name '*.py' -o -name '*.pyi' -o -name py.typed \) 2>/dev/null)
node_sources = $(shell find bindings-node -not -path '*/node_modules/*' \
	\( -name '*.rs' -o -name Cargo.toml -o -name package.json \) 2>/dev/null)

export PYTHON

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL: # cargo holds one lock on target/, so steps side by side would only wait and mix their output

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^## / { sub(/^## /, ""); printf "\n%s\n", $$0 } \
		/^[a-z0-9-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' Makefile

## Build and run

.PHONY: setup build demo install clean
setup: $(CACHE)/system.stamp $(CACHE)/python.stamp $(CACHE)/node.stamp ## Install what the build and the tests need

build: $(CACHE)/wheel.stamp $(CACHE)/addon.stamp ## Build all; .venv has the package, require('./bindings-node') loads
	@$(STEP) 'build: Rust and C libraries' cargo build --release --quiet -p sealwire-ffi

demo: build ## Services in four languages call each other, then are attacked; ends with a table
	@$(STEP) 'demo' $(PY) tests/e2e/demo.py

install: ## Install the C library: header, static and shared library, pkg-config, CMake (PREFIX, DESTDIR)
	@$(STEP) 'install: release build' cargo build --release --quiet -p sealwire-ffi
	@$(STEP) 'install: $(DESTDIR)$(PREFIX)' env PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' ffi-c/install.sh

clean: ## Remove everything the build made
	rm -rf target $(CACHE) $(VENV) dist bindings-node/node_modules bindings-node/*.node tests/no-std/target

## Test

.PHONY: test test-rust test-c test-python test-node test-conformance test-interop test-clients test-e2e test-architecture test-docs test-no-std
.PHONY: test-instructions test-loom test-replay test-operations fuzz-smoke
test: setup build ## Set up, build and run every test; stops at the first failure
	@MAKE='$(MAKE)' scripts/run-targets $(TESTS)

test-rust: $(CACHE)/system.stamp ## Core, host and C crate: unit, property and vector tests, and the documentation
	@$(STEP) 'test-rust: tests' cargo test --quiet $(CARGO_TESTABLE)
	@$(STEP) 'test-rust: documentation' env RUSTDOCFLAGS=-Dwarnings \
		cargo doc --quiet --no-deps -p sealwire-core -p sealwire-host

test-c: $(CACHE)/system.stamp ## C: header, vectors, examples, installed consumers, memory checks
	@$(STEP) 'test-c' ffi-c/tests/run.sh

test-python: $(CACHE)/system.stamp $(CACHE)/wheel.stamp $(CACHE)/abi3.stamp ## Python: package, types and stubs against both wheels
	@$(STEP) 'test-python: pytest' env -C bindings-python $(PY) -m pytest -q tests
	@$(STEP) 'test-python: stable ABI' env -C bindings-python PYTHONPATH=$(CURDIR)/$(CACHE)/abi3/site \
		$(PY) -m pytest -q $(NATIVE_TESTS)
	@$(STEP) 'test-python: mypy' env -C bindings-python $(PY) -m mypy --strict
	@$(STEP) 'test-python: stubs' env -C bindings-python $(PY) -m mypy.stubtest sealwire._native

test-node: $(CACHE)/system.stamp $(CACHE)/addon.stamp ## Node: addon, CommonJS, ESM, types and adapters
	@$(STEP) 'test-node' npm --prefix bindings-node --loglevel=error test

test-conformance: build ## Rust, C, Python and Node answer every vector; compared line by line
	@$(STEP) 'test-conformance' $(PY) tests/conformance/run.py

test-interop: build ## Requests signed by other RFC 9421 implementations, and the other way round
	@$(STEP) 'test-interop: set-up' npm --prefix tests/interop --loglevel=error ci
	@$(STEP) 'test-interop' $(PY) tests/interop/run.py

test-clients: build ## Every HTTP client, with uploads, retries, redirects and HTTP/2, against real servers
	@$(STEP) 'test-clients: set-up' npm --prefix tests/clients/node --loglevel=error ci --no-audit --no-fund
	@$(STEP) 'test-clients: Node' node tests/clients/node/run.mjs

test-e2e: demo ## End to end: the demo, with every row right

test-architecture: ## Rules stay in core, imports go down, one version, every dependency explained
	@$(STEP) 'test-architecture: the check itself' $(PYTHON) tests/architecture/test_check.py
	@$(STEP) 'test-architecture: rules in core only' $(PYTHON) tests/architecture/check.py
	@$(STEP) 'test-architecture: the layer check itself' $(PYTHON) tests/architecture/test_layers.py
	@$(STEP) 'test-architecture: imports go down only' $(PYTHON) tests/architecture/layers.py
	@$(STEP) 'test-architecture: one version' $(PYTHON) scripts/check-version.py
	@$(STEP) 'test-architecture: every dependency explained' $(PYTHON) scripts/check-dependencies.py

test-docs: build ## Every link leads somewhere, and the README's code runs
	@$(STEP) 'test-docs: links' $(PYTHON) tests/docs/links.py
	@$(STEP) 'test-docs: README' $(PY) tests/docs/readme.py

test-no-std: ## Link and run core without std, and see that a planted std is caught
	@$(STEP) 'test-no-std' tests/no-std/run.sh

test-instructions: $(CACHE)/system.stamp ## Count what each path costs besides hashing; held to committed figures
	@$(STEP) 'test-instructions' $(PYTHON) tests/instructions/run.py

test-loom: ## Model-check the replay table's claim
	@$(STEP) 'test-loom' tests/loom/run.sh

test-replay: build ## Replay protection over workers, restarts, kills and two hosts
	@$(STEP) 'test-replay' $(PY) tests/replay/run.py

test-operations: build ## Rotation under load, rollback, alerts and dashboards
	@$(STEP) 'test-operations: set-up' npm --prefix tests/operations --loglevel=error ci --no-audit --no-fund
	@$(STEP) 'test-operations' $(PY) tests/operations/run.py

test-hardening: build ## What is fuzzed, briefly; Sealwire against plain implementations; what becomes of secrets
	@$(STEP) 'test-hardening: fuzzing, briefly' fuzz/smoke.sh
	@$(STEP) 'test-hardening: against plain Python' $(PY) tests/hardening/differential/run.py
	@$(STEP) 'test-hardening: against node:crypto' node tests/hardening/differential/run.mjs
	@$(STEP) 'test-hardening: secrets' tests/hardening/secrets.sh

fuzz-smoke: ## A short run of every fuzz target
	@$(STEP) 'fuzz-smoke' fuzz/smoke.sh

## Prove (longer runs; what they found is recorded in docs/security.md)

.PHONY: test-hardening fuzz soak planted coverage mutants security-figures
fuzz: ## Every fuzz target for SECONDS (300) with coverage feedback (needs cargo-fuzz)
	@$(STEP) 'fuzz' fuzz/run.sh $(or $(SECONDS),300)

soak: build ## Each middleware under valid, hostile and slow traffic for MINUTES (5) each
	@$(STEP) 'soak' $(PY) tests/hardening/soak/run.py --minutes $(or $(MINUTES),5) --record tests/hardening/records/soak.json

planted: build ## Bugs planted in a copy, each caught by the tool meant for it
	@$(STEP) 'planted' tests/hardening/planted.sh tests/hardening/records/planted.md

coverage: build ## Lines covered of core and both packages (needs llvm-22)
	@$(STEP) 'coverage' scripts/coverage

mutants: ## Every mutation of core, an hour or two (needs cargo-mutants)
	@STEP_SECONDS=28800 $(STEP) 'mutants' scripts/mutants

security-figures: ## Write the records into docs/security.md
	@$(STEP) 'security-figures' $(PYTHON) tests/hardening/figures.py

## Care

.PHONY: lint format deny bench dist cross
lint: $(CACHE)/system.stamp $(CACHE)/python.stamp $(CACHE)/node.stamp ## Formatting and lints of every language
	@$(STEP) 'lint: rustfmt' scripts/each-workspace cargo fmt --check
	@$(STEP) 'lint: clippy' cargo clippy --quiet --workspace --all-targets -- -D warnings
	@$(STEP) 'lint: ruff' $(RUFF) check --quiet .
	@$(STEP) 'lint: ruff format' $(RUFF) format --quiet --check .
	@$(STEP) 'lint: eslint' $(ESLINT) --max-warnings 0 .
	@$(STEP) 'lint: prettier' $(PRETTIER) --check $(JAVASCRIPT)
	@$(STEP) 'lint: shellcheck' sh -c "git grep -lE '^#!(/usr/bin/env bash|/bin/sh)' | xargs shellcheck"
	@$(STEP) 'lint: npm' npm --prefix bindings-node --loglevel=error run lint

format: $(CACHE)/python.stamp $(CACHE)/node.stamp ## Format every language
	@$(STEP) 'format: rustfmt' scripts/each-workspace cargo fmt
	@$(STEP) 'format: ruff' $(RUFF) format --quiet .
	@$(STEP) 'format: ruff imports' $(RUFF) check --quiet --fix --select I .
	@$(STEP) 'format: prettier' $(PRETTIER) --write $(JAVASCRIPT)

deny: ## Licences, bans and sources of every crate (needs cargo-deny)
	@cargo deny --version >/dev/null 2>&1 || { echo 'Install it with: cargo install --locked cargo-deny' >&2; exit 1; }
	@$(STEP) 'deny' cargo deny --log-level error check licenses bans sources

bench: build $(RELEASED) ## Measure against real peers; writes docs/benchmarks.md
	@$(STEP) 'set-up: bench tools' scripts/setup-system bench
	@$(STEP) 'bench' $(PY) benches/run.py

dist: build $(CACHE)/abi3.stamp $(RELEASED) ## Wheels, npm tarball, C archive and checksums, for this platform, in dist/
	@$(STEP) 'dist' scripts/dist

cross: ## The C library for arm64 and musl, and core on a bare Cortex-M3, run here or under qemu
	@$(STEP) 'cross' scripts/cross

# Set-up. A stamp is newer than what it was made from; delete .cache to set up anew.

$(CACHE):
	@mkdir -p $@

$(CACHE)/system.stamp: scripts/setup-system | $(CACHE)
	@$(STEP) 'set-up: system tools' scripts/setup-system test
	@touch $@

# In the environment itself, so that deleting .venv is enough to have it made anew.
$(VENV)/set-up.stamp: bindings-python/requirements-dev.txt scripts/setup-python | $(CACHE)/system.stamp
	@$(STEP) 'set-up: Python environment' scripts/setup-python $(VENV) $<
	@touch $@
$(CACHE)/python.stamp: $(VENV)/set-up.stamp
	@touch $@

bindings-node/node_modules/set-up.stamp: bindings-node/package-lock.json | $(CACHE)/system.stamp
	@$(STEP) 'set-up: Node development packages' npm --prefix bindings-node --loglevel=error ci --no-audit --no-fund
	@touch $@
$(CACHE)/node.stamp: bindings-node/node_modules/set-up.stamp
	@touch $@

$(CACHE)/wheel.stamp: $(CACHE)/python.stamp $(rust_sources) $(python_sources) scripts/build-python
	@$(STEP) 'build: Python wheel' scripts/build-python $(VENV) $(CACHE)/wheels
	@touch $@

# Neither installed nor needed for a build on the spot: it is for the Pythons that have no wheel of their own.
$(CACHE)/abi3.stamp: $(CACHE)/python.stamp $(rust_sources) $(python_sources) scripts/build-python-abi3
	@$(STEP) 'build: Python wheel of the stable ABI' scripts/build-python-abi3 $(VENV) $(CACHE)/abi3/wheels $(CACHE)/abi3/site
	@touch $@

# What a release hands out and what is measured: built twice, with what the first build was seen to do.
$(CACHE)/release-python.stamp: $(CACHE)/python.stamp $(CACHE)/release-tools.stamp $(rust_sources) $(python_sources) \
	scripts/build-python-release
	@$(STEP) 'build: Python wheel, profiled' scripts/build-python-release $(VENV) $(CACHE)/release/wheels $(CACHE)/release/site
	@$(STEP) 'build: Python wheel, profiled: tests' env -C bindings-python PYTHONPATH=$(CURDIR)/$(CACHE)/release/site \
		$(PY) -m pytest -q $(NATIVE_TESTS)
	@touch $@

$(CACHE)/release-node.stamp: $(CACHE)/addon.stamp $(CACHE)/release-tools.stamp scripts/build-node-release
	@$(STEP) 'build: Node package, profiled' scripts/build-node-release $(CACHE)/release/node
	@$(STEP) 'build: Node package, profiled: tests' env -C bindings-node SEALWIRE_ADDON=../$(CACHE)/release/node/addon.node \
		sh -c 'exec node --require ./test/support/isolated.js --test test/*.test.js test/*.test.mjs'
	@touch $@

# Nothing but a verdict may depend on a secret where the compiler was told which way choices go, either.
$(CACHE)/release-secrets.stamp: $(CACHE)/python.stamp $(CACHE)/release-tools.stamp $(rust_sources) tests/hardening/secrets.sh
	@$(STEP) 'build: core, profiled: secrets' tests/hardening/secrets.sh profiled
	@touch $@

$(CACHE)/release-tools.stamp: scripts/setup-system scripts/llvm-profdata | $(CACHE)
	@$(STEP) 'set-up: profiling tools' scripts/setup-system release
	@touch $@

$(CACHE)/addon.stamp: $(CACHE)/node.stamp $(rust_sources) $(node_sources) scripts/build-node
	@$(STEP) 'build: Node addon' scripts/build-node
	@touch $@
