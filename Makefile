# Two commands do everything: make ask Q="..." and make test. Needs Python 3.11+, pip and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up

.PHONY: help ask test check bench record inspect clean
help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "%-6s  %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The question reaches the shell as it was typed: make would read a "$" in it. Code 3 is "closed without an answer"
# (what was printed says why), which is no failure of make.
unexport Q
ask: export QUESTION = $(value Q)
ask: $(STAMP) ## answer a question: make ask Q="Can I tell the police where our tenant lives?"
	@test -n "$$QUESTION" || { echo 'No question. Ask one: make ask Q="Can I tell the police where our tenant lives?"' >&2; exit 2; }
	@$(BIN)/advisor ask "$$QUESTION" || test $$? -eq 3

test: $(STAMP) ## set up and run all tests
	@$(BIN)/python -m pytest

check: $(STAMP) ## lint, types and documents
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/advisor kb check

bench: $(STAMP) ## measure speed beside a plain LangChain script
	@$(BIN)/python -m tests.benchmarks.speed

record: $(STAMP) ## record a language model's protocol: make record PROVIDER=openai:gpt-5-mini (key in ADVISOR_LLM_KEY) or scripted
	@$(BIN)/python -W ignore -m tests.cassettes.recording "$(PROVIDER)"

inspect: ## run a suite under Inspect, in an environment of its own
	@test -x .venv-inspect/bin/pip || $(PYTHON) -m venv .venv-inspect
	@.venv-inspect/bin/pip install --quiet --disable-pip-version-check "torch==2.13.0" --editable ".[inspect]" >&2
	@.venv-inspect/bin/inspect eval evals/inspect_task.py@advised --model mockllm/model -T sample=5

clean: ## remove the environment; answers and index stay (see ADVISOR_HOME in the README)
	rm -rf $(VENV)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@echo "Setting up (once; a few minutes) ..." >&2
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo 'Python could not make an environment: install its venv module (on Debian and Ubuntu: python3-venv).' >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev,slack,postgresql,openai,anthropic,ollama]" >&2
	@touch $@
