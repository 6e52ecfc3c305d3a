"""The level of a run is tried, told with why it is no higher one, and part of each Report's key."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import LEVELS, Course, find_assignment
from autograder.errors import IsolationError
from autograder.grading import engine
from autograder.grading.engine import Submission, grade_class
from autograder.grading.isolation import Isolation, isolation_of
from tests.grading.conftest import RIGHT

HandIn = Callable[..., Path]
NO_NAMESPACES = (
    "bwrap", "--dev-bind", "/", "/", "--unshare-user", "--uid", "1000", "--gid", "1000",
    "--disable-userns", "--",
)  # fmt: skip
ASK = """
from autograder.worker.launcher import WarmServer
with WarmServer.start(()) as server:
    print(server.isolation, dict(server.refusals))
"""


def test_a_run_without_bubblewrap_says_which_level_it_has_and_what_to_install(
    course: Course,
    hand_in: HandIn,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from autograder.commands.grading import check_notebook

    monkeypatch.setenv("PATH", str(tmp_path))
    check_notebook(course, hand_in("right", **RIGHT) / "toy.ipynb", "toy", as_json=True)
    header = " ".join(capsys.readouterr().err.split())
    assert header.startswith(("isolation: process.", "isolation: restricted."))
    assert (
        "Level sandbox cannot be had here: bubblewrap is not installed: apt-get install bubblewrap." in header
    )


def test_below_the_configured_level_nothing_is_read_or_graded(
    course: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    strict = dataclasses.replace(course, settings=dataclasses.replace(course.settings, isolation="sandbox"))
    with pytest.raises(IsolationError, match="apt-get install bubblewrap"):
        list(
            grade_class(strict, find_assignment(strict, "toy"), [Submission("ada", hand_in("ada", **RIGHT))])
        )
    assert not (course.state / "reports").exists()


def test_where_user_namespaces_are_switched_off_the_sentence_says_to_allow_them() -> None:
    if not shutil.which("bwrap") or subprocess.run([*NO_NAMESPACES, "true"], check=False).returncode:
        pytest.skip("this machine cannot switch them off for one process")
    command = [*NO_NAMESPACES, sys.executable, "-c", ASK]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    level, _, refusals = done.stdout.partition(" ")
    assert level in ("process", "restricted")
    assert "'sandbox': " in refusals
    assert "user namespaces must be allowed" in refusals or "sysctl -w" in refusals


def test_a_report_of_one_level_is_not_read_at_another(
    course: Course, hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = find_assignment(course, "toy")
    items = [Submission("ada", hand_in("ada", **RIGHT))]
    (report,) = grade_class(course, toy, items)
    level = isolation_of(course).level
    assert report.content["isolation"] == report.isolation == level
    other = next(name for name in LEVELS if name != level)
    with monkeypatch.context() as patch:
        patch.setattr(engine, "isolation_of", lambda _: Isolation(other, {}))
        patch.setattr(engine, "_run", lambda *_: iter([dataclasses.replace(report, points=0.0)]))
        (again,) = grade_class(course, toy, items)
    assert again.points == 0.0  # graded anew
    (known,) = grade_class(course, toy, items, fresh=False)
    assert known.isolation == level
