# make demo and make test are all that a newcomer needs; `make help` names the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# nbgrader calls alembic by name, so the environment's own commands come first
export PATH := $(CURDIR)/.venv/bin:$(PATH)
unexport PYTHONPATH PYTHONHOME

# trained checks have bars for generated reviews and for real ones, which are not in every place to be had
CORPUS ?= imdb
BARS := $(notdir $(basename $(wildcard tests/hidden/thresholds/*.json)))
REAL_BARS := $(basename $(filter %.imdb,$(BARS)))
GENERATED_BARS := $(filter-out %.imdb,$(BARS))

.PHONY: help env demo test prove calibrate fuzz attacks attack-table journeys pictures lint soak similarity gradescope bench measure simulated-class validate release lock clean

help:  ## name the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 24

env:  ## make or refresh .venv (PYTHON=python3.12 chooses the Python)
	@requirements/make-env

demo: env  ## grade a class of made-up students, from release to feedback
	autograder demo

test: env  ## run the kit's own tests and every hidden check against its reference (CHOOSE="-k name", CHOOSE=tests/late)
	pytest $(CHOOSE)

prove: env  ## show that stubs get nothing, right solutions everything, wrong ones less (UNTRAINED=1: without training; JOBS=1: on one core)
	autograder prove $(if $(UNTRAINED),--untrained) $(if $(JOBS),--jobs $(JOBS))

calibrate: env  ## slow: train every answer of every trained check, place the bars, write the evidence
	for name in $(GENERATED_BARS); do autograder calibrate "$$name" --corpus generated; done
	for name in $(REAL_BARS); do autograder calibrate "$$name" --corpus "$(CORPUS)" || test $$? = 2; done

fuzz: env  ## slow: damaged hand-ins, CASES=1000 of them, and a class of them through nbgrader (SEED=today)
	python -m tests.intake.fuzz --cases $(or $(CASES),1000) $(if $(SEED),--seed $(SEED))
	HAND_INS=100 SEED=$(or $(SEED),$(shell date +%j)) pytest -q tests/nbgrader/test_damaged_class.py

attacks: env  ## slow: hostile submissions, each alone, at every level, as root and as a user (CHOOSE="-k name")
	ATTACKS=alone pytest tests/attacks $(CHOOSE)
	test "$$(id -u)" != 0 || ATTACKS=alone tests/attacks/as-ordinary-user pytest -p no:cacheprovider tests/attacks $(CHOOSE)

attack-table: env  ## slow: the same on stock nbgrader and Otter, caged, and docs/attacks.md
	python -m tests.attacks.peers

journeys: env  ## slow: a student's, a TA's and an instructor's way, in a real browser and by the docs (CHOOSE="-k student")
	JOURNEYS=all pytest tests/journeys tests/docs tests/nbgrader/test_hostile_browser.py $(CHOOSE)

pictures: env  ## slow: the pictures of the docs, made anew (DEMO=folder: of a demo that is there)
	python -m tests.journeys.pictures $(DEMO)

lint: env  ## style and types
	ruff check .
	ruff format --check .
	mypy

soak: env  ## slow: kill what takes part in grading 50 times, and compare the gradebooks
	python -m tests.grading.kills --kills 50

bench: env  ## slow: this kit, nbgrader, Otter and the floor on one class, into docs/benchmarks.md (SHORT=1)
	python -m tests.benchmark $(if $(SHORT),--short) $(if $(STAGES),--stages $(STAGES)) $(OPTIONS)

similarity: env  ## slow: plant copies at several degrees of disguise, into docs/similarity.md
	python -m tests.similarity.measuring

gradescope: env  ## slow: time and memory of every assignment as on Gradescope, into docs/gradescope.md
	python -m tests.gradescope.measuring

measure: env  ## slow: time and memory of every solved notebook and of grading, into docs/measurements.md
	python -m autograder.commands.measure

simulated-class: env  ## slow: 120 notebooks of known abilities, graded and reported on (FOLDER=where)
	python -m autograder.commands.simulating $(if $(FOLDER),--folder $(FOLDER))

validate: env  ## slow: nbgrader's Validate on every notebook, untouched, solved and wrong (NAMES=ex2_one_hot)
	python -m tests.course.validating $(NAMES)

release: env  ## prove all assignments, then write release/ and a zip of each for students to handout/
	autograder release --hand-out

lock:  ## pin the newest versions that fit pyproject.toml and requirements/constraints.txt (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/" >&2; exit 2; }
	for version in 3.11 3.12 3.13; do \
	    uv pip compile pyproject.toml --group dev --constraint requirements/constraints.txt --universal \
	        --no-strip-extras --python-version $$version --no-python-downloads --generate-hashes --no-annotate \
	        --upgrade --quiet --custom-compile-command "make lock" --output-file requirements/lock-py$${version/./}.txt; \
	done

clean:  ## remove what can be made again; never a gradebook, a secret or a submission
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis demo-course *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
