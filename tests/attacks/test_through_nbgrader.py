"""The attacked class through nbgrader itself: its gradebook, its autograded copies and its feedback pages.

``make attacks`` takes everybody, ``make test`` every eighth.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

import nbformat
import pytest
from nbgrader.utils import compute_checksum

from autograder.course import find_course
from autograder.grading import store
from autograder.grading.content import report_key
from autograder.grading.nbgrader_plugin.recording import record
from autograder.reporting.exporters.feedback import write_feedback
from tests.attacks.cases import CASES
from tests.attacks.cases.case import ASSIGNMENT
from tests.attacks.course.course import write

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")
EVERY = 1 if os.environ.get("ATTACKS") == "alone" else 8
CHOSEN = CASES[::EVERY]
SEAMS = """
c.CourseDirectory.course_id = "attacked"
c.Autograde.exporter_class = "autograder.grading.nbgrader_plugin.submissions.CleanSubmissions"
c.Autograde.autograde_preprocessors = [
    "autograder.grading.nbgrader_plugin.verdicts.WriteVerdicts",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.GenerateFeedback.exporter_class = "autograder.reporting.exporters.feedback.FeedbackExporter"
"""


@pytest.fixture(scope="module")
def recorded(graded):
    """The attacked course with a gradebook of nbgrader's, everything recorded and every page made."""
    root = graded.course.root
    (root / "gradebook.db").unlink()  # the one with a canary, which the attackers looked for
    _sign(root / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
    config = root / "nbgrader_config.py"
    write(config, config.read_text() + SEAMS)
    course = find_course(root)
    students = ["alice", "zoe", *(case.name for case in CHOSEN)]
    for student in students:
        report = graded.reports[student]
        store.put(course.state, report_key(report.content), report)
    done = record(course, ASSIGNMENT, students, reports=graded.reports)
    assert set(done.written) == set(students), done.broken
    pages = write_feedback(course, ASSIGNMENT, students)
    return course, {page.parent.parent.name: page for page in pages}


def _sign(released):
    """Give the marked cells of the released notebook the checksums that nbgrader would have given them."""
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader"):
            cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    nbformat.write(notebook, released)


def test_nbgrader_records_the_fair_score_of_everybody(recorded):
    course, _ = recorded
    with closing(sqlite3.connect(course.root / "gradebook.db")) as book:
        found = dict(
            book.execute(
                "SELECT sa.student_id, SUM(g.auto_score) FROM grade g"
                " JOIN submitted_notebook sn ON sn.id = g.notebook_id"
                " JOIN submitted_assignment sa ON sa.id = sn.assignment_id GROUP BY 1"
            )
        )
    fair = {case.name: case.fair for case in CHOSEN}
    assert found == pytest.approx({"alice": 10.0, "zoe": 5.0, **fair})


@pytest.mark.parametrize("case", CHOSEN, ids=lambda case: case.name)
def test_no_page_and_no_copy_tells_a_secret_or_runs_anything(recorded, graded, case):
    course, pages = recorded
    copies = [path for path in (course.autograded / case.name).rglob("*") if path.suffix == ".ipynb"]
    assert len(copies) == 1
    page = pages[case.name].read_text(encoding="utf-8")
    shown = page + copies[0].read_text(encoding="utf-8")
    hidden = set(graded.canaries.all()) - ({graded.canaries.argument} if case.loud else set())
    assert [secret for secret in hidden if secret in shown] == []
    for sign in ("<script", "javascript:", "\x1b", "\u202e", "\x00", str(course.root)):
        assert sign not in page


def test_nothing_in_what_nbgrader_wrote_leads_elsewhere(recorded):
    course, pages = recorded
    written = [path for folder in (course.autograded, course.feedback) for path in folder.rglob("*")]
    assert len(written) > len(pages)
    assert [path for path in written if path.is_symlink() or not (path.is_dir() or path.is_file())] == []
