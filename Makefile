# Two commands do everything: make ask Q="..." and make test. Needs Python 3.11+, pip and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up

.PHONY: help ask test check bench clean
help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

ask: $(STAMP) ## answer a question: make ask Q="Can I tell the school why they moved?"
	@$(BIN)/advisor ask "$$Q"
export Q

test: $(STAMP) ## set up and run all tests
	@$(BIN)/python -m pytest

check: $(STAMP) ## lint, types and documents
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/advisor kb check

bench: $(STAMP) ## measure speed beside a plain LangChain script
	@$(BIN)/python -m tests.benchmarks.speed

clean: ## remove the environment
	rm -rf $(VENV)

$(STAMP): pyproject.toml constraints.txt
	@echo "Setting up (once; a few minutes) ..." >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev,slack]" >&2
	@touch $@
