# Every target works from a fresh clone: it first builds .venv from requirements.lock, once. Nothing needs activating.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
unexport PYTHONPATH PYTHONHOME

PYTHON := .venv/bin/python
# More arguments for test, test-daily, bench, scale, thinning, mutants and lock: make test ARGS="-k ledger"
ARGS :=
PYTEST := $(PYTHON) -m pytest -n 2 --doctest-modules tests sim/coworksim
# Repeats under other settings and seeds: test-long runs them.
MARKED := -m "not long"
# Optional parts with heavy trees; each has a lock of its own, requirements-NAME.lock.
EXTRAS := viz cluster pdf tables
CODE := sim/coworksim tests tools scripts $(wildcard benchmarks)

.PHONY: help setup demo test test-long test-daily check docs regenerate lock bench scale thinning versions mutants mutants-above clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: .venv/.stamp ## make .venv, install the locked packages, compile the model

.venv/.stamp: requirements.lock pyproject.toml scripts/find_python
	@scripts/find_python $(PYTHON) >/dev/null 2>&1 || { python=$$(scripts/find_python) && "$$python" -m venv --clear .venv; }
	@echo "Installing the locked packages (a minute or two the first time) ..."
	@$(PYTHON) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PYTHON) -m pip install -q --disable-pip-version-check -e . --no-deps --no-build-isolation
	@$(PYTHON) -m coworksim warm
	@touch $@

demo: setup ## run two regions and leave tables and charts in results/demo
	@.venv/bin/coworksim demo --out results/demo

test: setup ## run all tests but the long ones, and the examples in docstrings (installs Chromium if it may)
	@scripts/browser >/dev/null || true
	@$(PYTEST) $(MARKED) $(ARGS)

test-long: setup ## run the long tests: more settings and seeds of what test looks at
	@$(PYTEST) -m long $(ARGS)

test-daily: setup ## run the tests that take under a minute together
	@$(PYTEST) -m "not slow" $(ARGS)

check: setup ## lint, format, types, and the lock
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@$(PYTHON) -m mypy $(CODE)
	@$(PYTHON) scripts/check_lock.py

docs: setup ## write the reference of the public names, from docstrings, to results/reference (offline)
	@$(PYTHON) -m tools.reference results/reference

regenerate: setup ## make anew whatever is made from the code: ODD, assumptions, schemas, the picture of the folders
	@$(PYTHON) -m tools.regenerate

lock: ## resolve requirements.lock anew from pyproject.toml (needs the network; ARGS=--upgrade for newer releases)
	@test -x .venv/bin/uv || $(MAKE) setup
	@.venv/bin/uv pip compile -q pyproject.toml --group dev --python-version 3.12 --universal --generate-hashes \
		--no-annotate --no-header $(ARGS) -o requirements.lock
	@# The extras keep to the versions above, but for starlette: Solara holds it at an older release.
	@held=$$(mktemp) && sed -n 's/^\([a-z0-9].*\) \\$$/\1/p' requirements.lock | grep -v '^starlette' > $$held; \
	for extra in $(EXTRAS); do .venv/bin/uv pip compile -q pyproject.toml --extra $$extra --python-version 3.12 --universal \
		--generate-hashes --no-annotate --no-header -c $$held -o requirements-$$extra.lock; done; rm -f $$held
	@$(PYTHON) scripts/check_lock.py

bench: setup ## measure speed; the table is results/benchmark.md
	@$(PYTHON) -m benchmarks $(ARGS)

scale: setup ## measure time and memory up to a million workers (4 minutes, 3 GB); the table is results/scale.md
	@$(PYTHON) -m benchmarks.scale $(ARGS)

thinning: setup ## compare surveys of the full frame and the thinned one (25 minutes); the table is results/thinning.md
	@$(PYTHON) -m benchmarks.thinning $(ARGS)

versions: setup ## run the fast tests on the oldest versions allowed, in .venv-oldest (needs the network; 10 minutes)
	@scripts/oldest_versions $(ARGS)

mutants: setup ## plant faults in copies of the model and see which tests notice; the table is results/mutants.md
	@$(PYTHON) -m tests.faults $(ARGS)

mutants-above: setup ## plant faults above the model, by rule; the table is results/mutants-above.md
	@$(PYTHON) -m tests.faults.above $(ARGS)

clean: ## remove caches, builds and results/demo; .venv stays
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist results/demo
	@find sim tests scripts $(wildcard benchmarks) -name __pycache__ -type d -prune -exec rm -rf {} +
