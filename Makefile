# The commands of this project. `make` lists the most used targets, and `make help-all` lists all targets.

PYTHON ?= python3
PREFIX ?= /usr/local
DESTDIR ?=

comma := ,

VENV := .venv
CACHE := .cache
STEP := scripts/step
PY := $(CURDIR)/$(VENV)/bin/python
RUFF := $(VENV)/bin/ruff
ESLINT := bindings-node/node_modules/.bin/eslint --config bindings-node/eslint.config.mjs
PRETTIER := bindings-node/node_modules/.bin/prettier --log-level warn
JAVASCRIPT := '**/*.{js,cjs,mjs,ts,cts,mts}'

# The targets of `make test` in their order. Fast targets and targets that find many errors are first.
TESTS := test-architecture test-no-std lint test-rust test-instructions test-worst-request test-loom test-c test-python test-node test-docs test-examples \
	test-conformance test-interop test-settings test-clients test-servers test-runtimes test-boundary test-hardening test-replay test-explain test-operations test-e2e

# The Rust test harness cannot run these two crates, because pyo3 and napi require Python and Node.js. Other test suites test them.
CARGO_TESTABLE := --workspace --exclude sealwire-python --exclude sealwire-node

# The release builds for this platform. They use profile-guided optimisation. The tests and the benchmarks use them.
RELEASED := $(addprefix $(CACHE)/release-,python.stamp node.stamp secrets.stamp)

# The tests of the native module. They run again for each build of the module. The tests of servers and tools do not need this.
NATIVE_TESTS := $(addprefix tests/test_,conformance.py native.py identity.py asgi.py responses.py compat.py fuzz.py modes.py)

# The JavaScript sources of the module for edge runtimes, which includes the JavaScript of the Node package.
edge_sources = $(wildcard bindings-node/*.js bindings-node/lib/*.js bindings-node/lib/*/*.js bindings-node/edge/lib/*.mjs \
	bindings-node/edge/lib/*/*.mjs bindings-node/edge/*.mjs)

# A wheel or an addon is built again if one of these files is newer.
rust_sources = $(shell find Cargo.toml core host -name '*.rs' -o -name Cargo.toml 2>/dev/null)
python_sources = $(shell find bindings-python -not -path '*/tests/*' \
	\( -name '*.rs' -o -name '*.toml' -o -name '*.py' -o -name '*.pyi' -o -name py.typed \) 2>/dev/null)
node_sources = $(shell find bindings-node -not -path '*/node_modules/*' \
	\( -name '*.rs' -o -name Cargo.toml -o -name package.json \) 2>/dev/null)

export PYTHON

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL: # cargo locks target/, so parallel steps would wait for each other and mix their output

# The targets that `make` without arguments lists.
FRONT := setup build demo test lint format bench dist docs

.PHONY: help help-all
help: ## List the most used targets
	@awk -F ':.*## ' -v front=' $(FRONT) ' \
		'/^[a-z0-9-]+:.*## / && index(front, " " $$1 " ") { printf "  make %-20s %s\n", $$1, $$2 }' Makefile
	@echo '  make help-all             List all targets'

help-all: ## List all targets
	@awk -F ':.*## ' '/^## / { sub(/^## /, ""); printf "\n%s\n", $$0 } \
		/^[a-z0-9-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' Makefile

## Build and run

.PHONY: setup build demo install clean
setup: $(CACHE)/system.stamp $(CACHE)/python.stamp $(CACHE)/node.stamp ## Install the tools that the build and the tests need

build: $(CACHE)/wheel.stamp $(CACHE)/addon.stamp $(CACHE)/edge.stamp ## Build everything, install the Python package in .venv, and build the package that require('./bindings-node') loads
	@$(STEP) 'build: Rust and C libraries' cargo build --release --quiet -p sealwire-ffi

demo: build ## Run services in four languages, attack them, and print a table
	@$(STEP) 'demo' $(PY) tests/e2e/demo.py

install: ## Install the C library with pkg-config and CMake files (variables PREFIX and DESTDIR)
	@command -v cargo >/dev/null || test -f target/release/libsealwire.a || \
		{ echo 'cargo is not on the PATH of this user: run cargo build --release -p sealwire-ffi first, as the user who has it' >&2; exit 1; }
	@! command -v cargo >/dev/null || $(STEP) 'install: release build' cargo build --release --quiet -p sealwire-ffi
	@$(STEP) 'install: $(DESTDIR)$(PREFIX)' env PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' ffi-c/install.sh

clean: ## Remove all build results
	rm -rf target $(CACHE) $(VENV) dist bindings-node/node_modules bindings-node/*.node bindings-node/edge/dist bindings-node/edge/dist-explain tests/no-std/target

## Test

.PHONY: test test-rust test-rust-binding test-c test-python test-node test-conformance test-interop test-settings test-clients test-servers servers test-runtimes runtimes test-boundary boundary test-e2e test-architecture test-docs test-no-std
.PHONY: test-install test-dist test-stores test-host-system test-spin test-instructions test-worst-request test-loom test-replay test-operations fuzz-smoke test-explain
test: setup build ## Set up, build, and run every test until the first failure
	@MAKE='$(MAKE)' scripts/run-targets $(TESTS)

test-rust: $(CACHE)/system.stamp ## Run the unit, property and vector tests of core, host and the C crate, and build their documentation
	@$(STEP) 'test-rust: tests' cargo test --quiet $(CARGO_TESTABLE)
	@$(STEP) 'test-rust: documentation' env RUSTDOCFLAGS=-Dwarnings \
		cargo doc --quiet --no-deps -p sealwire-core -p sealwire-host -p sealwire

test-rust-binding: $(CACHE)/system.stamp ## Test the Rust binding with axum, actix, tonic and reqwest on real servers, its examples, and each feature (2 minutes without a cache)
	@$(STEP) 'test-rust-binding: servers and clients' env -C tests/rust-binding cargo test --quiet
	@$(STEP) 'test-rust-binding: documentation' cargo test --quiet --target-dir target/rust-binding -p sealwire --all-features
	@$(STEP) 'test-rust-binding: each feature' tests/rust-binding/features.sh
	@$(STEP) 'test-rust-binding: packages' scripts/check-crates
	@$(STEP) 'test-rust-binding: lints of the tests' env -C tests/rust-binding cargo clippy --quiet --all-targets -- -D warnings

test-c: $(CACHE)/system.stamp ## Test the C library: header, vectors, examples, installation and memory safety
	@$(STEP) 'test-c' ffi-c/tests/run.sh

test-python: $(CACHE)/system.stamp $(CACHE)/wheel.stamp $(CACHE)/abi3.stamp ## Test both Python wheels, and check types and stubs
	@$(STEP) 'test-python: pytest' env -C bindings-python $(PY) -m pytest -q tests
	@$(STEP) 'test-python: stable ABI' env -C bindings-python PYTHONPATH=$(CURDIR)/$(CACHE)/abi3/site \
		$(PY) -m pytest -q $(NATIVE_TESTS)
	@$(STEP) 'test-python: mypy' env -C bindings-python $(PY) -m mypy --strict
	@$(STEP) 'test-python: stubs' env -C bindings-python $(PY) -m mypy.stubtest sealwire._native

test-node: $(CACHE)/system.stamp $(CACHE)/addon.stamp ## Test the Node package: addon, CommonJS, ESM, types and adapters
	@$(STEP) 'test-node' npm --prefix bindings-node --loglevel=error test

test-conformance: build ## Run every vector in Rust, C, Python and Node, and compare the results
	@$(STEP) 'test-conformance' $(PY) tests/conformance/run.py

.PHONY: edge
edge: build $(CACHE)/edge-explain.stamp ## Test edge runtimes: the presets of Nitro, a Worker in workerd with a FastAPI service, and the vectors in Bun, Deno and workerd
	@$(STEP) 'edge: set-up' npm --prefix tests/edge --loglevel=error ci --no-audit --no-fund
	@$(STEP) 'edge' node --test tests/edge/presets.test.mjs tests/edge/store.test.mjs tests/edge/redis-http.test.mjs \
		tests/edge/vectors.test.mjs tests/edge/explain.test.mjs

test-settings: build ## Check that each wrong setting causes an error with its name and the fix, in every language
	@$(STEP) 'test-settings' $(PY) tests/settings/run.py
	@$(STEP) 'test-settings: pyright' npm --prefix tests/settings/types --loglevel=error ci --no-audit --no-fund
	@$(STEP) 'test-settings: types' $(PY) tests/settings/types/run.py

test-interop: build ## Exchange signed requests with other RFC 9421 implementations
	@$(STEP) 'test-interop: set-up' npm --prefix tests/interop --loglevel=error ci
	@$(STEP) 'test-interop' $(PY) tests/interop/run.py

test-clients: build ## Test every HTTP client with uploads, retries, redirects and HTTP/2 against real servers
	@$(STEP) 'test-clients: set-up' npm --prefix tests/clients/node --loglevel=error ci --no-audit --no-fund
	@$(STEP) 'test-clients: Python' $(PY) tests/clients/run.py
	@$(STEP) 'test-clients: Node' node tests/clients/node/run.mjs

test-servers: build ## Test every Node server and a few Python servers with GET, JSON, uploads, early rejections and HTTP/2, in three schemes
	@$(STEP) 'test-servers: set-up' npm --prefix tests/servers/node --loglevel=error ci --no-audit --no-fund --ignore-scripts
	@$(STEP) 'test-servers: Node' node --require ./bindings-node/test/support/isolated.js tests/servers/node/run.mjs
	@$(STEP) 'test-servers: Nest sample' node --require ./bindings-node/test/support/isolated.js tests/servers/node/samples.mjs
	@$(STEP) 'test-servers: Python' $(PY) tests/servers/python/run.py --short

servers: build ## Print the tables of all servers, with Nitro's presets, Bun and Deno (6 minutes)
	@$(STEP) 'servers: set-up' npm --prefix tests/servers/node --loglevel=error ci --no-audit --no-fund --ignore-scripts
	@$(STEP) 'servers: runtimes' npm --prefix tests/runtimes --loglevel=error ci --no-audit --no-fund --ignore-scripts
	@$(STEP) 'servers: Node' node --require ./bindings-node/test/support/isolated.js tests/servers/node/run.mjs --built \
		--record=tests/servers/records/node.json
	@$(STEP) 'servers: Python' $(PY) tests/servers/python/run.py

test-runtimes: build ## Run a part of the Node suite on Node 20, 22, 24 and 26, Bun and Deno
	@$(STEP) 'test-runtimes: set-up' npm --prefix tests/runtimes --loglevel=error ci --no-audit --no-fund --ignore-scripts
	@$(STEP) 'test-runtimes' node tests/runtimes/run.mjs --short

runtimes: build ## Run the Node suite on Node 20, 22, 24 and 26, Bun and Deno, test Yarn PnP and nuxt dev, and write tests/runtimes/record.json (10 minutes)
	@$(STEP) 'runtimes: set-up' npm --prefix tests/runtimes --loglevel=error ci --no-audit --no-fund --ignore-scripts
	@$(STEP) 'runtimes' node tests/runtimes/run.mjs
	@$(STEP) 'runtimes: Yarn PnP and nuxt dev' node --test tests/runtimes/pnp.test.mjs tests/runtimes/nuxt-dev.test.mjs

test-boundary: build ## Send the catalogue of hostile requests to Express and to three Python servers, one of them over HTTP/2
	@$(STEP) 'test-boundary' $(PY) tests/boundary/run.py --short

boundary: build ## Send the catalogue of hostile requests to every server of Python, Node, C and Rust, and valid requests through proxies (2 minutes)
	@$(STEP) 'boundary: C service' tests/boundary/build_c.sh
	@$(STEP) 'boundary: Rust service' tests/boundary/build_rust.sh
	@$(STEP) 'boundary' $(PY) tests/boundary/run.py

test-e2e: demo ## Run the demo and check every row

test-architecture: ## Check that rules are only in core, that modules import only from lower layers, and that dependencies are explained
	@$(STEP) 'test-architecture: the check itself' $(PYTHON) tests/architecture/test_check.py
	@$(STEP) 'test-architecture: rules in core only' $(PYTHON) tests/architecture/check.py
	@$(STEP) 'test-architecture: the layer check itself' $(PYTHON) tests/architecture/test_layers.py
	@$(STEP) 'test-architecture: imports from lower layers only' $(PYTHON) tests/architecture/layers.py
	@$(STEP) 'test-architecture: one version' $(PYTHON) scripts/check-version.py
	@$(STEP) 'test-architecture: every dependency explained' $(PYTHON) scripts/check-dependencies.py
	@$(STEP) 'test-architecture: one list of platforms' $(PYTHON) tests/install/platforms.py

test-docs: build ## Check the links of all documents, and run the code of the README
	@$(STEP) 'test-docs: links' $(PYTHON) tests/docs/links.py
	@$(STEP) 'test-docs: claims' $(PYTHON) tests/docs/claims.py
	@$(STEP) 'test-docs: platforms' $(PYTHON) tests/cross/page.py --check
	@$(STEP) 'test-docs: reasons' $(PYTHON) tests/docs/reasons.py
	@$(STEP) 'test-docs: benchmarks' $(PYTHON) tests/docs/test_benchmarks.py
	@$(STEP) 'test-docs: README' $(PY) tests/docs/readme.py
	@$(STEP) 'test-docs: pages to get started' $(PYTHON) tests/docs/start.py
	@$(STEP) 'test-docs: commands of the guides' $(PY) tests/docs/guides.py
	@$(STEP) 'test-docs: proxies and retries' $(PY) tests/docs/snippets.py

.PHONY: test-examples test-example-nuxt
test-examples: build ## Run the examples with real servers
	@$(STEP) 'test-examples' $(PY) tests/examples/run.py

test-example-nuxt: build ## Build the Nuxt example and let it call the Express example (1 minute)
	@$(STEP) 'test-example-nuxt' node --require ./bindings-node/test/support/isolated.js --test tests/examples/nuxt.test.mjs

test-install: build $(CACHE)/install-tools.stamp ## Install each package in a new folder as the README describes, and check packages, workflows and Dockerfiles (4 minutes; RECORD=--record writes docs/platforms.md)
	@$(STEP) 'test-install: set-up' npm --prefix tests/install --loglevel=error ci --no-audit --no-fund
	@$(STEP) 'test-install' $(PY) tests/install/run.py $(RECORD)

test-dist: dist $(CACHE)/install-tools.stamp ## Install each artefact of make dist in an empty environment, and write the sizes to docs/platforms.md
	@$(STEP) 'test-dist' $(PY) tests/install/dist.py

test-no-std: ## Link and run core without std, and check that an added std is detected
	@$(STEP) 'test-no-std' tests/no-std/run.sh

test-instructions: $(CACHE)/system.stamp ## Count the instructions of each path and compare them with the committed figures
	@$(STEP) 'test-instructions' $(PYTHON) tests/instructions/run.py

test-worst-request: $(CACHE)/system.stamp ## Check that no rejected request of the catalogue needs ten times the instructions of an accepted request
	@$(STEP) 'test-worst-request' $(PYTHON) tests/worst-request/run.py

test-loom: ## Model-check the claim operation of the replay table with loom
	@$(STEP) 'test-loom' tests/loom/run.sh

test-replay: build ## Test replay protection across workers, restarts, killed processes and two hosts
	@$(STEP) 'test-replay' $(PY) tests/replay/run.py test_hosts.py test_window.py test_workers.py

test-host-system: build ## Test replay protection with the workers of every server, forks, deleted temporary files and wrong clocks
	@$(STEP) 'test-host-system: set-up' scripts/setup-system host
	@$(STEP) 'test-host-system' $(PY) tests/replay/run.py test_starts.py test_host_system.py

test-spin: ## Check a SPIN model of the claim operation of the replay table, and check that SPIN finds planted bugs
	@$(STEP) 'test-spin: set-up' scripts/setup-system host
	@$(STEP) 'test-spin' tests/spin/run.sh

test-stores: build ## Check that replay stores in PostgreSQL and Redis meet their contract, also when a primary is killed under load
	@$(STEP) 'test-stores: set-up' scripts/setup-system stores
	@$(STEP) 'test-stores: client' $(PY) -m pip install --quiet --require-hashes --requirement tests/stores/requirements.txt
	@$(STEP) 'test-stores' $(PY) -m pytest -q -p no:asyncio -p no:cacheprovider --rootdir=tests/stores --import-mode=importlib tests/stores

test-explain: $(CACHE)/system.stamp build ## Check the explanations of rejections that real proxies, clients and random changes of captures cause
	@$(STEP) 'test-explain' $(PY) -m pytest -q tests/explain

test-operations: build ## Test key rotation under load, rollback, alerts and the dashboard
	@$(STEP) 'test-operations: set-up' npm --prefix tests/operations --loglevel=error ci --no-audit --no-fund
	@$(STEP) 'test-operations: C service' tests/operations/build_c.sh
	@$(STEP) 'test-operations' $(PY) tests/operations/run.py

test-hardening: build fuzz-smoke ## Fuzz briefly, compare with plain implementations, and check that secrets are wiped
	@$(STEP) 'test-hardening: against plain Python' $(PY) tests/hardening/differential/run.py
	@$(STEP) 'test-hardening: against node:crypto' node tests/hardening/differential/run.mjs
	@$(STEP) 'test-hardening: secrets' tests/hardening/secrets.sh

fuzz-smoke: ## Run every fuzz target briefly
	@$(STEP) 'fuzz-smoke' fuzz/smoke.sh

## Longer runs (docs/security.md has their results)

.PHONY: test-hardening fuzz soak planted worst-request coverage mutants security-figures
fuzz: ## Run every fuzz target for SECONDS (300) with coverage feedback (needs cargo-fuzz)
	@$(STEP) 'fuzz' fuzz/run.sh $(or $(SECONDS),300)

soak: build ## Load each middleware with valid, hostile and slow traffic for MINUTES (5)
	@$(STEP) 'soak' $(PY) tests/hardening/soak/run.py --minutes $(or $(MINUTES),5) --record tests/hardening/records/soak.json

planted: build ## Plant bugs in a copy, and check that each tool detects its bug
	@$(STEP) 'planted' tests/hardening/planted.sh tests/hardening/records/planted.md

worst-request: $(CACHE)/system.stamp ## Search for the rejected request that needs the most instructions, and write docs/security.md (3 minutes)
	@$(STEP) 'worst-request' $(PYTHON) tests/worst-request/run.py --search

coverage: build ## Measure the line coverage of core and both packages (needs llvm-22)
	@$(STEP) 'coverage' scripts/coverage

mutants: | $(CACHE) ## Test mutations of the lines of core that changed since BASE (default main) with the tests of core (needs cargo-mutants)
	@cargo mutants --version >/dev/null 2>&1 || { echo 'Install it with: cargo install --locked cargo-mutants' >&2; exit 1; }
	@git diff $(or $(BASE),main) -- core/src >$(CACHE)/mutants.diff
	@STEP_SECONDS=28800 $(STEP) 'mutants' cargo mutants --package sealwire-core --in-diff $(CACHE)/mutants.diff \
		--exclude 'core/src/**/tests*' --output $(CACHE)

security-figures: ## Write the records of the longer runs into docs/security.md
	@$(STEP) 'security-figures' $(PYTHON) tests/hardening/figures.py

## Documentation

.PHONY: docs docs-check
docs: $(CACHE)/website.stamp $(CACHE)/node.stamp $(CACHE)/edge-explain.stamp ## Build the documentation site in target/site
	@$(STEP) 'docs' $(CACHE)/website/venv/bin/python website/build.py

docs-check: docs ## Check the links of the site, its search and its playground in Chromium
	@$(STEP) 'docs-check: set-up' scripts/setup-system docs
	@$(STEP) 'docs-check: links' $(PYTHON) tests/site/links.py
	@$(STEP) 'docs-check: Chromium' node --test --test-concurrency=1 tests/site/*.test.mjs

## Maintenance

.PHONY: lint format deny bench bench-quick bench-page dist cross
lint: $(CACHE)/system.stamp $(CACHE)/python.stamp $(CACHE)/node.stamp ## Check formatting, lints and prose of every language
	@$(STEP) 'lint: rustfmt' scripts/each-workspace cargo fmt --check
	@$(STEP) 'lint: clippy' cargo clippy --quiet --workspace --all-targets -- -D warnings
	@$(STEP) 'lint: host without an operating system' cargo check --quiet -p sealwire-host --no-default-features
	@$(STEP) 'lint: ruff' $(RUFF) check --quiet .
	@$(STEP) 'lint: ruff format' $(RUFF) format --quiet --check .
	@$(STEP) 'lint: eslint' $(ESLINT) --max-warnings 0 .
	@$(STEP) 'lint: prettier' $(PRETTIER) --check $(JAVASCRIPT)
	@$(STEP) 'lint: shellcheck' sh -c "git grep -lE '^#!(/usr/bin/env bash|/bin/sh)' | xargs shellcheck"
	@$(STEP) 'lint: npm' npm --prefix bindings-node --loglevel=error run lint
	@$(STEP) 'lint: the check of prose' $(PYTHON) tests/docs/test_prose.py
	@$(STEP) 'lint: prose' $(PYTHON) scripts/check-prose.py

format: $(CACHE)/python.stamp $(CACHE)/node.stamp ## Format every language
	@$(STEP) 'format: rustfmt' scripts/each-workspace cargo fmt
	@$(STEP) 'format: ruff' $(RUFF) format --quiet .
	@$(STEP) 'format: ruff imports' $(RUFF) check --quiet --fix --select I .
	@$(STEP) 'format: prettier' $(PRETTIER) --write $(JAVASCRIPT)

deny: ## Check licences, bans and sources of every crate (needs cargo-deny)
	@cargo deny --version >/dev/null 2>&1 || { echo 'Install it with: cargo install --locked cargo-deny' >&2; exit 1; }
	@$(STEP) 'deny' cargo deny --log-level error check licenses bans sources

bench: build $(filter-out %secrets.stamp,$(RELEASED)) ## Compare with other libraries and write docs/benchmarks.md (GROUP=python,node BEFORE=folder)
	@$(STEP) 'set-up: bench tools' scripts/setup-system bench
	@$(STEP) 'bench' $(PY) benches/run.py $(subst $(comma), ,$(GROUP)) $(if $(BEFORE),--before '$(BEFORE)')

bench-quick: build ## Check that every row of the benchmarks runs, without release builds (5 minutes)
	@$(STEP) 'set-up: bench tools' scripts/setup-system bench
	@$(STEP) 'bench-quick' $(PY) benches/run.py --quick $(subst $(comma), ,$(GROUP))

# Writes the page from the results in .cache/bench-results, without new measurements.
bench-page: ; @$(STEP) 'bench: page' $(PY) benches/run.py --page $(if $(BEFORE),--before '$(BEFORE)')

dist: build $(CACHE)/abi3.stamp $(RELEASED) ## Build wheels, npm tarball, crates, C archive and checksums for this platform in dist/
	@$(STEP) 'dist' scripts/dist

cross: $(CACHE)/python.stamp $(CACHE)/node.stamp ## Test arm64, musl, Windows and a bare Cortex-M3 with qemu and wine, and link for macOS (variable TARGETS, 30 minutes)
	@STEP_SECONDS=10800 $(STEP) 'cross' $(PYTHON) tests/cross/run.py $(TARGETS)

# Set-up. A step runs again if one of its sources is newer than its stamp file. Delete .cache to repeat all steps.

$(CACHE):
	@mkdir -p $@

$(CACHE)/system.stamp: scripts/setup-system | $(CACHE)
	@$(STEP) 'set-up: system tools' scripts/setup-system test
	@touch $@

# The stamp file is inside .venv. Make therefore creates the environment again if .venv was deleted.
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

# This wheel is not installed, because it is for Python versions without a separate wheel.
$(CACHE)/abi3.stamp: $(CACHE)/python.stamp $(rust_sources) $(python_sources) scripts/build-python-abi3
	@$(STEP) 'build: Python wheel of the stable ABI' scripts/build-python-abi3 $(VENV) $(CACHE)/abi3/wheels $(CACHE)/abi3/site
	@touch $@

$(CACHE)/website.stamp: website/requirements.txt website/package-lock.json | $(CACHE)/system.stamp
	@$(STEP) 'set-up: generator of the site' scripts/setup-python $(CACHE)/website/venv website/requirements.txt
	@$(STEP) 'set-up: packages of the site' npm --prefix website --loglevel=error ci --no-audit --no-fund
	@touch $@

# The release builds. Each is built twice. The second build uses the profile of the first build.
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

# Repeats the checks of secrets for profiled builds, because profile-guided optimisation can introduce branches and copies.
$(CACHE)/release-secrets.stamp: $(CACHE)/release-python.stamp $(CACHE)/release-node.stamp tests/hardening/secrets.sh tests/hardening/wipe.py
	@$(STEP) 'build: profiled: secrets' tests/hardening/secrets.sh profiled
	@touch $@

$(CACHE)/release-tools.stamp: scripts/setup-system scripts/llvm-profdata | $(CACHE)
	@$(STEP) 'set-up: profiling tools' scripts/setup-system release
	@touch $@

$(CACHE)/install-tools.stamp: tests/install/requirements.txt scripts/setup-python | $(CACHE)/system.stamp
	@$(STEP) 'set-up: linters of workflows' scripts/setup-python $(CACHE)/install-tools $<
	@touch $@

$(CACHE)/addon.stamp: $(CACHE)/node.stamp $(rust_sources) $(node_sources) scripts/build-node
	@$(STEP) 'build: Node addon' scripts/build-node
	@touch $@

$(CACHE)/edge.stamp: $(CACHE)/node.stamp $(rust_sources) $(node_sources) $(edge_sources) scripts/build-edge scripts/cross-rust
	@$(STEP) 'build: edge runtimes' scripts/build-edge
	@touch $@

# The edge module with explanations, for the playground of the documentation.
$(CACHE)/edge-explain.stamp: $(CACHE)/edge.stamp
	@$(STEP) 'build: edge module with explanations' scripts/build-edge explain
	@touch $@
