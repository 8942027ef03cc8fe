# Needs a POSIX make and Python 3.11 or newer; everything else is installed into .venv.
.POSIX:
.SUFFIXES:

PYTHON ?= python3
BIN = .venv/bin
PIP = $(BIN)/python -m pip install --quiet -c requirements/lock.txt
DEMO = sample_videos/treadmill_side_right
DEMO_REPORT = $(DEMO)_formcheck/report.html

FINGERPRINT = find formcheck tests docs models notebooks requirements sample_videos Makefile \
    README.md CONTRIBUTING.md pyproject.toml -type f ! -name '*.pyc' ! -name '*.task' ! -path '*_formcheck/*' \
    -exec cksum '{}' + | sort

help:
	@echo 'make demo     analyse a sample clip and print where the report is'
	@echo 'make test     run the tests, unless nothing has changed since they passed'
	@echo 'make retest   run the tests in any case'
	@echo 'make lint     ruff, mypy and import-linter'
	@echo 'make format   let ruff rewrite the sources'
	@echo 'make bench    measure speed and memory again and write docs/performance.md (15 minutes)'
	@echo 'make validation  measure the accuracy again and write docs/validation.md'
	@echo 'make lock     write requirements/lock.txt again from the newest releases'
	@echo 'make clean    remove .venv, caches and demo results (the pose model stays)'
	@echo 'Python used: $(PYTHON) (another one: make PYTHON=python3.12 demo)'

# Nothing newer than the report: only say again what it said.
demo: .venv/.stamp-run
	@if [ -f $(DEMO_REPORT) ] && [ -z "$$(find formcheck pyproject.toml models/models.toml \
	    $(DEMO).mp4 -type f ! -name '*.pyc' -newer $(DEMO_REPORT))" ]; \
	then $(BIN)/formcheck show $(DEMO)_formcheck; \
	else $(BIN)/formcheck analyze $(DEMO).mp4 --speed-kmh 10.8 --force; fi

# Nothing differs from what the tests last passed with: say so and leave it at that.
test: .venv/.stamp-test
	@$(FINGERPRINT) > .venv/.stamp-now
	@if cmp -s .venv/.stamp-now .venv/.stamp-passed; \
	then echo 'Nothing has changed since the tests passed; make retest runs them again.'; \
	else $(MAKE) retest; fi

retest: .venv/.stamp-test
	@$(FINGERPRINT) > .venv/.stamp-now
	PYTHONDONTWRITEBYTECODE= OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n logical --maxprocesses 4 \
	    --dist loadfile --no-loadscope-reorder
	@mv .venv/.stamp-now .venv/.stamp-passed

lint: .venv/.stamp-test .venv/.stamp-lint
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.stamp-lint
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.venv/.stamp-made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo 'formcheck needs Python 3.11 or newer, and $(PYTHON) is not:' \
	        'install one and say make PYTHON=python3.12 demo' >&2; exit 1; }
	@echo 'Making .venv'
	@$(PYTHON) -m venv --clear .venv
	@$(PIP) --upgrade pip
	@touch $@

.venv/.stamp-run: .venv/.stamp-made pyproject.toml requirements/lock.txt
	@echo 'Installing formcheck and what it needs'
	@$(PIP) --editable .
	@$(BIN)/python -c 'import cv2' || { \
	    echo 'OpenCV and MediaPipe need system libraries that are missing here;' \
	        'on Debian and Ubuntu: apt install libgl1 libegl1 libgles2' >&2; exit 1; }
	@touch $@

# The S3 client and server of the tests lie apart: botocore wants an older python-dateutil.
.venv/.stamp-test: .venv/.stamp-run requirements/s3.txt
	@echo 'Installing what the tests need'
	@$(PIP) --group test
	@$(BIN)/python -m pip install --quiet --upgrade --target .venv/s3 -r requirements/s3.txt
	@touch $@

.venv/.stamp-lint: .venv/.stamp-run
	@echo 'Installing what the checks need'
	@$(PIP) --group lint
	@touch $@

# Uses the force-plate trials and labelled clips of ../shared where they exist; says so where not.
validation: .venv/.stamp-run
	$(BIN)/python -m formcheck.validation
	$(BIN)/formcheck metrics --markdown > docs/metrics.md

# For parts of it: make bench ARGS='--only analyze,batch'; to try it out: ARGS=--quick.
bench: .venv/.stamp-test
	$(BIN)/python -m tests.benchmarks.bench $(ARGS)

lock:
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --quiet --upgrade pip
	.venv-lock/bin/python -m pip install --quiet --editable . --group dev
	.venv-lock/bin/python -m pip freeze --all --exclude-editable --exclude setuptools \
	    > requirements/lock.txt
	.venv-lock/bin/python -m pip install --quiet --target .venv-lock/s3 \
	    s3fs 'moto[s3]' flask flask-cors
	.venv-lock/bin/python -m pip freeze --path .venv-lock/s3 > requirements/s3.txt
	rm -rf .venv-lock

clean:
	rm -rf .venv .venv-lock .pytest_cache .ruff_cache .mypy_cache .import_linter_cache
	rm -rf sample_videos/*_formcheck
	find formcheck tests -name __pycache__ -type d -prune -exec rm -rf '{}' ';'

.PHONY: help demo test retest lint format validation bench lock clean
