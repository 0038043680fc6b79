# Everything runs in a private environment, .venv, made on first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made

.DEFAULT_GOAL := help
.PHONY: help demo test slow lint types rules docs bench wheel pr clean

help: ## show these lines
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1	\2/' | expand -t 18

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python bench/install.py
	@touch $(STAMP)

demo: $(STAMP) ## explained recommendation for a real dossier
	$(BIN)/mitra assess samples/genteng_kebumen.yaml

test: $(STAMP) ## the test suite; ARGS="…" goes to pytest
	$(BIN)/python -m pytest $(ARGS)

slow: $(STAMP) ## long proofs; writes docs/proofs.md, lifetimes.md, knowledge.md, planted.md
	$(BIN)/python bench/proofs.py
	$(BIN)/python bench/lifetimes.py
	$(BIN)/python bench/knowledge.py
	$(BIN)/python bench/planted.py

lint: $(STAMP) ## format and lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP) ## mypy, strict
	$(BIN)/mypy

rules: $(STAMP) ## check, prove and test the shipped rules, the examination of programmes among them
	$(BIN)/mitra check rules --strict
	$(BIN)/mitra prove rules --strict --fresh --seconds 300
	$(BIN)/mitra test
	$(BIN)/mitra check rules/examination --strict
	$(BIN)/mitra prove rules/examination --strict --fresh --seconds 300
	$(BIN)/mitra test --kb rules/examination

docs: $(STAMP) ## rewrite the generated pages, docs/cli.md
	$(BIN)/python docs/generate.py

bench: $(STAMP) ## speed against zen-engine and clipspy; growth with the rules; two solvers
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python bench/decide.py
	$(BIN)/python bench/growth.py
	$(BIN)/python bench/prove.py
	$(BIN)/python bench/solvers.py

wheel: $(STAMP) ## build the wheel and run it from an empty environment
	$(BIN)/python bench/wheel.py

pr: lint types test rules wheel ## everything before a submission
	$(BIN)/python docs/generate.py --check

clean: ## remove the private environment and caches
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
