# The verbs that people type. Each sets up what it needs by itself; README.md has the same steps
# for a machine without make.

PYTHON ?= python3
PIP_QUIET = --quiet --disable-pip-version-check
SAMPLES = sample_releases/cpt-2026-legacy.zip sample_releases/cpt-2027-legacy.zip
SUDO = $(if $(filter 0,$(shell id -u)),,sudo -n)
APT_GET = $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -qq -y

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test check bench samples clean chromium

help:
	@echo "make demo     compare the two sample releases and write demo/report.html and demo/changes.csv"
	@echo "make test     install the tools of the tests, check, and run all tests"
	@echo "make check    style, types and the layers of the code"
	@echo "make bench    measure time and memory (ARGS=--readme puts the table in README.md)"
	@echo "make samples  write the sample releases anew"
	@echo "make clean    remove everything that these verbs made"

demo: .venv/.product
	@mkdir -p demo
	@.venv/bin/cptdiff diff $(SAMPLES) -o demo/report.html -o demo/changes.csv
	@echo "The page:  $(CURDIR)/demo/report.html"
	@echo "The table: $(CURDIR)/demo/changes.csv"

test: .venv/.tests chromium check
	@echo "Running the tests"
	@.venv/bin/pytest -n 2

check: .venv/.tests
	@echo "Checking style, types and layers"
	@.venv/bin/ruff check --quiet
	@.venv/bin/ruff format --quiet --check
	@.venv/bin/mypy --no-error-summary cptdiff tests sample_releases
	@.venv/bin/lint-imports --no-logo

# Not from the checkout but as users get it, with compiled bytecode; pip installs a folder anew each
# time, and leaves the libraries as they are.
bench:
	@echo "Installing the product into .venv-bench"
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/pip install $(PIP_QUIET) --compile .
	@.venv-bench/bin/python -m tests.benchmarks.bench $(ARGS)

samples: .venv/.product
	@echo "Writing the sample releases"
	@.venv/bin/python sample_releases/make.py

clean:
	@echo "Removing environments, caches and demo"
	@rm -rf .venv .venv-bench demo build dist .*_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +

# One environment, two stamps: what the product needs, and what the tests need beside it.
.venv/.product: pyproject.toml
	@echo "Installing the product into .venv"
	@$(PYTHON) -m venv .venv
	@.venv/bin/pip install $(PIP_QUIET) --editable .
	@touch $@

.venv/.tests: pyproject.toml
	@echo "Installing the product and the tools of its tests into .venv"
	@$(PYTHON) -m venv .venv
	@.venv/bin/pip install $(PIP_QUIET) --editable '.[test]'
	@touch $@

# The browser that opens the reports. Tests that miss it are skipped, which CI does not accept.
chromium:
	@command -v chromium >/dev/null && exit; \
	if command -v apt-get >/dev/null; then \
		echo "Installing chromium"; \
		$(APT_GET) update && $(APT_GET) install chromium >/dev/null && exit; \
	fi; \
	echo "No chromium, and it could not be installed: tests that need it skip; CI=true stops here"; \
	test "$$CI" != true
