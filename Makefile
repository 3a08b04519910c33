# The README's commands, and the environment they need.  Needs git, make and Python 3.11+ (with venv).

PYTHON ?= python3
VENV := .venv
READY := $(VENV)/ready
# programs of the environment are found by name, and the user's own Python packages are not used
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PYTHONNOUSERSITE := 1
unexport PYTHONPATH PYTHONDONTWRITEBYTECODE

.PHONY: reproduce plan times demo test lint format benchmark stability docs graph environment lock clean help

help: ## show the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

reproduce: $(READY) ## the full run: results/site/index.html
	snakemake

plan: $(READY) ## the jobs that would run, with time and disk from earlier runs; make plan TARGET=table_3
	snakemake $(TARGET) --dry-run --quiet host rules progress

times: $(READY) ## the time that each rule of the finished run took
	python workflow/scripts/report/times.py

demo: $(READY) ## the same workflow on tiny settings, in results/demo: about five minutes
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

format: $(READY) ## format the code with ruff and snakefmt
	ruff check --fix .
	ruff format .
	snakefmt Snakefile workflow/rules

benchmark: $(READY) ## the time of our code compared with that of plain code
	for file in $(filter-out %/plain_loop.py,$(wildcard benchmarks/*.py)); do python $$file || exit; done

stability: $(READY) ## the verdicts for several master seeds, into docs/stability.md: a full run per seed
	snakemake stability
	python workflow/scripts/stability/docs.py

docs: $(READY) ## put the finished default run into docs/ and README: findings, verdicts, figures, times
	PYTHONPATH=workflow python workflow/scripts/site/docs.py

graph: $(READY) ## redraw docs/rules.svg after a change of rules (needs Graphviz)
	snakemake --rulegraph dot -- scorecard linear relu mnist imagenet causes dimension accounts theory audit > docs/rules.dot
	dot -Grankdir=LR -Tsvg -o docs/rules.svg docs/rules.dot
	rm docs/rules.dot

environment: $(READY) ## only the environment, in .venv

# uv installs in half a minute, pip in several minutes; both check every hash
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
