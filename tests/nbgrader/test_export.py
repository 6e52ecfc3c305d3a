"""Grades on their way home: by our command, and by nbgrader's export with the kit's plug-ins."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile

import pytest
from nbgrader.apps import ExportApp

from autograder.checking.verdicts import Outcome
from autograder.commands.exporting import Request, export_grades
from autograder.errors import CourseError
from autograder.grading import store
from autograder.grading.nbgrader_plugin.recording import record
from autograder.lms.cells import SheetError
from autograder.reporting.filling import Wish

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
SHEET = (
    "Identifiant,\"Nom complet\",\"Adresse de courriel\",Statut,Note,\"Note maximale\"\r\n"
    "Participant 11,\"Lovelace, Ada\",ada@example.org,Remis,,\"6,00\"\r\n"
    "Participant 12,\"Zoé_d'Été\",zoe@example.org,Remis,\"0,50\",\"6,00\"\r\n"
    "Participant 13,\"Bob Noyce\",bob@example.org,Remis,,\"6,00\"\r\n"
    "Participant 14,\"Eve\",eve@example.org,-,,\"6,00\"\r\n"
)  # fmt: skip


@pytest.fixture(scope="module")
def graded(shared):
    """ada and zoe have grades, bob's waits for a person, dan handed in nothing, eve's is BROKEN."""
    shared.hand_in("ada", {"double": "# ada"})
    shared.prepare("ada", PASSED, FAILED, PASSED)
    shared.hand_in("zoe", {"double": "# zoe"}, timestamp="2026-01-02 14:00:00 UTC")
    shared.prepare("zoe", PASSED, FAILED, FAILED)
    shared.hand_in("bob", {"why_answer": "Because."})
    shared.prepare("bob")
    shared.hand_in("eve", {"double": "# eve"})
    shared.prepare("eve", Outcome.BROKEN, PASSED, PASSED)
    (shared.root / "late.toml").write_text(
        'timezone = "UTC"\n[assignment.toy]\ndeadline = "2026-01-01 12:00"\npoints_per_day = 0.25\n'
    )
    record(shared.course, "toy")
    for student, first, last in (("ada", "Ada", "Lovelace"), ("zoe", "Zoé", "d'Été"), ("bob", "", "")):
        shared.change(
            f"UPDATE student SET first_name = '{first}', last_name = '{last.replace(chr(39), chr(39) * 2)}',"
            f" email = '{student}@example.org' WHERE id = '{student}'"
        )
    shared.change("INSERT INTO student (id, last_name) VALUES ('dan', '=Dan, \"the\" Man')")
    shared.change("INSERT OR IGNORE INTO student (id, email) VALUES ('eve', 'eve@example.org')")
    return shared


@pytest.fixture
def export(graded, tmp_path, capsys):
    """Export with our command: exit code, what was written, what was said."""
    sheet = tmp_path / "Notes-toy.csv"
    sheet.write_text(SHEET, encoding="utf-8-sig", newline="")

    def export(*, filling=True, **wished):
        target = tmp_path / "out"
        wished.setdefault("to", target)
        request = Request(sheet=sheet if filling else None, **wished)
        code = export_grades(graded.course, "toy", request)
        return code, request.to.read_bytes() if request.to else b"", capsys.readouterr().out

    return export


def test_the_sheet_gets_our_column_and_the_account_names_everybody(export):
    code, content, said = export()
    expected = SHEET.replace('Remis,,"6,00"', 'Remis,"3,5","6,00"', 1).replace('"0,50"', '"1"')
    assert content == expected.encode("utf-8-sig")
    assert code == 0
    for sentence in (
        'Grades in the column "Note": 1 written, 1 changed, 0 as before, 3 left blank.',
        "zoe (Zoé d'Été): 0,50 → 1",
        "waits for a person to grade an answer: bob",
        "nothing handed in: dan",
        "With --with-waiting, who waits for a person has the points so far.",
        "handed in and without a grade: autograder grade toy says why: eve",
        "Points taken off for being late, in these grades: zoe (Zoé d'Été) 0.5.",
    ):
        assert sentence in said, said


def test_what_waits_for_a_person_goes_out_only_where_that_is_asked(export):
    _, content, said = export(with_waiting=True)
    assert b'bob@example.org,Remis,5,"6,00"' in content
    assert "waits for a person" not in said


def test_feedback_is_packed_as_moodle_reads_it(export, tmp_path):
    _, _, said = export(feedback=True)
    assert "Feedback of 2 students" in said
    with zipfile.ZipFile(tmp_path / "toy-feedback.zip") as archive:
        assert archive.namelist() == [
            "Lovelace, Ada_11_assignfeedback_file_toy.html",
            "Zoé d'Été_12_assignfeedback_file_toy.html",
        ]
        for name in archive.namelist():  # Moodle looks for the number behind the first of four underscores
            _, number, kind, plugin, file = name.split("_", 4)
            assert (number.isdigit(), kind, plugin, file) == (True, "assignfeedback", "file", "toy.html")
        assert "<html" in archive.read(archive.namelist()[0]).decode()


def test_plain_csv_and_json_have_points_of_each_exercise(export):
    _, content, _ = export(filling=False)
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))}
    assert (rows["ada"]["score"], rows["ada"]["double"], rows["ada"]["halve"]) == ("3.5", "1.5", "2")
    assert (rows["bob"]["score"], rows["bob"]["why_answer"], rows["bob"]["double"]) == ("", "", "3")
    assert (rows["zoe"]["late_penalty"], rows["eve"]["score"], rows["dan"]["handed_in"]) == ("0.5", "", "no")
    assert rows["dan"]["last_name"] == '\'=Dan, "the" Man'


def test_the_same_as_json(export, tmp_path):
    _, content, _ = export(filling=False, format="json", to=tmp_path / "grades.json")
    grades = {grade["student"]: grade for grade in json.loads(content)["grades"]}
    assert grades["ada"]["points"] == {"double": 1.5, "halve": 2.0, "why_answer": 0.0}
    assert (grades["eve"]["score"], grades["dan"]["score"]) == (None, None)


def test_moodles_gradebook_gets_a_sheet_of_its_own(export):
    _, content, _ = export(filling=False, format="moodle-gradebook")
    assert content.decode("utf-8-sig").splitlines() == [
        "Email address,First name,Last name,Toy",
        "ada@example.org,Ada,Lovelace,3.5",
        "zoe@example.org,Zoé,d'Été,1",
    ]


def test_what_lies_in_exports_is_made_anew_and_other_files_are_not_written_over(export, graded, tmp_path):
    for _ in range(2):
        export(to=None)
    made = graded.root / "exports/toy/Notes-toy-filled.csv"
    assert made.read_bytes().startswith(b"\xef\xbb\xbf")
    export()
    with pytest.raises(CourseError, match="is there already: name another, or remove it first"):
        export()
    with pytest.raises(CourseError, match="the sheet itself is not written over"):
        export(to=tmp_path / "Notes-toy.csv")


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"filling": False, "format": "moodle"}, "a sheet is filled that you download .*worksheet"),
        ({"filling": False, "format": "canvas"}, "Export Entire Gradebook"),
        ({"format": "canvas"}, "this is Moodle's grading worksheet: leave --format away"),
        ({"format": "xml"}, r"there are the formats moodle, .* \(got xml\)"),
        ({"wish": Wish(column="Total")}, "no column is called Total"),
    ],
)
def test_a_request_that_does_not_fit_is_a_sentence_and_writes_nothing(export, tmp_path, request_, sentence):
    with pytest.raises((CourseError, SheetError), match=sentence):
        export(**request_)
    assert not (tmp_path / "out").exists()


def test_a_sheet_named_after_another_assignment_is_refused(graded):
    other = graded.root / "tests/hidden/test_toy2.py"
    other.touch()
    try:
        with pytest.raises(SheetError, match=r"named after toy2, and this is the export of toy"):
            export_grades(graded.course, "toy", Request(sheet=_renamed(graded, "Grades-toy2.csv")))
    finally:
        other.unlink()


def _renamed(graded, name):
    sheet = graded.root / name
    sheet.write_text(SHEET)
    return sheet


def test_nbgraders_export_writes_the_same(graded, export, terminal_in, tmp_path):
    _, ours, _ = export()
    plugin = "autograder.reporting.exporters.MoodleWorksheet"
    sheet = tmp_path / "Notes-toy.csv"
    words = ["--exporter", plugin, "--assignment", "['toy']", "--to", str(tmp_path / "theirs.csv")]
    assert terminal_in(graded.root, [*words, f"--MoodleWorksheet.sheet={sheet}"]) == 0
    assert (tmp_path / "theirs.csv").read_bytes() == ours
    assert terminal_in(graded.root, words) == 1  # no sheet
    plain = ["--exporter", "autograder.reporting.exporters.PlainCsv", "--to", str(tmp_path / "plain.csv")]
    assert terminal_in(graded.root, [*plain, "--assignment", "toy", "--student", "ada"]) == 0
    assert len((tmp_path / "plain.csv").read_text().splitlines()) == 2


@pytest.fixture
def terminal_in(monkeypatch):
    """``nbgrader export …`` in a folder, in this process: its exit code."""

    def start(folder, words):
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "path", list(sys.path))
        app = ExportApp()
        try:
            app.initialize(words)
            app.start()
        except SystemExit as stop:
            return int(stop.code or 0)
        finally:
            app.deinit_logging()
        return 0

    return start


def test_a_report_that_the_store_forgot_leaves_the_grade_and_has_no_page(graded, export):
    kept = graded.course.state / "reports"
    aside = kept.with_name("aside")
    kept.rename(aside)
    try:
        assert list(store.entries(graded.course.state)) == []
        with pytest.raises(CourseError, match="there is no feedback to pack"):
            export(feedback=True)
        assert b'"3,5"' in export()[1]
    finally:
        aside.rename(kept)


def test_a_hand_in_that_is_newer_than_the_grade_is_told(graded, export):
    marked = graded.root / "submitted/zoe/toy/timestamp.txt"
    before = marked.read_text()
    marked.write_text("2026-01-05 14:00:00 UTC")
    try:
        assert "Handed in again since this grade was given (autograder grade toy): zoe" in export()[2]
    finally:
        marked.write_text(before)
