"""What is handed out: made anew, proven, packed; or nothing changes and the reason is told."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assurance.calibrated import uncalibrated
from autograder.commands.handing_out import DONE, REFUSED, hand_out
from autograder.commands.new import new_assignment
from autograder.commands.release_extras import course_versions, needed_modules, write_zip
from autograder.course import find_assignment, find_course
from autograder.errors import CourseError

ROOT = Path(__file__).parents[2]
CONFIG = 'c = get_config()\nc.Autograder.isolation = "process"\nc.Autograder.warm_seconds = 60\n'


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    root = tmp_path_factory.mktemp("template")
    (root / "nbgrader_config.py").write_text(CONFIG)
    new_assignment(find_course(root), "ex7")
    return root


@pytest.fixture
def course(template, tmp_path):
    return find_course(shutil.copytree(template, tmp_path / "course"))


def everything(course):
    files = [path for path in course.root.rglob("*") if path.is_file() and "source" not in path.parts]
    return {path: path.read_bytes() for path in files if "__pycache__" not in path.parts}


def test_what_is_not_proven_changes_nothing_and_the_reason_is_told(course, capsys):
    answers = course.solutions / "ex7.py"
    wrong = "def majority__wrong_not(labels):\n    return majority(labels)\n"
    answers.write_text(f"{answers.read_text()}\n\n{wrong}")
    before = everything(course)
    assert hand_out(course, ["ex7"], jobs=2) == REFUSED
    told = " ".join(capsys.readouterr().out.split())
    assert "ex7: majority__wrong_not: is wrong and gets all points: no check finds it." in told
    assert told.endswith("Nothing was released: release/ and handout/ are as they were.")
    assert everything(course) == before


def test_what_is_proven_is_released_and_packed(course, capsys):
    (course.release / "ex7" / "old.txt").write_text("of an older release")
    assert hand_out(course, [], jobs=2) == DONE
    assert re.search(r"^written: handout/ex7\.zip \(\d+ kB\)$", capsys.readouterr().out, re.MULTILINE)
    with zipfile.ZipFile(course.root / "handout/ex7.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    released = {f"ex7/{path.name}": path.read_bytes() for path in (course.release / "ex7").iterdir()}
    assert packed == released
    assert sorted(packed) == [
        "ex7/START-HERE.txt",
        "ex7/assignment.json",
        "ex7/environment.py",
        "ex7/ex7.ipynb",
        "ex7/hand_in.py",
        "ex7/visible_checks.py",
    ]
    assert not list(course.root.glob("*/.*"))  # nothing half made is left behind


def test_a_source_that_is_not_there_or_has_no_checks_is_refused(course):
    (course.checks / "test_ex9.py").touch()
    with pytest.raises(CourseError, match=r"source/ex9/ex9\.ipynb is missing \(got ex9\)"):
        hand_out(course, ["ex7", "ex9"], jobs=1)
    (course.checks / "test_ex7.py").unlink()
    with pytest.raises(CourseError, match=r"there are no hidden checks to prove \(got ex7\)"):
        hand_out(course, [], jobs=1)


def test_a_zip_has_the_same_bytes_wherever_and_whenever_it_is_made(tmp_path):
    for number, place in enumerate(("here", "there")):
        folder = tmp_path / place / "ex7"
        folder.mkdir(parents=True)
        for name in ("b.txt", "a.txt") if number else ("a.txt", "b.txt"):
            (folder / name).write_text(name)
            (folder / name).chmod(0o600 if number else 0o755)
        (folder / "__pycache__").mkdir()
        write_zip(folder, tmp_path / f"{place}.zip")
    assert (tmp_path / "here.zip").read_bytes() == (tmp_path / "there.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "here.zip") as archive:
        assert archive.namelist() == ["ex7/a.txt", "ex7/b.txt"]


def test_needed_packages_are_read_from_the_cells_and_the_files_beside(tmp_path):
    (tmp_path / "beside.py").write_text("import numpy as np\n\ndef f():\n    import pandas\n")
    cells = [
        "%matplotlib inline\nimport os, keras\nfrom beside import f",
        "import no python",
        "from . import x",
    ]
    assert needed_modules(cells, tmp_path.glob("*.py")) == ["keras", "numpy", "tensorflow"]


def test_versions_come_from_the_locks_and_the_oldest_ones_from_the_project(tmp_path):
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/lock-py39.txt").write_text("numpy==1.26.4 \\\n    --hash=sha256:0\n")
    (tmp_path / "requirements/lock-py310.txt").write_text(
        "keras==3.9.1\nnumpy==2.1.0\ntensorflow==2.20.1 ; sys_platform == 'darwin'\ntensorflow-cpu==2.20.1\n"
    )
    (tmp_path / "pyproject.toml").write_text(
        "[project]\ndependencies = ['tensorflow-cpu>=2.20; sys_platform == \"linux\"', 'numpy>=2', 'keras']\n"
    )
    assert course_versions(tmp_path, ["keras", "numpy", "tensorflow"]) == {
        "python": {"oldest": "3.9", "newest": "3.10"},
        "packages": {
            "keras": {"install": "keras", "course": "3.9.1", "oldest": "3"},
            "numpy": {"install": "numpy", "course": "2.1.0", "oldest": "2"},
            "tensorflow": {"install": "tensorflow", "course": "2.20.1", "oldest": "2.20"},
        },
    }


def test_without_locks_versions_are_those_installed_here(tmp_path):
    found = course_versions(tmp_path, ["PIL", "tensorflow"])["packages"]
    assert found["PIL"]["install"] == "pillow"
    assert found["tensorflow"]["install"] == "tensorflow"  # also where tensorflow-cpu is what is installed
    assert found["tensorflow"]["course"].startswith(found["tensorflow"]["oldest"] + ".")
    with pytest.raises(CourseError, match=r"neither locked nor installed \(got no_such_package\)"):
        course_versions(tmp_path, ["no_such_package"])


def spoiled(evidence, case):
    """The committed evidence of ex2_one_hot with something that must not be."""
    data = json.loads(evidence)
    check = data["checks"]["learns_from_reviews"]
    runs = data["runs"]["learns_from_reviews"]["right"]
    if case == "another bar":
        data["bars"]["test_accuracy"]["bar"] = 0.77
    elif case == "fewer runs":
        for answer in runs:
            runs[answer] = runs[answer][:10]
        check["runs"] = sum(map(len, runs.values()))
    elif case == "other runs":
        runs["build_onehot_classifier"].pop()
    elif case == "a new answer":
        del runs[next(name for name in runs if "__right" in name)]
        check["runs"] = sum(map(len, runs.values()))
    elif case == "no such check":
        del data["runs"]["learns_from_reviews"]
    return json.dumps(data) if case != "no JSON" else evidence[:-10]


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (
            "missing",
            "the evidence for its bars is missing, there is none: run autograder calibrate ex2_one_hot",
        ),
        ("no JSON", "it cannot be read"),
        ("no such check", "ex2_one_hot.json holds no whole evidence for this check"),
        ("another bar", "its bar test_accuracy does not lie between right and wrong answers (got 0.77)"),
        ("fewer runs", "a right answer may fail it more than once in 100 000 times"),
        ("other runs", "its runs do not give what is written of them"),
        ("a new answer", "its bars were placed without some of today's right answers"),
    ],
)
def test_a_bar_without_its_evidence_is_an_offence(tmp_path, case, reason):
    course = find_course(ROOT)
    assignment = find_assignment(course, "ex2_one_hot")
    assert uncalibrated(course, assignment) == []
    evidence = assignment.checks.parent / "thresholds/ex2_one_hot.json"
    (tmp_path / "thresholds").mkdir()
    copy = replace(assignment, checks=Path(shutil.copy(assignment.checks, tmp_path)))
    if case != "missing":
        (tmp_path / "thresholds/ex2_one_hot.json").write_text(spoiled(evidence.read_text(), case))
    offences = uncalibrated(course, copy)
    assert {offence.where for offence in offences} == {"learns_from_reviews"}
    assert any(reason in offence.what for offence in offences)
