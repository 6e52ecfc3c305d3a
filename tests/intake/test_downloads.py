"""Downloads of Moodle and Canvas: whose each hand-in is, which notebook counts, and that nothing is lost."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from autograder.course import Course
from autograder.grading import downloads
from autograder.grading.downloads import Plan, collect_downloads
from autograder.grading.intake.belonging import other_assignment
from autograder.grading.readying import Expected
from autograder.lms.people import Person, match
from autograder.lms.sheets import read_sheet
from tests.intake.conftest import marked, notebook
from tests.intake.test_unpacking import archive
from tests.lms.samples import CANVAS, WORKSHEET

PEOPLE = [
    Person("ada", "Ada", "Lovelace", "ada@example.org", "7001"),
    Person("zoe", "Zoé", "d’Été", "zoe@example.org", "7002"),
    Person("jr", "Zoé", "d’Été, jr", "jr@example.org"),
]
GRACE = timedelta(minutes=10)
DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)
MARKS = {"toy": frozenset({"setup", "double"}), "other": frozenset({"setup", "triple", "quadruple"})}


def of(*names):
    return json.dumps(notebook([marked("code", "x = 1", name, solution=True) for name in names])).encode()


TOY = of("setup", "double")


@pytest.fixture
def course(tmp_path):
    return Course(root=tmp_path, submitted=tmp_path / "submitted")


@pytest.fixture
def inbound(tmp_path):
    folder = tmp_path / "inbound"
    folder.mkdir()
    return folder


@pytest.fixture
def take(course, inbound, tmp_path):
    """Collect what lies in the inbound folder: the results by student, and what is strange."""
    runs = iter(range(100))

    def take(*, sheet="", due=DUE, added=None, people=PEOPLE):
        read = read_sheet(sheet.encode()) if sheet else None
        plan = Plan(
            course,
            Expected("toy", MARKS),
            lambda _: due and due + GRACE,
            lambda _: due,
            read,
            ZoneInfo("Europe/Paris"),
        )
        found, strange = downloads.find(inbound, read)
        matches = match([each.identity for each in found], people)
        results = collect_downloads(plan, found, matches, added or {}, tmp_path / f"scratch{next(runs)}")
        return {collected.student: collected for collected in results}, strange

    return take


def put(inbound, name, content=TOY):
    file = inbound / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def files(course, student="ada"):
    folder = course.submitted / student / "toy"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


MARKED = ["submission_secret.txt", "timestamp.txt"]
MOODLE = "Ada Lovelace_101_assignsubmission_file_"


@pytest.mark.parametrize(
    ("name", "student"),
    [
        (f"{MOODLE}/toy.ipynb", "ada"),
        (f"{MOODLE[:-1]}/toy.ipynb", "ada"),
        (f"{MOODLE}toy.ipynb", "ada"),
        (f"TD 2-{MOODLE}/toy.ipynb", "ada"),
        ("Lovelace Ada_9_assignsubmission_file_/toy.ipynb", "ada"),
        ("Zoé dÉté_9_assignsubmission_file_/toy.ipynb", "zoe"),
        ("ZOÉ D'ÉTÉ_9_assignsubmission_file_toy.ipynb", "zoe"),
        ("lovelaceada_7001_55_toy.ipynb", "ada"),
        ("lovelaceada_LATE_7001_55_toy-2.ipynb", "ada"),
        ("somebodyelse_7002_55_toy.ipynb", "zoe"),
        ("détézoé_9_55_toy.ipynb", "zoe"),
    ],
)
def test_a_hand_in_of_each_platform_finds_its_student(course, inbound, take, name, student):
    put(inbound, name)
    results, strange = take()
    assert strange == []
    assert results[student].counts is not None, results
    assert files(course, student) == [*MARKED, "toy.ipynb"]
    assert (course.submitted / student / "toy/toy.ipynb").read_bytes() == TOY


def test_number_and_name_of_different_students_are_a_doubt(course, inbound, take):
    put(inbound, "lovelaceada_7002_55_toy.ipynb")
    (collected,) = take()[0].values()
    assert collected.counts is None
    assert "The number fits zoe, the name fits ada." in collected.remarks
    assert not course.submitted.exists()


def test_whom_nobody_knows_is_not_collected_and_stays_where_it_is(course, inbound, take):
    file = put(inbound, "Eve New_9_assignsubmission_file_/toy.ipynb")
    (collected,) = take()[0].values()
    assert str(collected) == (
        "Eve New (Moodle's number 9): nothing was collected. No student of the course fits."
    )
    assert file.exists()
    assert take(added={0: "eve"})[0]["eve"].counts is not None
    assert files(course, "eve") == [*MARKED, "toy.ipynb"]


def test_two_hand_ins_of_one_student_are_left_to_a_person(inbound, take):
    put(inbound, f"{MOODLE}/toy.ipynb")
    put(inbound, "Lovelace Ada_102_assignsubmission_file_/toy.ipynb", of("double"))
    results, _ = take()
    assert [each.counts for each in results.values()] == [None, None]
    assert all("both fit ada" in each.remarks[0] for each in results.values())


def test_the_sheet_says_which_of_two_it_is_and_when(course, inbound, take):
    put(inbound, f"{MOODLE}/toy.ipynb")
    twins = [*PEOPLE, Person("ada2", "Ada", "Lovelace", "ada2@example.org")]
    (nobody,) = take(people=twins)[0].values()
    assert "The name fits several students: ada, ada2." in nobody.remarks
    results, _ = take(people=twins, sheet=WORKSHEET)
    assert str(results["ada"]) == "ada: handed in 2026-03-03 21:05 UTC (late)."
    assert (course.submitted / "ada/toy/timestamp.txt").read_text() == "2026-03-03 21:05:00.000000 UTC"


@pytest.mark.parametrize(
    ("sheet", "name"),
    [(WORKSHEET, "Zoé d'Été_101_assignsubmission_file_/toy.ipynb"), (CANVAS, "d_7001_5_toy.ipynb")],
)
def test_the_sheet_of_another_assignment_makes_nobody_somebody_else(course, inbound, take, sheet, name):
    put(inbound, name)
    (collected,) = take(sheet=sheet)[0].values()
    assert "In the sheet this number is that of " in collected.remarks[0]
    assert "is it the sheet of this assignment?" in collected.remarks[0]
    assert not course.submitted.exists()


def test_the_sheet_of_canvas_says_who_it_is_too(inbound, take):
    put(inbound, "lovelaceada_7001_55_toy.ipynb")
    people = [Person("nr1", email="x@y", logins=frozenset({"S1"}))]
    assert take(sheet=CANVAS, people=people)[0]["nr1"].counts is not None


def test_where_nobody_says_when_it_counts_as_in_time(course, inbound, take):
    put(inbound, f"{MOODLE}/toy.ipynb")
    results, _ = take()
    assert str(results["ada"]) == "ada: collected."
    assert (course.submitted / "ada/toy/timestamp.txt").read_text() == "2026-03-01 12:00:00.000000 UTC"


def test_what_canvas_calls_late_is_told_and_costs_nothing(inbound, take):
    put(inbound, "lovelaceada_LATE_7001_55_toy.ipynb")
    results, _ = take()
    assert "Canvas calls it late" in results["ada"].remarks[0]
    assert not results["ada"].late


def test_collecting_a_new_download_of_the_same_changes_nothing(course, inbound, take):
    file = put(inbound, f"{MOODLE}/toy.ipynb")
    take(due=None)
    before = {path: path.read_bytes() for path in course.submitted.rglob("*") if path.is_file()}
    os.utime(file, (2_000_000_000, 2_000_000_000))
    assert not take(due=None)[0]["ada"].new
    assert {path: path.read_bytes() for path in course.submitted.rglob("*") if path.is_file()} == before


def test_a_new_version_puts_the_old_one_aside(course, inbound, take):
    put(inbound, f"{MOODLE}/toy.ipynb")
    take()
    put(inbound, f"{MOODLE}/toy.ipynb", of("double"))
    assert "is kept in .autograder/attempts/toy/ada/" in str(take()[0]["ada"])
    (kept,) = (course.state / "attempts/toy/ada").iterdir()
    assert (kept / "toy.ipynb").read_bytes() == TOY


def test_the_only_notebook_is_taken_whatever_it_is_called(course, inbound, take):
    put(inbound, f"{MOODLE}/TP2 final.ipynb")
    put(inbound, f"{MOODLE}/notes.txt", b"x")
    results, _ = take()
    assert results["ada"].remarks == (
        "The notebook is called TP2 final.ipynb instead of toy.ipynb; it was taken all the same.",
    )
    assert files(course) == ["TP2 final.ipynb", "notes.txt", *MARKED]


def test_of_several_notebooks_the_one_with_the_name_counts(inbound, take):
    put(inbound, f"{MOODLE}/toy.ipynb")
    put(inbound, f"{MOODLE}/try.ipynb", b"{}")
    assert take()[0]["ada"].remarks == ("There are 2 notebooks; toy.ipynb counts.",)


@pytest.mark.parametrize("names", [("a.ipynb", "b.ipynb"), ("toy.ipynb", "toy-1.ipynb")])
def test_two_notebooks_that_may_both_count_are_left_to_a_person(course, inbound, take, names):
    for number, name in enumerate(names):
        put(inbound, f"{MOODLE}/{name}", of("double", *"x" * number))
    results, _ = take()
    assert results["ada"].counts is None
    assert f"There are 2 notebooks ({', '.join(sorted(names))}), and it is not clear" in str(results["ada"])
    assert not course.submitted.exists()


def test_the_same_notebook_twice_is_one(inbound, take):
    put(inbound, "lovelaceada_7001_55_toy.ipynb")
    put(inbound, "lovelaceada_7001_56_toy-1.ipynb")
    assert take()[0]["ada"].counts is not None


def test_two_files_of_one_name_are_both_kept(course, inbound, take):
    put(inbound, "lovelaceada_7001_55_toy.ipynb")
    put(inbound, "lovelaceada_7001_56_data.csv", b"1")
    put(inbound, "lovelaceada_7001_57_data.csv", b"2")
    put(inbound, "lovelaceada_7001_text.html", b"<p>")
    take()
    assert files(course) == sorted(["data (2).csv", "data.csv", *MARKED, "text.html", "toy.ipynb"])


def test_the_notebook_of_another_assignment_is_not_collected(course, inbound, take):
    put(inbound, f"{MOODLE}/toy.ipynb", of("setup", "triple"))
    results, _ = take()
    assert results["ada"].counts is None
    assert results["ada"].remarks == ("This is the notebook of other.",)
    assert not course.submitted.exists()


@pytest.mark.parametrize(
    ("content", "other"),
    [
        (of("triple"), "other"),
        (of("setup"), ""),
        (of("setup", "double", "triple"), ""),
        (of("unknown"), ""),
        (b"no notebook", ""),
        (b"", ""),
    ],
)
def test_a_notebook_belongs_to_another_assignment_only_where_its_marks_say_so(content, other):
    assert other_assignment(content, "toy", MARKS) == other


def test_a_zip_with_one_notebook_is_opened(course, inbound, take):
    put(inbound, f"{MOODLE}/mine.zip", archive(("hand-in/toy.ipynb", TOY), ("hand-in/receipt.json", b"{}")))
    results, _ = take()
    assert results["ada"].remarks == ()
    assert files(course) == ["hand-in/receipt.json", "mine.zip", *MARKED, "toy.ipynb"]


def test_a_flat_zip_of_canvas_is_opened(course, inbound, take):
    put(inbound, "lovelaceada_7001_55_toy.zip", archive(("toy.ipynb", TOY), ("receipt.json", b"{}")))
    take()
    assert files(course) == ["receipt.json", *MARKED, "toy.ipynb", "toy.zip"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no zip", "The zip is no zip that can be opened"),
        (archive(("a.ipynb", TOY), ("b.ipynb", of("double"))), "There are 2 notebooks (a.ipynb, b.ipynb)"),
    ],
)
def test_a_zip_that_does_not_fit_is_left_to_a_person(inbound, take, content, sentence):
    put(inbound, f"{MOODLE}/mine.zip", content)
    results, _ = take()
    assert results["ada"].counts is None
    assert sentence in str(results["ada"])


def test_a_zip_beside_a_notebook_stays_closed(course, inbound, take):
    put(inbound, f"{MOODLE}/toy.ipynb")
    put(inbound, f"{MOODLE}/more.zip", archive(("toy.ipynb", b"other")))
    take()
    assert files(course) == ["more.zip", *MARKED, "toy.ipynb"]


def test_a_hand_in_without_a_notebook_is_collected_so_that_it_gets_its_reason(course, inbound, take):
    put(inbound, f"{MOODLE}/report.pdf", b"%PDF")
    assert take()[0]["ada"].remarks == ("There is no notebook in it.",)
    assert files(course) == ["report.pdf", *MARKED]


def test_a_notebook_in_a_hidden_folder_is_none(course, inbound, take):
    put(inbound, f"{MOODLE}/.ipynb_checkpoints/toy-checkpoint.ipynb")
    put(inbound, f"{MOODLE}/deep/er/toy.ipynb")
    take()
    assert "toy.ipynb" in files(course)


def test_links_are_not_followed(inbound, take, tmp_path):
    (tmp_path / "secret.ipynb").write_bytes(TOY)
    (inbound / "lovelaceada_7001_55_toy.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (inbound / "Zoé d’Été_9_assignsubmission_file_").symlink_to(tmp_path)
    results, strange = take()
    assert results == {}
    assert strange == ["Zoé d’Été_9_assignsubmission_file_", "lovelaceada_7001_55_toy.ipynb"]


def test_other_names_are_told_and_left_alone(inbound, take):
    put(inbound, "README.txt", b"")
    put(inbound, ".DS_Store", b"")
    put(inbound, "toy.ipynb")
    assert take() == ({}, ["README.txt", "toy.ipynb"])
