# Everything runs from a fresh clone with python3 (3.11 or newer) and make.
PYTHON ?= python3
SHELL := /bin/sh
.DEFAULT_GOAL := help

# The engine is fastest with one thread a process; the tests use two processes.
export OMP_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Outside a virtual environment these would decide what the tests import.
unexport PYTHONPATH PYTHONHOME

OUT ?= out
PINS := pyproject.toml constraints.txt

# $(call environment,FOLDER,EXTRA): a virtual environment that holds redqubit[EXTRA].
# setuptools comes first and build isolation is off, so the build uses the pinned version too.
define environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "redqubit needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)." \
	       "Name another one: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 2; }
	@echo "[1/3] $(1): virtual environment"
	@test -x $(1)/bin/python || $(PYTHON) -m venv $(1)
	@echo "[2/3] $(1): build tool"
	@$(1)/bin/python -m pip install -qq -c constraints.txt setuptools
	@echo "[3/3] $(1): redqubit[$(2)] and what it needs, a few minutes the first time"
	@$(1)/bin/python -m pip install -qq -c constraints.txt --no-build-isolation -e '.[$(2)]'
	@touch $@
endef

.PHONY: help
help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r goal text; do \
	  printf 'make %-10s %s\n' "$$goal" "$$text"; done

.venv/.assess: $(PINS)
	$(call environment,.venv,assess)

.venv/.dev: $(PINS)
	$(call environment,.venv,dev)
	@touch .venv/.assess

.venv-bench/.bench: $(PINS)
	$(call environment,.venv-bench,bench)

.venv-docs/.docs: $(PINS)
	$(call environment,.venv-docs,docs)

.PHONY: demo
demo: .venv/.assess ## assess the built-in digits classifier; writes out/report.html
	.venv/bin/redqubit assess -o $(OUT)

.PHONY: test
test: .venv/.dev ## run the tests
	.venv/bin/python -m pytest -n 2

.PHONY: check
check: .venv/.dev ## lint, format, types, import floors, and our own scan and review
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/python -m pytest -q tests/test_floors.py
	.venv/bin/redqubit scan src scripts benchmarks pyproject.toml --fail-on medium
	.venv/bin/redqubit killchain lint > /dev/null

.PHONY: bench
bench: .venv-bench/.bench ## time the engine beside its peers; writes benchmarks/results.json
	.venv-bench/bin/python -m benchmarks
	.venv-bench/bin/python -m benchmarks.security

.PHONY: reproduce
reproduce: .venv/.dev ## measure the figures of the attack cards; writes docs/reproduce.md
	.venv/bin/python scripts/reproduce.py
	.venv/bin/python scripts/reproduce_claims.py
	.venv/bin/python scripts/reproduce_releases.py

.PHONY: docs
docs: .venv-docs/.docs ## build the documentation into site/
	NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --strict

.PHONY: clean
clean: ## remove environments, caches and everything built here
	rm -rf .venv .venv-bench .venv-docs site dist build out src/*.egg-info \
	  .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
