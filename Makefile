# Everything a person runs here; what has been done already is skipped.
#
#   make run         play the example year: forms dropped, answered, signed, numbered, archived
#   make test        everything a change must pass
#   make test-slow   the tests that take minutes
#   make simulate    live histories of the whole office, HISTORIES=2000 SEED=…, and keep one that fails
#   make fuzz        try one door with made-up bytes, DOOR=docx RUNS=10000 (docs/fuzzing.md)
#   make mutants     break the source and see whether the tests notice: changed lines, or ROOMS="ledger steps" SAMPLE=40
.POSIX:

# images for containers set this; then every command that a test starts would compile the whole program anew
unexport PYTHONDONTWRITEBYTECODE

BIN = .venv/bin
# one more than the machine for which the figures are given has cores: some tests wait for LibreOffice or a clock
WORKERS = 3
SAMPLE = 40
SEED = 1

.PHONY: run test test-slow simulate fuzz mutants lint messages reference gallery bench lock setup setup-tests clean

run: setup
	@$(BIN)/python scripts/story.py examples/2022

# tests are compiled beside the lint, once: else each of the workers would compile all of them for itself
test: setup-tests
	@$(BIN)/pytest -q --collect-only >/dev/null 2>&1 & $(MAKE) lint; lint=$$?; wait; exit $$lint
	TMPDIR=$$(scripts/scratch) $(BIN)/pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not slow"

test-slow: setup-tests
	TMPDIR=$$(scripts/scratch) $(BIN)/pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m slow

# the histories from SEED on, else new ones; docs/simulation.md
simulate: setup
	@$(BIN)/python -m tests.simulation --histories $(or $(HISTORIES),2000) --seed $(if $(filter command line,$(origin SEED)),$(SEED),0)

# by coverage where atheris is installed (`.venv/bin/pip install atheris`), else blindly
fuzz: setup
	@$(BIN)/python -m tests.fuzz $(DOOR) --runs $(or $(RUNS),10000)

# ROOMS, SAMPLE and SEED choose; rooms named here get their row in docs/measures.md
mutants: setup
	@rooms="$(ROOMS)"; $(BIN)/python scripts/mutants.py $$rooms --sample $(SAMPLE) --seed $(SEED) \
	  $${rooms:+--page docs/measures.md}

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# the Vietnamese of all stages, compiled into one catalogue
messages:
	@$(BIN)/python scripts/messages.py

# the pages under docs/reference, written from the code
reference:
	@$(BIN)/python scripts/reference.py

# docs/gallery: the first page of every kind in every official form (needs LibreOffice)
gallery: setup
	@$(BIN)/python scripts/gallery.py

bench: setup
	$(BIN)/python benchmarks/filling/run.py
	$(BIN)/python -m benchmarks.validation
	$(BIN)/python -m benchmarks.rendition
	$(BIN)/python -m benchmarks.returned_scans
	$(BIN)/python -m benchmarks.signature_ink
	$(BIN)/python -m benchmarks.characters
	$(BIN)/python -m benchmarks.searching
	$(BIN)/python -m benchmarks.proof
	$(BIN)/python -m benchmarks.workers
	$(BIN)/python -m benchmarks.road
	$(BIN)/python -m benchmarks.road --pdf --submissions 10

# new versions of everything, with hashes, for Python 3.11 and later
lock: setup
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv
	cd requirements && UV_CUSTOM_COMPILE_COMMAND="make lock" ../$(BIN)/uv pip compile -q --universal --upgrade \
	  --python-version 3.11 --generate-hashes -o run.lock run.in
	cd requirements && UV_CUSTOM_COMPILE_COMMAND="make lock" ../$(BIN)/uv pip compile -q --universal --upgrade \
	  --python-version 3.11 --generate-hashes -c run.lock -o dev.lock dev.in

setup:
	@scripts/setup

setup-tests:
	@scripts/setup tests

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
