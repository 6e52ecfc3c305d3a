"""A verdict looked into again: the same where nothing changed, and a sentence for what did."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.checking.verdicts import Outcome
from autograder.commands.inquiring import not_passed
from autograder.commands.main import app
from autograder.course import Course, find_assignment
from autograder.errors import AutograderError, CourseError
from autograder.grading import store
from autograder.grading.archives import zipped
from autograder.grading.bundles import ABOUT, REPORT, SUBMISSION, Inquiry, bundle, find_submission, opened
from autograder.grading.content import report_key
from autograder.grading.engine import Submission, grade_all
from autograder.grading.replaying import level_for, picked
from autograder.grading.report import Report, to_json
from autograder.worker.launcher import BEST
from autograder.worker.sharing import lease
from tests.grading import conftest as toy

REMEMBERS = "calls = []\ndef double(x):\n    calls.append(x)\n    return 2 * x if len(calls) != 2 else None\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory):
    """A course with one graded submission, and its warm server kept for all tests of this file."""
    root = tmp_path_factory.mktemp("replayed")
    course = toy.course.__wrapped__(root)
    folder = course.submitted / "ada" / "toy"
    toy.write(
        folder / "toy.ipynb", json.dumps(toy.notebook({"double": REMEMBERS, "triple": toy.RIGHT["triple"]}))
    )
    toy.write(folder / "data/täglich.txt", "kept\r\nas it is\n")
    toy.write(folder / "submission_secret.txt", "nbgrader's key to ada's feedback")
    with lease([root]):
        (report,) = grade_all(course, find_assignment(course, "toy"), [Submission("ada", folder)], jobs=1)
        yield course, report


@pytest.fixture
def graded(served, tmp_path) -> tuple[Course, Report, Path]:
    """The course, the Report, and a bundle about its check that failed; what a test changes is put back."""
    course, report = served
    kept = {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file()}
    file = tmp_path / "inquiry.zip"
    file.write_bytes(made(course, report))
    yield course, report, file
    for path, content in kept.items():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def made(course: Course, report: Report) -> bytes:
    asked = not_passed(report)
    submission = find_submission(course, find_assignment(course, "toy"), report)
    inquiry = Inquiry(report, tuple(verdict.check for _, verdict in asked), submission)
    return bundle(inquiry, asked, made=datetime(2026, 3, 1, tzinfo=UTC), name="inquiry.zip")


def replayed(course: Course, monkeypatch: pytest.MonkeyPatch, *words: str):
    monkeypatch.chdir(course.root)
    return CliRunner().invoke(app, ["replay", *words])


def test_the_same_verdict_is_found_again_also_where_it_depends_on_earlier_calls(graded, monkeypatch):
    course, report, file = graded
    assert [v.outcome for _, v in not_passed(report)] == [Outcome.FAILED]  # the second call of double
    result = replayed(course, monkeypatch, str(file))
    assert result.exit_code == 0, result.output
    assert "double, doubles_zero" in result.output
    assert "all checks were run again, in their order" in result.output
    assert "The verdict is the same." in result.output
    assert "differs" not in result.output


def test_a_changed_check_is_named_and_its_verdict_is_another_one(graded, monkeypatch):
    course, report, _ = graded
    file = course.root / "report.json"
    file.write_text(json.dumps({"reports": [asdict(report), asdict(report.of("bob"))]}))
    checks = course.checks / "test_toy.py"
    checks.write_text(checks.read_text().replace("reference.triple(5)", "16"))
    result = replayed(course, monkeypatch, str(file), "--student", "ada", "--check", "triples")
    assert result.exit_code == 1, result.output
    assert "PASSED then, FAILED now." in result.output
    assert "differs: The file of hidden checks is another one." in result.output


def test_another_secret_and_other_versions_are_said(graded, monkeypatch):
    course, report, _ = graded
    (course.state / "course_secret").write_text("ab" * 32 + "\n")
    older = replace(report, versions={**report.versions, "keras": "2.0", "gone": "1"})
    file = course.root / "report.json"
    file.write_text(to_json(older))
    result = replayed(course, monkeypatch, str(file), "--exercise", "triple")
    assert result.exit_code == 0, result.output  # this check draws nothing
    assert "differs: The course secret is another one" in result.output
    assert "it was 2.0." in result.output
    assert "gone is not there now; it was 1." in result.output


def test_without_a_secret_nothing_is_run_and_none_is_made(graded, monkeypatch):
    course, _, file = graded
    (course.state / "course_secret").unlink()
    result = replayed(course, monkeypatch, str(file))
    assert isinstance(result.exception, CourseError)
    assert "no course secret" in str(result.exception)
    assert not (course.state / "course_secret").exists()


def test_a_bundle_holds_what_was_handed_in_byte_for_byte_and_no_secret(graded, tmp_path):
    course, report, file = graded
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        text = b"".join(archive.read(name) for name in names)
        about = json.loads(archive.read(ABOUT))
    assert set(names) == {
        "README.txt",
        ABOUT,
        REPORT,
        f"{SUBMISSION}/toy.ipynb",
        f"{SUBMISSION}/data/täglich.txt",
    }
    assert (course.state / "course_secret").read_bytes().strip() not in text
    assert about["course_secret_included"] is False
    assert about["checks"][0]["seed"] == next(v.seed for _, v in not_passed(report))
    found = opened(file, tmp_path)
    assert found.report == report
    for name in ("toy.ipynb", "data/täglich.txt"):
        original = course.submitted / "ada/toy" / name
        assert (found.submission / name).read_bytes() == original.read_bytes()


def test_what_was_put_aside_by_a_later_hand_in_is_found(graded):
    course, report, _ = graded
    assignment = find_assignment(course, "toy")
    handed_in = course.submitted / "ada" / "toy"
    earlier = course.state / "attempts/toy/ada/2026-03-01T10-00-00"
    shutil.copytree(handed_in, earlier)
    (handed_in / "toy.ipynb").write_text(json.dumps(toy.notebook({})))
    assert find_submission(course, assignment, report) == earlier
    shutil.rmtree(earlier)
    with pytest.raises(CourseError, match="--submission"):
        find_submission(course, assignment, report)


STRANGE = {
    "no zip": b"PK\x03\x04 and nothing more",
    "a zip of something else": zipped({"a.txt": b""}),
    "no JSON in it": zipped({ABOUT: b"{", REPORT: b"{"}),
    "nesting without end": zipped({ABOUT: b"[" * 200_000, REPORT: b"{}"}),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_file_that_is_no_bundle_is_a_sentence(name, tmp_path):
    file = tmp_path / "strange.zip"
    file.write_bytes(STRANGE[name])
    with pytest.raises(CourseError, match=r"got strange\.zip"):
        opened(file, tmp_path)


@pytest.mark.parametrize(
    "path", ["../outside", "submission/../../outside", "/outside", "submission\\..\\x", "other"]
)
def test_a_bundle_writes_nothing_outside_of_its_place(path, graded, tmp_path):
    _, _, file = graded
    entries = unzipped(file) | {path: b"x"}
    file.write_bytes(zipped(entries))
    with pytest.raises(CourseError, match="holds a file that none has"):
        opened(file, tmp_path / "scratch")
    assert not list(tmp_path.rglob("outside"))


def test_a_bundle_whose_submission_was_exchanged_is_refused(graded, tmp_path):
    _, _, file = graded
    entries = unzipped(file) | {f"{SUBMISSION}/toy.ipynb": b"{}"}
    file.write_bytes(zipped(entries))
    with pytest.raises(CourseError, match=r"not the one that it was made with .*toy\.ipynb"):
        opened(file, tmp_path / "scratch")


def test_only_a_report_of_our_own_may_ask_for_less_isolation(served):
    course, report = served
    if report.isolation == "process":
        pytest.skip("this machine has no higher level than process")
    weak = replace(report, isolation="process", content=report.content | {"isolation": "process"})
    assert level_for(course, weak) == BEST
    store.put(course.state, report_key(weak.content), weak)
    assert level_for(course, weak) == "process"
    (course.state / "reports").rename(course.state / "forgotten")
    assert level_for(course, report) == BEST


def unzipped(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_check_that_is_not_in_the_report_is_named_with_the_nearest(graded):
    _, report, _ = graded
    assert [v.check for _, v in picked(report, ["test_doubles"], [])] == ["doubles"]
    with pytest.raises(CourseError, match=r"did you mean doubles\? \(got double\)"):
        picked(report, ["double"], [])
    with pytest.raises(CourseError, match=r"no such exercise; did you mean triple\? \(got tripple\)"):
        picked(report, [], ["tripple"])


def test_a_report_of_an_older_schema_or_of_several_students_is_a_sentence(graded, monkeypatch):
    course, report, _ = graded
    file = course.root / "report.json"
    file.write_text(json.dumps(asdict(report) | {"schema": 0}))
    assert "report.json: this Report has another schema" in str(
        replayed(course, monkeypatch, str(file)).exception
    )
    file.write_text(json.dumps({"reports": [1]}))
    assert "report.json: this Report cannot be read" in str(
        replayed(course, monkeypatch, str(file)).exception
    )
    file.write_text(json.dumps({"reports": [asdict(report), asdict(report.of("bob"))]}))
    assert "--student" in str(replayed(course, monkeypatch, str(file)).exception)
    file.write_text("no JSON")
    assert "neither a bundle nor a Report" in str(replayed(course, monkeypatch, str(file)).exception)
    file.write_text("[" * 100_000)
    assert "neither a bundle nor a Report" in str(replayed(course, monkeypatch, str(file)).exception)
    assert "no such file" in str(replayed(course, monkeypatch, "nothing.zip").exception)
    assert isinstance(replayed(course, monkeypatch, "nothing.zip").exception, AutograderError)
