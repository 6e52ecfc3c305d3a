"""Graded on generated reviews or on real ones: the setting, the bars in force, what a Report rests on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from autograder.assurance.training_runs import trained_checks
from autograder.commands.calibrating import calibrate_assignment
from autograder.course import Course, find_course, with_corpus
from autograder.errors import CourseError
from autograder.grading.content import content_hashes
from autograder.grading.corpus import prepared_corpus
from autograder.grading.engine import Submission, grade_all
from autograder.grading.report import Report
from tests.reviews.test_loader import npy, object_array, write

RIGHT = "def double(x):\n    return 2 * x\n"
CHECK = '''

from autograder import reviews
from autograder.checking import reaches


@exercise("double")
def test_doubles_the_lengths(submission, seeds, corpus):
    """Twice the length of a review, for the reviews of this course."""

    def run(seed):
        lengths = [len(tokens) for tokens in reviews.for_testing(6, seed, corpus).tokens]
        right = sum(submission.double(n) == 2 * n for n in lengths) / len(lengths)
        yield {"share": 0.9 * right, "longest": max(lengths) / 1000}

    reaches(seeds, run, hint="Count a few by hand.")


@exercise("triple")
def test_triples_the_lengths(submission, seeds):
    """Three times the length of a generated review."""

    def run(seed):
        lengths = [len(tokens) for tokens in reviews.draw(6, seed).tokens]
        yield {"generated_share": sum(submission.triple(n) == 3 * n for n in lengths) / len(lengths)}

    reaches(seeds, run, hint="Count a few by hand.")
'''
GENERATED_BARS = {"share": 0.5, "longest": 0.5, "generated_share": 0.5}  # nobody writes 500 words
REAL_BARS = {"share": 0.5, "longest": 0.001}


def write_bars(toy, name, bars):
    file = toy.checks.parent / "thresholds" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"bars": {bar: {"bar": value} for bar, value in bars.items()}}))


@pytest.fixture
def toy(toy):
    """The toy with two checks that train (or as good as), and reviews of a single word to grade it on."""
    toy.checks.write_text(toy.checks.read_text() + CHECK)
    write_bars(toy, "toy.json", GENERATED_BARS)
    write_bars(toy, "toy.imdb.json", REAL_BARS)
    (toy.root / "data").mkdir()
    one_word = npy(object_array([[rank] for rank in range(1, 21)]))
    labels = npy(np.array([0, 1] * 10))
    arrays = {"x_train": one_word, "y_train": labels, "x_test": one_word, "y_test": labels}
    write(toy.root / "data" / "imdb.npz", arrays)
    return toy


def choose(toy, corpus: object) -> Course:
    config = toy.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"c.Autograder.corpus = {corpus!r}\n")
    return find_course(toy.root)


def graded(toy, course: Course) -> Report:
    notebook = json.loads((toy.root / "source/toy/toy.ipynb").read_text())
    handed_in = toy.root / "submitted/ada/toy"
    handed_in.mkdir(parents=True, exist_ok=True)
    (handed_in / "toy.ipynb").write_text(json.dumps(notebook))
    (report,) = grade_all(course, toy.assignment, [Submission("ada", handed_in)], jobs=1)
    return report


def outcomes(report: Report) -> dict[str, str]:
    return {line.check: line.outcome for exercise in report.exercises.values() for line in exercise.verdicts}


def test_a_class_is_graded_on_the_chosen_reviews_with_the_bars_for_them(toy) -> None:
    report = graded(toy, choose(toy, "data/imdb.npz"))
    # the third draws generated reviews all the same, and its bar is not among those for real ones
    assert set(outcomes(report).values()) == {"PASSED"}
    assert report.versions["film reviews"] == "imdb.npz"
    assert str(toy.root) not in json.dumps(dict(report.versions))

    generated = graded(toy, choose(toy, "generated"))
    assert outcomes(generated)["doubles_the_lengths"] == "FAILED"
    assert generated.versions["film reviews"] == "generated"


def test_reviews_without_bars_are_our_fault_and_staff_read_what_to_do(toy) -> None:
    (toy.checks.parent / "thresholds/toy.imdb.json").unlink()
    report = graded(toy, choose(toy, "data/imdb.npz"))
    assert outcomes(report)["doubles_the_lengths"] == "BROKEN"
    assert "autograder calibrate (got toy.imdb.json)" in (toy.course.state / "faults.log").read_text()


@pytest.mark.parametrize("chosen", ["nowhere.npz", "IMDB", "", 3, None, "data"])
def test_a_corpus_that_is_not_there_is_named(toy, chosen: object) -> None:
    with pytest.raises(CourseError, match=r"c\.Autograder\.corpus") as caught:
        choose(toy, chosen)
    assert str(caught.value).endswith(f"(got {chosen!r})")


def test_a_file_that_holds_no_reviews_is_named_before_anything_is_graded(toy) -> None:
    course = choose(toy, "nbgrader_config.py")
    with pytest.raises(CourseError, match=r"the corpus 'nbgrader_config.py' cannot be used: .* not an .npz"):
        graded(toy, course)


def test_imdb_without_a_network_ends_in_a_sentence(toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(toy.root / "keras"))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with pytest.raises(CourseError, match=r"the corpus 'imdb' cannot be used: .* connect to the network"):
        prepared_corpus(choose(toy, "imdb"))


def test_a_report_rests_on_the_reviews_and_on_their_bars(toy) -> None:
    def hashes(course: Course) -> dict[str, str]:
        return content_hashes(course, toy.assignment, b"s" * 32, "handed in")

    generated, real = toy.course, with_corpus(toy.course, "data/imdb.npz")
    before = {"generated": hashes(generated), "real": hashes(real)}
    assert before["generated"]["corpus"] == ""
    write_bars(toy, "toy.imdb.json", REAL_BARS | {"share": 0.6})
    assert hashes(generated) == before["generated"]
    assert changed(before["real"], hashes(real)) == {"thresholds"}

    before["real"] = hashes(real)
    (toy.root / "data/imdb_word_index.json").write_text('{"good": 1}')
    assert hashes(generated) == before["generated"]
    assert changed(before["real"], hashes(real)) == {"corpus"}
    assert changed(hashes(generated), hashes(real)) == {"corpus", "thresholds"}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name, value in after.items() if before[name] != value}


def test_only_checks_that_draw_from_the_corpus_are_calibrated_on_it(toy) -> None:
    by_default = [check.name for check in trained_checks(toy.assignment)]
    assert by_default == ["doubles_the_lengths", "triples_the_lengths"]
    on_real = [check.name for check in trained_checks(toy.assignment, "data/imdb.npz")]
    assert on_real == ["doubles_the_lengths"]


def test_calibration_on_real_reviews_writes_bars_of_their_own(toy) -> None:
    toy.change(toy.checks, ', "longest": max(lengths) / 1000', "")
    generated = (toy.checks.parent / "thresholds/toy.json").read_bytes()
    course = with_corpus(toy.course, str(toy.root / "data/imdb.npz"))
    assert calibrate_assignment(course, "toy", runs=6, wrong_runs=6, jobs=1) == 0
    written = (toy.checks.parent / "thresholds/toy.imdb.json").read_text()
    assert (toy.checks.parent / "thresholds/toy.json").read_bytes() == generated
    data = json.loads(written)
    assert list(data["checks"]) == ["doubles_the_lengths"]
    assert data["measured"]["film reviews"]["name"] == "imdb.npz"
    assert "--corpus imdb.npz" in data["measured"]["command"]
    assert str(Path(toy.root)) not in written
