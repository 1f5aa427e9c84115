# Everything sets itself up: each target makes its own .venv and installs what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

# Bytecode is kept whatever the machine's habit: each of the hundreds of processes that tests start, and each of pytest's
# workers, would compile the same files anew.
export PYTHONDONTWRITEBYTECODE :=

COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --quiet

.PHONY: demo test check compiled-plainly lint types quick slow compiled core core-tests wheel coverage verify bench bench-quick soak mutants documents validation \
	directions published docs notebooks lock bundle clean

demo: $(STAMP)
	$(BIN)/pcqa run

# Three tiers: `test` while you work, `check` before anything lands (test and everything slower), `soak` for hours.
test: lint
	$(MAKE) --no-print-directory --jobs=2 types quick

# Compiling takes one processor for a while and goes on beside the slow tests, which take what the two have left. The C
# compiler's optimisation changes how fast the model is and not what it gives, so it is left out here; and what has been
# compiled of these very sources already, at whatever level, is not compiled again.
check: test
	$(MAKE) --no-print-directory --jobs=2 compiled-plainly slow
	$(MAKE) --no-print-directory notebooks core-tests

compiled-plainly: $(DEV_STAMP)
	PCQA_COMPILE_LEVEL=0 $(BIN)/python hatch_build.py --unless-made

lint: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV_STAMP)
	$(BIN)/mypy
	$(BIN)/mypy $$(grep -l '^EXPERIMENT = ' experiments/*.py experiments/published/*.py)
	MYPYPATH=docs $(BIN)/mypy -p website

# All tests run on the interpreted form, whatever has been compiled; `core` runs those of the model on the compiled one.
quick: $(DEV_STAMP)
	PCQA_PURE=1 $(BIN)/python -m pytest -m "not slow and not soak and not bench" -n 2 --dist loadfile --durations=15

slow: $(DEV_STAMP)
	PCQA_PURE=1 $(BIN)/python -m pytest -m "slow and not soak and not bench" -n 2 --dist worksteal --durations=40

# The notebooks, from top to bottom, each in a kernel of its own.
notebooks: $(DEV_STAMP)
	PCQA_PURE=1 $(BIN)/python -m pytest --nbmake --nbmake-timeout=300 notebooks -n 2

# The model compiled beside its sources (some minutes of a processor), as long as they stay what they are. It takes a
# C compiler and Python's headers, and says so where they are not there.
compiled: $(DEV_STAMP)
	$(BIN)/python hatch_build.py

# In check: the same bytes in both forms (each access model, two seeds, a network, named roles), luck, the kernel, the
# story told to fakes, own code. `make core` has the rest of the core too, which goes through the same code again.
CORE := tests/test_forms.py tests/baseline tests/kernel/test_pool.py tests/kernel/test_process.py tests/values/test_luck.py \
	tests/values/test_distributions.py tests/population/test_need_generation.py tests/clinic/test_consultation.py \
	tests/clinic/test_diary.py tests/journey/test_ask.py tests/journey/test_contacts.py tests/journey/test_pending.py \
	tests/test_extending.py
CORE_TOO := tests/kernel tests/population tests/frontdoor tests/journey/test_getting_through.py \
	tests/journey/test_practice_initiated.py tests/journey/test_timing.py
CORE_TESTS := PCQA_TESTED_FORM=compiled $(BIN)/python -m pytest -m "not slow and not soak and not bench" -n 2 --dist loadfile
core: compiled
	$(CORE_TESTS) $(CORE) $(CORE_TOO)
core-tests: $(DEV_STAMP)
	$(CORE_TESTS) $(CORE)

# A wheel of the compiled model, for this Python on this kind of machine.
wheel: $(DEV_STAMP)
	PCQA_COMPILE=1 $(BIN)/python -m build --wheel --no-isolation --outdir dist

# How much of the wings from values to results their quick tests go through, branches counted; and what they leave out.
WINGS := values kernel scenario population frontdoor clinic practice journey results
COVERAGE := $(BIN)/python -m coverage
coverage: $(DEV_STAMP)
	PCQA_PURE=1 $(COVERAGE) run -m pytest -m "not slow and not soak and not bench" $(WINGS:%=tests/%)
	@for wing in $(WINGS); do printf '%-12s' $$wing; $(COVERAGE) report --format=total --include="pcqa_sim/$$wing/*"; done
	$(COVERAGE) report --fail-under=95 --include="$$(printf 'pcqa_sim/%s/*,' $(WINGS))pcqa_sim/simulation.py"

verify: $(STAMP)
	$(BIN)/pcqa verify

bench: compiled
	$(BIN)/python tests/benchmarks/bench.py --write docs/performance.md
	$(BIN)/python tests/benchmarks/engines.py

bench-quick: compiled
	$(BIN)/python tests/benchmarks/bench.py --quick --write docs/performance.md

soak: $(DEV_STAMP)
	$(BIN)/python -m pytest -m soak

# Small changes in the code, one at a time: the tests of the changed module must notice. See tests/mutants.
mutants: $(DEV_STAMP)
	PCQA_PURE=1 PYTHONPATH=tests $(BIN)/python -m mutants

# What the documents show, written anew: samples, and the table of published and simulated figures (minutes).
documents: $(DEV_STAMP)
	$(BIN)/python tests/documents.py

# The documentation site, in build/website/site: made anew, and refused where a link leads nowhere. See docs/website.
docs: $(DEV_STAMP)
	$(BIN)/python docs/website

validation: $(DEV_STAMP)
	$(BIN)/python tests/documents.py table

# The table of directions that any GP would expect, tried anew (half an hour).
directions: $(DEV_STAMP)
	$(BIN)/python tests/documents.py directions

published: $(DEV_STAMP)
	$(BIN)/python tests/documents.py published

$(BIN)/python:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'pcqa_sim needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ...')"
	$(PYTHON) -m venv $(VENV)

# The constraints pin every package by version and hash; --no-deps then adds the project itself.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(STAMP): $(BIN)/python pyproject.toml constraints.txt
	$(INSTALL) --require-hashes -r constraints.txt
	$(INSTALL) --no-deps -e .
	touch $(STAMP)

$(DEV_STAMP): $(STAMP) constraints-dev.txt
	$(INSTALL) --require-hashes -r constraints-dev.txt
	touch $(DEV_STAMP)

lock: $(BIN)/python
	$(INSTALL) uv
	$(COMPILE) -o constraints.txt
	$(COMPILE) --extra dev -o constraints-dev.txt
	$(COMPILE) --extra app -o constraints-app.txt

# The app with all it needs in one zipped folder, dist/pcqa-app.zip, with a start script.
bundle: $(DEV_STAMP)
	$(BIN)/python docs/bundle/make.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage dist build pcqa_sim/compiled.txt
	find pcqa_sim -name "*.so" -delete
