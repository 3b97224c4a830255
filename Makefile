# The verbs that people type. Each sets up what it needs; docs/contributing.md has the same steps
# for a machine without make.

PYTHON ?= python3
PIP_QUIET = --quiet --disable-pip-version-check
SAMPLES = sample_releases/cpt-2026-legacy.zip sample_releases/cpt-2027-legacy.zip
HCPCS = sample_releases/hcpcs-2026-january.zip:sample_releases/hcpcs-2027-january.zip
CHARGES = sample_releases/chargemaster-2026.csv
SUDO = $(if $(filter 0,$(shell id -u)),,sudo -n)
APT_GET = $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -qq -y
# What the tests use beside Python, as command:package. Tests that miss one are skipped and name it.
TOOLS = chromium:chromium,fonts-liberation soffice:libreoffice-calc pdftoppm:poppler-utils \
	strace:strace npm:npm java:default-jre-headless
# What must hold with any version of the libraries: reading, comparing, writing.
CORE = tests/test_cli.py tests/test_compare.py tests/test_samples.py tests/test_tables.py \
	tests/test_text_formats.py tests/test_bad_input.py tests/hostile/test_inputs.py
# What tells soonest that something broke: under a minute of CPU.
QUICK = tests/test_compare.py tests/test_text_formats.py tests/test_sections.py \
	tests/test_naming.py tests/test_wording.py tests/test_messages.py tests/severity
AXE = axe-core@4.14.1
# What tables are compared beside, in an environment of its own.
PEER = compara==0.6.0

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test quick check docs accept fuzz ordeal damage bounds bench samples clean tools axe

help:
	@echo "make demo     compare sample releases, and show what they do to a chargemaster (demo/)"
	@echo "make test     install the tools of the tests, check, and run all tests"
	@echo "make quick    the tests that tell soonest, under a minute of CPU"
	@echo "make check    style, types and the layers of the code"
	@echo "make docs     write docs/messages.md from the messages in cptdiff/errors.py"
	@echo "make accept   write anew what the golden tests expect of the reports"
	@echo "make fuzz     read 50,000 random tables as the standard library and the RFC do, and compare"
	@echo "              50,000 random pairs by their lines and whole"
	@echo "make bench    measure time, memory and the page (ARGS=--docs puts the tables in docs)"
	@echo "make ordeal   kill, hinder and repeat runs as often as it takes (about an hour)"
	@echo "make damage   damage the real releases in ../shared/releases, and print what is said of each"
	@echo "make bounds   what we rely on, with the lowest versions of the libraries"
	@echo "make samples  write the sample releases anew"
	@echo "make clean    remove everything that these verbs made"

demo: .venv/.product
	@mkdir -p demo
	@rm -rf demo/impact
	@.venv/bin/cptdiff diff $(SAMPLES) -o demo/report.html -o demo/changes.csv
	@.venv/bin/cptdiff impact $(subst zip s,zip:s,$(SAMPLES)) $(HCPCS) --list $(CHARGES) --suggest \
		--group-by "Department Name" --volume-column "Annual Volume" --price-column Price \
		-o demo/impact || test $$? -eq 3
	@echo "Open first, the chargemaster: $(CURDIR)/demo/impact/impact.html"
	@echo "Every change:                 $(CURDIR)/demo/report.html"
	@echo "The table of changes:         $(CURDIR)/demo/changes.csv"

test: .venv/.spark tools axe check
	@echo "Running the tests"
	@.venv/bin/pytest -n 2

quick: .venv/.tests
	@.venv/bin/pytest -q -n 2 $(QUICK)

check: .venv/.tests
	@echo "Checking style, types and layers"
	@.venv/bin/ruff check --quiet
	@.venv/bin/ruff format --quiet --check
	@.venv/bin/mypy --no-error-summary cptdiff tests sample_releases hatch_build.py
	@.venv/bin/lint-imports --no-logo
	@.venv/bin/python tests/house.py

docs: .venv/.tests
	@echo "Writing docs/messages.md"
	@.venv/bin/python tests/messages.py

# Look at what changed (git diff tests/goldens) before you commit it.
accept: .venv/.tests
	@echo "Writing tests/goldens anew"
	@ACCEPT=true .venv/bin/pytest -q tests/test_goldens.py

fuzz: .venv/.tests
	@echo "Reading random tables"
	@CASES=50000 .venv/bin/pytest -q -s tests/hostile/test_differential.py \
		tests/hostile/test_common.py -k random

# Not from the checkout but as users get it, with compiled bytecode; pip installs a folder anew each
# time, and leaves the libraries as they are.
bench: .venv/.tests tools
	@echo "Installing the product into .venv-bench"
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/pip install $(PIP_QUIET) --compile '.[duckdb,spark]'
	@$(PYTHON) -m venv .venv-peer
	@.venv-peer/bin/pip install $(PIP_QUIET) $(PEER) || echo "Could not install $(PEER)"
	@.venv-bench/bin/python -m tests.benchmarks.bench $(ARGS)
	@.venv/bin/python -m tests.benchmarks.page $(ARGS)

# The suite does a few of each; here are all.
ordeal: .venv/.tests tools
	@echo "Killing, hindering and repeating runs"
	@POINTS=200 .venv/bin/pytest -n 2 tests/hostile

# About twenty minutes. Ends with 1 where damage passes, or an ordinary pair does not.
damage: .venv/.tests
	@.venv/bin/python tests/publishers/damage.py $(ARGS)

# pip has no word for it: each dependency that says >= is asked for as ==.
bounds:
	@echo "Installing the product with the lowest versions into .venv-bounds"
	@$(PYTHON) -m venv .venv-bounds
	@sed -n '/^dependencies/,/^]/s/^  "\([a-z0-9.]*\)>=\([0-9.]*\),.*/\1==\2/p' pyproject.toml \
		>.venv-bounds/lowest.txt
	@.venv-bounds/bin/pip install $(PIP_QUIET) --constraint .venv-bounds/lowest.txt \
		--editable . pytest pytest-xdist hypothesis jsonschema
	@.venv-bounds/bin/pytest -q -n 2 tests/hostile/test_libraries.py $(CORE)

samples: .venv/.product
	@echo "Writing the sample releases"
	@.venv/bin/python sample_releases/make.py

clean:
	@echo "Removing environments, caches and demo"
	@rm -rf .axe .venv .venv-bench .venv-bounds .venv-peer demo build dist .*_cache .hypothesis
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

# Half a gigabyte that only the tests of claims in a cluster need: without it they skip.
.venv/.spark: .venv/.tests
	@echo "Installing pyspark into .venv"
	@.venv/bin/pip install $(PIP_QUIET) --editable '.[spark]'
	@touch $@

tools:
	@for tool in $(TOOLS); do \
		command -v $${tool%%:*} >/dev/null || missing="$$missing $$(echo $${tool#*:} | tr , ' ')"; \
	done; \
	test -z "$$missing" && exit; \
	if command -v apt-get >/dev/null; then \
		echo "Installing$$missing"; \
		$(APT_GET) update && $(APT_GET) install --no-install-recommends $$missing >/dev/null && exit; \
	fi; \
	echo "Could not install$$missing: tests that need it skip; CI=true stops here"; \
	test "$$CI" != true

# The accessibility checks of the page, from the npm registry; no script of a package is run. Node
# is told of Debian's certificates, among which a company's own stand, as pip knows them by itself.
axe: tools
	@test -e .axe/$(AXE) && exit; \
	if command -v npm >/dev/null; then \
		echo "Installing $(AXE) into .axe"; \
		NODE_EXTRA_CA_CERTS=$${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt} \
			npm install --prefix .axe --no-save --ignore-scripts --no-audit --no-fund --silent $(AXE) \
			&& touch .axe/$(AXE) && exit; \
	fi; \
	echo "Could not install $(AXE): tests that need it skip; CI=true stops here"; \
	test "$$CI" != true
