# The two commands of the README, and what they stand on.  Needs git, make and Python 3.11+ (with venv).

PYTHON ?= python3
VENV := .venv
READY := $(VENV)/ready
# everything in the environment is found by name, and nothing of the user's own Python leaks in
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PYTHONNOUSERSITE := 1
unexport PYTHONPATH PYTHONDONTWRITEBYTECODE

.PHONY: reproduce plan times demo test lint format benchmark glance graph environment lock clean help

help: ## show the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

reproduce: $(READY) ## everything, at the paper's settings: results/report.html
	snakemake

plan: $(READY) ## the jobs that would run, their time and disk by earlier runs; make plan TARGET=table_3
	snakemake $(TARGET) --dry-run --quiet host rules progress

times: $(READY) ## where the time of the finished run went
	python workflow/scripts/report/times.py

demo: $(READY) ## the same workflow on tiny settings, in results/demo: some three minutes
	snakemake --configfile tests/config.tiny.yaml

test: $(READY) ## unit tests, theory against simulation, the tiny workflow and its contracts, lint
	pytest -n logical --maxprocesses 4 --dist loadfile
	$(MAKE) --no-print-directory lint

lint: $(READY) ## ruff, snakefmt, snakemake --lint, import-linter, hadolint
	ruff check .
	ruff format --check .
	snakefmt --check Snakefile workflow/rules
	snakemake --lint
	lint-imports
	hadolint Containerfile

format: $(READY) ## let ruff and snakefmt lay the code out
	ruff check --fix .
	ruff format .
	snakefmt Snakefile workflow/rules

benchmark: $(READY) ## our code against the plain code anyone would write
	for file in $(filter-out %/plain_loop.py,$(wildcard benchmarks/*.py)); do python $$file || exit; done

glance: ## put the finished run's scorecard into the README
	sed -i -e '/<!-- glance -->/,/<!-- end of glance -->/{//!d}' -e '/<!-- glance -->/r results/scorecard.md' README.md

graph: $(READY) ## draw docs/rules.svg anew, after rules were added or joined otherwise (needs Graphviz)
	snakemake --rulegraph dot -- scorecard audit > docs/rules.dot
	dot -Grankdir=LR -Tsvg -o docs/rules.svg docs/rules.dot
	rm docs/rules.dot

environment: $(READY) ## only the environment, in .venv

# uv installs in half a minute what pip needs several for; both check every hash
$(READY): requirements.lock requirements.uv.lock
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; choose one with: make PYTHON=python3.12 ...")'
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.uv.lock
	uv pip install --quiet --python $(VENV)/bin/python --require-hashes --compile-bytecode -r requirements.lock
	uv pip install --quiet --python $(VENV)/bin/python --no-deps --no-build-isolation --editable .
	touch $@

lock: ## refresh requirements.lock from requirements.in (network)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header requirements.in -o requirements.lock

clean: ## remove the environment; results stay
	rm -rf $(VENV)
