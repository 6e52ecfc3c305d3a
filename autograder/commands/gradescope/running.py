"""One submission in Gradescope's container: graded as at home, written as results.json, told to staff.

What staff read is printed: Gradescope keeps it from students.  Where there is doubt no result is written.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

from autograder.commands.gradescope.archive import COURSE
from autograder.course import assignment_names, find_assignment, find_course
from autograder.errors import AutograderError
from autograder.grading.engine import Submission, grade_all
from autograder.grading.files import write_whole
from autograder.grading.isolation import isolation_of
from autograder.grading.report import Report
from autograder.reporting.gradescope import VISIBILITIES, results

SOURCE, SUBMISSION, METADATA, RESULTS = (
    "source",
    "submission",
    "submission_metadata.json",
    "results/results.json",
)
DONE, DOES_NOT_FIT, FAULT = 0, 2, 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m autograder.commands.gradescope.running")
    parser.add_argument("root", type=Path, help="Gradescope's /autograder")
    parser.add_argument("--visibility", choices=VISIBILITIES, default=VISIBILITIES[0])
    options = parser.parse_args()
    try:
        return grade_there(options.root.resolve(), visibility=options.visibility)
    except AutograderError as error:
        print(f"NOT GRADED: {error}")
        return DOES_NOT_FIT


def grade_there(root: Path, *, visibility: str) -> int:
    """Grade what lies in ``root``/submission and write ``root``/results/results.json.

    Nothing is written where a check of ours failed: Gradescope then tells that the autograder did not run,
    and gives no score for it.
    """
    course = find_course(root / SOURCE / COURSE)
    (name,) = assignment_names(course)
    assignment = find_assignment(course, name)
    print(f"{name}: {submission_name(root / METADATA)}")
    print(isolation_of(course), flush=True)
    handed_in = Submission(submission_name(root / METADATA), root / SUBMISSION)
    (report,) = grade_all(course, assignment, [handed_in], jobs=1)
    tell(report)
    if report.broken:
        log = course.state / "faults.log"
        print("NOT GRADED: a check of ours failed to do its work. Correct it, upload the zip, run it again.")
        print(log.read_text(encoding="utf-8") if log.is_file() else "")
        return FAULT
    text = json.dumps(results(report, visibility=visibility), indent=1, ensure_ascii=False)
    write_whole(root / RESULTS, text + "\n")
    return DONE


def submission_name(metadata: Path) -> str:
    """What the Report is named by: Gradescope's number of the submission, never a person's name."""
    try:
        number = json.loads(metadata.read_text(encoding="utf-8"))["id"]
    except (OSError, ValueError, KeyError, TypeError):
        return "submission"
    return f"submission {number}" if isinstance(number, int) else "submission"


def tell(report: Report) -> None:
    """For staff: points by exercise, the level in force, and the Report, which autograder replay takes."""
    for name, found in report.exercises.items():
        outcomes = ", ".join(f"{verdict.check} {verdict.outcome}" for verdict in found.verdicts)
        print(f"{name}: {found.points:g} of {found.max_points:g} ({outcomes})")
    print(f"graded in {report.seconds:.0f} s, isolation: {report.isolation or 'no code was run'}")
    print("The Report, for autograder replay:")
    print(json.dumps(asdict(replace(report, pictures=())), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
