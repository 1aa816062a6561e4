# `make run` starts the bot, `make test` runs the tests: each makes .venv first if need be.
.DEFAULT_GOAL := help
.PHONY: help run demo test check bench lock clean

PYTHON ?= python3
export PIP_DISABLE_PIP_VERSION_CHECK := 1

BIN := .venv/bin
# Half as many again as processors, as tests also wait for disks and for the pace of platforms.
WORKERS = $(shell echo $$(( ($$(getconf _NPROCESSORS_ONLN) * 3 + 1) / 2 )))
PIP := $(BIN)/python -m pip --quiet
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock"

help:
	@echo "make run      start the bot, web pages on http://127.0.0.1:8080"
	@echo "make demo     run a whole meeting with simulated attendees [CASE=seed-1|seed-2] [OUT=folder]"
	@echo "make test     run all tests [ARGS='tests/meeting -x']"
	@echo "make check    style, types, import contracts, translations"
	@echo "make bench    measure the speed, ten minutes [ONLY=name,... ROUNDS=n]"
	@echo "make lock     pin the dependencies anew [UPGRADE=1 takes newer releases]"
	@echo "make clean    remove the environment and caches"

run: .venv/runtime.stamp
	@exec $(BIN)/bieuquyet run

demo: .venv/runtime.stamp
	@exec $(BIN)/bieuquyet demo $(if $(CASE),--case $(CASE)) $(if $(OUT),--out $(OUT))

# Compiled once, and not by each worker and by each program that a test starts; so are the tests themselves,
# which pytest rewrites, also where Python is told to keep nothing.
test: .venv/dev.stamp
	@$(BIN)/python -m compileall -q bot handlers storage meeting
	@exec env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest $(or $(ARGS),--numprocesses=$(WORKERS) --maxprocesses=8 --dist=worksteal)

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot.wording.catalogue check

bench: .venv/dev.stamp
	@exec $(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(ROUNDS),--rounds $(ROUNDS))

lock: .venv/dev.stamp
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group build -o $(INTO)requirements.lock pyproject.toml
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group build --group dev -c $(INTO)requirements.lock -o $(INTO)requirements-dev.lock pyproject.toml

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Biểu Quyết needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo not there)." >&2; \
		echo "Install it, or name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "This Python cannot make an environment: its venv module is missing." >&2; \
		echo "On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Making the environment in .venv (once, a minute or two) ..."
	@$(PYTHON) -m venv .venv
	@touch $@

# The stamps make a second start quick; a changed lock or pyproject.toml installs again.
.venv/runtime.stamp: requirements.lock pyproject.toml | .venv/made.stamp
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/runtime.stamp
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
