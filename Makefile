# Everything here works on a machine that has Python >= 3.11 and make. First use sets up a virtual environment.
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

DROP_DEMO := cd examples/demo && rm -rf archive feeds logs state warehouse warehouse.duckdb* report.html

.PHONY: help audit notebooks test test-oldest-duckdb check lint types contracts lock clean

help:  ## Say what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Uitzicht needs Python 3.11 or newer, and none was found on PATH. Install it, or say: make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) from requirements.lock (once; a few minutes on a slow line) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --no-binary langdetect -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m crawler.browser --install
	@touch $(READY)

audit: $(READY)  ## Crawl, load, code and report the demo study, and say where the report is
	@$(BIN)/python -m tests.mocksite examples/demo -- $(BIN)/uitzicht audit examples/demo || test $$? -eq 3

notebooks: $(READY)  ## Make the demo study anew, run the notebooks on it, and store what they show
	@$(DROP_DEMO)
	@$(MAKE) audit
	@$(BIN)/python notebooks/execute.py

test: $(READY)  ## Run all tests, and say plainly what they leave out
	@$(BIN)/python -m pytest -n 2 -rs

test-oldest-duckdb: $(READY)  ## The warehouse's tests on the oldest DuckDB that is supported
	@test -d $(VENV)/duckdb-1.5.5 || $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--only-binary :all: --target $(VENV)/duckdb-1.5.5 duckdb==1.5.5
	@PYTHONPATH=$(VENV)/duckdb-1.5.5 $(BIN)/python -m pytest -n 2 -rs tests/warehouse

check: lint types contracts test  ## Lint, types, import contracts and tests

lint: $(READY)  ## Lint and formatting
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(READY)  ## Strict types
	@$(BIN)/mypy

contracts: $(READY)  ## Who may import whom
	@$(BIN)/lint-imports --no-cache

lock:  ## Renew requirements.lock from pyproject.toml (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --group dev pyproject.toml --output-file requirements.lock

clean:  ## Remove the environment and what the demo made
	@rm -rf $(VENV)
	@$(DROP_DEMO)
