"""What happens there, on folders laid out as documented: a score where it is sure, else none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.commands.gradescope.archive import Setup, gradescope_zip
from autograder.course import find_assignment
from tests.gradescope import platform
from tests.grading.conftest import RIGHT, notebook


@pytest.fixture
def uploaded(course, tmp_path_factory) -> Path:
    """Gradescope's folder after the upload of the toy assignment; any isolation is accepted."""
    root = tmp_path_factory.mktemp("autograder")
    archive = root.parent / "toy.zip"
    archive.write_bytes(gradescope_zip(course, find_assignment(course, "toy"), Setup(isolation="process")))
    platform.build(root, archive)
    platform.with_environment(root)
    return root


def test_a_submission_gets_its_points_whatever_its_file_is_called(uploaded):
    wrong = RIGHT | {"triple": "def triple(x):\n    return x\n"}
    platform.submit(uploaded, {"my homework (2).ipynb": json.dumps(notebook(wrong)), "notes.txt": "…"})
    run = platform.run(uploaded)
    assert run.code == 0, run.stdout
    assert run.results is not None
    read, double, triple = run.results["tests"]
    assert "my homework (2).ipynb instead of toy.ipynb" in read["output"]
    assert (double["score"], double["status"]) == (3.0, "passed")
    assert (triple["score"], triple["status"]) == (0.0, "failed")
    assert "submission 123456" in run.stdout
    assert "isolation: " in run.stdout
    assert "student@example.com" not in run.stdout + json.dumps(run.results)
    for place in ("source", "results", "submission_metadata.json"):
        assert (uploaded / place).stat().st_mode & 0o077 == 0  # students' code is somebody else there


def test_what_cannot_be_read_has_zero_and_a_check_of_ours_that_fails_has_no_result(uploaded):
    platform.submit(uploaded, {"a.ipynb": "{}", "b.ipynb": "{}"}, metadata="not as documented")
    run = platform.run(uploaded)
    assert run.results is not None, run.stdout
    assert "it is not clear which one" in run.results["output"]
    assert sum(test.get("score", 0.0) for test in run.results["tests"]) == 0.0

    checks = uploaded / "source/course/tests/hidden/test_toy.py"
    checks.write_text(checks.read_text().replace("reference.double(x)", "reference.quadruple(x)"))
    platform.submit(uploaded, {"toy.ipynb": json.dumps(notebook(RIGHT))})
    run = platform.run(uploaded)
    assert run.results is None  # and the results of the last run are gone
    assert run.code == 3
    assert "NOT GRADED: a check of ours failed" in run.stdout
    assert "quadruple" in run.stdout


def test_with_less_isolation_than_accepted_nothing_is_graded(uploaded):
    config = uploaded / "source/course/nbgrader_config.py"
    config.write_text(config.read_text().replace("'process'", "'sandbox'"))
    platform.submit(uploaded, {"toy.ipynb": json.dumps(notebook(RIGHT))})
    run = platform.run(uploaded, path=platform.path_without("bwrap", uploaded.parent / "tools"))
    assert run.results is None
    assert run.code == 2
    assert "NOT GRADED: this course accepts no isolation below sandbox" in run.stdout


def test_a_run_that_takes_too_long_is_ended_without_a_result(uploaded):
    script = uploaded / "run_autograder"
    script.write_text(script.read_text().replace('"570"', '"0.2"'))
    platform.submit(uploaded, {"toy.ipynb": json.dumps(notebook(RIGHT))})
    (uploaded / "results/results.json").write_text("{}")
    run = platform.run(uploaded)
    assert run.results is None
    assert "NOT GRADED: it was not finished" in run.stdout
