# The door of the house: `make` prints what it can do.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONPATH := src
export DJANGO_SETTINGS_MODULE := klyngeforum.settings
# compiled modules stand in var/: the second start takes half the time of the first
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/var/pycache
# the long proofs, and what waits for a browser, may take longer before they count as hanging
LONG := -o faulthandler_timeout=1500
PORT ?= 8000
SIZE ?= denmark

help: ## print what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

setup: $(VENV)/.ready node_modules/.ready src/klyngeforum/web/static/vendor/.ready src/klyngeforum/locale/.ready ## install everything (once; seconds afterwards)

$(VENV)/.ready: requirements/dev.lock tools/bootstrap.py
	@command -v $(PYTHON) >/dev/null || { echo "klyngeforum: Python 3.11 or newer is missing; install it (Debian: python3 and python3-venv) or name one: make PYTHON=/path/to/python3" >&2; exit 2; }
	@$(PYTHON) tools/bootstrap.py packages

node_modules/.ready: package-lock.json tools/bootstrap.py $(VENV)/.ready
	@$(BIN)/python tools/bootstrap.py node

src/klyngeforum/web/static/vendor/.ready: node_modules/.ready tools/assets.py
	@$(BIN)/python tools/assets.py

src/klyngeforum/locale/.ready: src/klyngeforum/locale/da/LC_MESSAGES/django.po $(VENV)/.ready
	@$(BIN)/pybabel -q compile -D django -d src/klyngeforum/locale && touch $@

demo: setup ## build the made-up country and serve it on http://127.0.0.1:8000
	@$(BIN)/python -m klyngeforum demo --size $(SIZE) --port $(PORT)

run: setup ## serve the database as it is on http://127.0.0.1:8000
	@$(BIN)/python -m klyngeforum migrate && $(BIN)/python -m klyngeforum serve --port $(PORT)

test: setup ## run every test that needs no server and no browser
	@SPARK=no $(BIN)/python -m pytest -n 2 --dist worksteal --ignore=tests/browser --ignore=tests/bench -m "not browser and not slow" $(ONLY)

test-browser: setup ## run the journeys in Debian's chromium (screenshots, axe)
	@$(BIN)/python -m pytest $(LONG) -m browser tests/browser

test-slow: setup ## run the long proofs (ONLY=tests/journeys: the long stories)
	@THOROUGH=yes $(BIN)/python -m pytest -n 2 --dist worksteal $(LONG) -m "(slow or thorough) and not browser" $(ONLY)

check: setup ## style, types, floors, programme data, migrations
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m django makemigrations --check --dry-run
	@$(BIN)/python -m klyngeforum check --programme

bench: setup ## measure speed, as ratios in one run, into docs/benchmarks.md
	@$(BIN)/python -m pytest -o faulthandler_timeout=0 -m slow tests/bench -s

bench-europe: setup ## the same at Europe's size on a PostgreSQL of its own (half an hour, 6 GB of disk)
	@$(BIN)/python tools/with_postgres.py sh -c 'EUROPE_DATABASE_URL="$$DATABASE_URL" exec $(BIN)/python -m pytest -o faulthandler_timeout=0 -m slow tests/bench -k "europe or duckdb" -s'

bench-analyse: setup ## measure the analysis library beside its peers, into docs/benchmarks/ (AREA=meet: one area)
	@$(BIN)/python -m tests.bench_analyse $(AREA)

wheel-analyse: setup ## the analysis library alone, without Django, as a wheel in dist/
	@UV_NATIVE_TLS=true $(BIN)/python -m uv build --wheel -q -o dist packaging/klyngeanalyse && ls dist/klyngeanalyse-*.whl

mutants: setup ## change each line of the rules and see that a test notices (minutes; docs/mutation.md)
	@$(BIN)/python tools/mutants.py fresh && THOROUGH=yes $(BIN)/mutmut run --max-children 2 && $(BIN)/python tools/mutants.py

lock: setup ## renew the hash-locked requirements
	@UV_NATIVE_TLS=true $(BIN)/python -m uv pip compile pyproject.toml --universal --generate-hashes -q -o requirements/run.lock
	@UV_NATIVE_TLS=true $(BIN)/python -m uv pip compile pyproject.toml --extra analyse --group dev --universal --generate-hashes -q -o requirements/dev.lock
	@UV_NATIVE_TLS=true $(BIN)/python -m uv pip compile pyproject.toml --extra spark --extra analyse --group dev -c requirements/dev.lock --universal --generate-hashes -q -o requirements/spark.lock

messages: setup ## collect the strings for translation
	@$(BIN)/python tools/messages.py

clean: ## remove what make made (not the database)
	rm -rf $(VENV) node_modules src/klyngeforum/web/static/vendor var/static var/pycache

.PHONY: help setup demo run test test-browser test-slow check bench bench-europe bench-analyse wheel-analyse mutants lock messages clean
