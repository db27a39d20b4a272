# What a developer does, by name. Needs Python 3.11 with venv and pip; everything else goes into .venv.
.DEFAULT_GOAL := help
.PHONY: help demo test slow lint bench serve conformance derive browser editor clients serving soak endurance remote picture clean
.ONESHELL:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.SILENT:

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SIZES ?= small
SUITES ?= ../shared/conformance

# say what is done, do it, say how long it took: $(call timed,what,command)
define timed
echo "== $(1)"
start=$$(date +%s)
$(2)
echo "== done in $$(( $$(date +%s) - start )) s"
endef

help: ## list what can be made
	grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1\t\2/' | expand -t 14

$(STAMP): pyproject.toml
	echo "== setting up $(VENV) with $(PYTHON): graphmap and the developer's tools"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: $(STAMP) ## load samples and 2,000 generated records into a temporary workspace, run two saved queries
	$(call timed,demo: a temporary workspace with records good and bad,benchmarks/demo.sh)

test: $(STAMP) ## run the everyday tests
	$(call timed,tests,$(BIN)/python -m pytest -q -n auto -m 'not (slow or conformance or browser or clients or remote)' $(ARGS))

slow: $(STAMP) ## run the tests that take longer: oracles, long histories, ten thousand planted errors
	$(call timed,long tests,$(BIN)/python -m pytest -q -n auto -m 'slow and not (conformance or browser or clients or remote)')

lint: $(STAMP) ## ruff, mypy strict, import contracts
	$(call timed,lint: ruff; mypy; import contracts,$(BIN)/ruff check .; $(BIN)/ruff format --check .; $(BIN)/mypy; $(BIN)/lint-imports)

bench: $(STAMP) ## measure graphmap beside its peers; SIZES=small or SIZES=full
	$(call timed,benchmarks at $(SIZES) sizes,$(BIN)/python -m benchmarks.lifting --sizes $(SIZES); $(BIN)/python -m benchmarks.run --sizes $(SIZES); $(BIN)/python -m benchmarks.validation --sizes $(SIZES))

serve: $(STAMP) ## serve this workspace on loopback
	$(BIN)/graphmap serve

conformance: $(STAMP) ## run the published suites that stand beside the checkout; as root, installs PostgreSQL and MariaDB if they are not there
	if [ "$$(id -u)" = 0 ] && ! ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1; then \
	  apt-get update -qq; apt-get install --yes -qq --no-install-recommends postgresql; fi
	if [ "$$(id -u)" = 0 ] && ! command -v mariadbd > /dev/null; then \
	  apt-get update -qq; apt-get install --yes -qq --no-install-recommends mariadb-server; fi
	$(call timed,published suites,$(BIN)/python -m pytest -q -n auto -m conformance)

derive: $(STAMP) ## derive ontology, shapes and mappings from the rules again
	$(BIN)/graphmap derive

browser: $(STAMP) ## open pages in headless Chromium, which is installed if it is not there
	command -v chromium > /dev/null || { apt-get update -qq; apt-get install --yes -qq --no-install-recommends chromium; }
	$(BIN)/python -c 'import playwright' 2> /dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,browser]'
	$(MAKE) --no-print-directory editor
	if command -v npm > /dev/null; then npm install --silent --no-fund --no-audit --prefix .bench/axe axe-core@4; fi
	$(call timed,pages in a real browser,$(BIN)/python -m pytest -q -m browser tests/browser)

editor: ## install the editor of the query page, where npm is at hand
	if command -v npm > /dev/null; then \
	  npm install --silent --no-fund --no-audit --prefix .bench/editor @zazuko/yasgui@4; \
	  mkdir -p src/graphmap/service/pages/editor; \
	  cp .bench/editor/node_modules/@zazuko/yasqe/build/yasqe.min.js .bench/editor/node_modules/@zazuko/yasqe/build/yasqe.min.css src/graphmap/service/pages/editor; \
	else echo "npm is not installed: the query page stays a plain form"; fi

clients: $(STAMP) ## set up clients that others wrote under .bench, and run them against a server
	test -x .bench/clients/bin/python || $(PYTHON) -m venv .bench/clients
	.bench/clients/bin/python -m pip install --quiet --disable-pip-version-check rdflib SPARQLWrapper pyshacl schemathesis
	tests/service/set_up_java.sh
	if command -v npm > /dev/null; then npm install --silent --no-fund --prefix .bench/clients-npm \
	  @comunica/query-sparql@4 sparql-http-client@3 ldkit@2; else echo "npm is not installed: its clients are skipped"; fi
	$(call timed,real clients,$(BIN)/python -m pytest -q -m clients)

remote: $(STAMP) ## run the store's contract against Apache Jena Fuseki and Virtuoso, which are fetched if they are not there
	tests/store/set_up_servers.sh
	$(call timed,stores on other servers,$(BIN)/python -m pytest -q -m remote tests/store tests/ingest tests/cli)

serving: $(STAMP) ## measure the server beside rdflib-endpoint
	$(call timed,server benchmark,$(BIN)/python -m benchmarks.serving)

soak: $(STAMP) ## ask a server all kinds of work for MINUTES (30), queries without an end among it, and watch its memory
	$(call timed,soak,$(BIN)/python -m benchmarks.soak --minutes $(or $(MINUTES),30))

endurance: $(STAMP) ## kill a process at ROUNDS random moments, send INPUTS hostile requests to a server, see what is left
	$(call timed,kills at random moments,$(BIN)/python -m tests.ingest.killing --rounds $(or $(ROUNDS),200))
	$(call timed,hostile requests,$(BIN)/python -m tests.service.fuzzing --inputs $(or $(INPUTS),100000) --wait $(or $(WAIT),1) --memory $(or $(MEMORY),2500))

picture: ## draw the pictures of docs/*.dot again; installs Graphviz if it is not there
	command -v dot > /dev/null || { apt-get update -qq; apt-get install --yes -qq --no-install-recommends graphviz; }
	for name in architecture flow; do \
	  dot -Tsvg docs/$$name.dot | awk '/<g id="graph0"/ { print "<style>"; while ((getline line < "docs/architecture.css") > 0) print line; print "</style>" } { print }' > docs/$$name.svg; \
	done

clean: ## remove the environment, caches and builds
	rm -rf $(VENV) .bench build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
