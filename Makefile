# Two commands suffice on a fresh machine: `make demo` and `make test`. The others are for developers.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test wide e2e bench permissions lint fmt check services lock ci

help: ## What there is
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# An environment is made from the hashed lock, and again only when the lock changes: later runs need no network.
$(VENV)/.runtime: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages…"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.runtime ## The portal with its demonstration content, on http://127.0.0.1:8000 (PORT=…)
	@exec $(BIN)/python manage.py rundemo --port $(PORT)

demo-reset: $(VENV)/.runtime ## Begin the demonstration afresh: empties var/
	@$(BIN)/python manage.py resetdemo
	@exec $(BIN)/python manage.py rundemo --port $(PORT)

test: $(VENV)/.dev ## The tests (embedded engine, or DATABASE_URL=postgres://…)
	@$(BIN)/python -m pytest -n $(WORKERS)

wide: $(VENV)/.dev ## The dear tests: the demonstration seeded and taken away, hundreds of spaces
	@$(BIN)/python -m pytest -n $(WORKERS) -m wide

e2e: $(VENV)/.dev ## The journeys in Debian's Chromium
	@$(BIN)/python -m pytest tests/e2e -p no:randomly

bench: $(VENV)/.dev ## Pages (PAGES="100 10000"), letters (PEOPLE=20000), an import (ROWS=1000000), dossiers (DOSSIERS=100000), exports (EXPORTED=10000)
	@$(BIN)/python -m tests.bench $(PAGES)
	@$(BIN)/python -m tests.bench.letters $(PEOPLE)
	@$(BIN)/python -m tests.bench.subscribers $(ROWS)
	@$(BIN)/python -m tests.bench.dossiers $(DOSSIERS)
	@$(BIN)/python -m tests.bench.figures $(DOSSIERS)
	@$(BIN)/python -m tests.bench.exports $(EXPORTED)

permissions: $(VENV)/.dev ## Write docs/permissions.md again, from the rules and the matrix
	@$(BIN)/python -m tests.security.document

lint: $(VENV)/.dev ## ruff, djlint, mypy, system checks, missing migrations
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/djlint templates --quiet --lint
	@$(BIN)/mypy
	@$(BIN)/python manage.py check --fail-level WARNING
	@$(BIN)/python manage.py makemigrations --check --dry-run

fmt: $(VENV)/.dev ## Format the code and the templates
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .
	@$(BIN)/djlint templates --quiet --reformat

services: ## PostgreSQL, Redis, ClamAV and Elasticsearch on loopback; stopped by scripts/services stop
	@scripts/services start

lock: $(VENV)/.dev ## Compile the locks from pyproject.toml
	@for flags in "-o requirements.lock" "--allow-unsafe --extra dev -c requirements.lock -o requirements-dev.lock"; do \
	  $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-annotate --no-emit-index-url --no-emit-trusted-host \
	    --no-emit-find-links $$flags pyproject.toml || exit 1; done

ci: ## What CI runs
	@bash .ci/run
