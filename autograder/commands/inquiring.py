"""A student's question about a verdict: the bundle for it, and the replay that answers it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from autograder.checking.hearsay import printable
from autograder.checking.verdicts import Outcome, Verdict
from autograder.commands.grading import BROKEN, DONE, NO, say_isolation
from autograder.course import Course, find_assignment
from autograder.errors import AutograderError, CourseError
from autograder.grading import store
from autograder.grading.bundles import Inquiry, bundle, find_submission, is_bundle, opened
from autograder.grading.files import write_whole
from autograder.grading.isolation import isolation_of
from autograder.grading.replaying import TIMED, Again, Replay, picked, replay
from autograder.grading.report import Report, from_json

BUSIER = "Nothing else differs. A limit was met: the machine may have been busier, then or now."
UNSTEADY = "Nothing else differs: the student's code may give another result each time."


def inquire(course: Course, name: str, student: str, checks: Sequence[str], *, to: Path | None) -> int:
    """Write the bundle of a question about one student's verdicts, and say what lies in it.

    Args:
        course: where the submission, the autograded copy and the store lie.
        name: the assignment.
        student: who asks.
        checks: which checks; those that did not pass when none is named.
        to: the file; inquiry-<assignment>-<student>.zip in the current folder by default.
    """
    assignment = find_assignment(course, name)
    report = graded_report(course, name, student)
    asked = picked(report, checks, ()) if checks else not_passed(report)
    submission = find_submission(course, assignment, report)
    target = to or Path.cwd() / f"inquiry-{name}-{student}.zip"
    inquiry = Inquiry(report, tuple(verdict.check for _, verdict in asked), submission)
    write_whole(target, bundle(inquiry, asked, made=datetime.now(UTC), name=target.name))
    console = Console()
    for exercise, verdict in asked:
        console.print(f"{exercise}, {verdict.check}: {verdict.outcome}", highlight=False, markup=False)
    console.print(f"written: {target}", soft_wrap=True, highlight=False, markup=False)
    console.print(
        "It is for course staff. The course secret is not in it: replay it in this course folder.",
        highlight=False,
    )
    return DONE


def graded_report(course: Course, name: str, student: str) -> Report:
    """The Report that a student's grade was written from.

    Raises CourseError when there is no grade, or when the store has forgotten the Report.
    """
    from autograder.grading.nbgrader_plugin.recorded import recorded_key
    from autograder.grading.nbgrader_plugin.running import running

    with running(course) as app:
        key = recorded_key(app.coursedir, name, student)
    if not key:
        raise CourseError(f"{name} of this student has no grade by the kit: grade it first (got {student})")
    report = store.get(course.state, key)
    if report is None:
        raise CourseError(
            f"the Report is not in the store any more: autograder grade {name} makes it again (got {student})"
        )
    return report.of(student)


def not_passed(report: Report) -> list[tuple[str, Verdict]]:
    """The verdicts that a student is likely to ask about.  Raises CourseError when every check passed."""
    asked = [line for line in picked(report, (), ()) if line[1].outcome is not Outcome.PASSED]
    if not asked:
        raise CourseError(f"every check passed: name the one in question with --check (got {report.student})")
    return asked


def replay_file(
    course: Course,
    path: Path,
    *,
    checks: Sequence[str],
    exercises: Sequence[str],
    student: str,
    submission: Path | None,
) -> int:
    """Run checks of a bundle or of a Report again, and print whether the verdict is the same.

    Args:
        course: the course folder; its secret is what inputs are drawn with.
        path: a bundle, a Report, or what ``autograder grade --json`` wrote.
        checks, exercises: which; those that the bundle asks about, else all.
        student: whose Report, where the file holds several.
        submission: what was handed in, where it is not found by itself.
    """
    if not path.is_file():
        raise CourseError(f"there is no such file (got {path})")
    with tempfile.TemporaryDirectory(prefix="replay-") as scratch:
        if is_bundle(path):
            inquiry = opened(path, Path(scratch))
            chosen = checks or (() if exercises else inquiry.checks)
        else:
            report = read_report(path, student)
            assignment = find_assignment(course, report.assignment)
            place = submission or find_submission(course, assignment, report)
            inquiry, chosen = Inquiry(report, (), place), checks
        if submission is not None and not submission.exists():
            raise CourseError(f"there is no such submission (got {submission})")
        assignment = find_assignment(course, inquiry.report.assignment)
        asked = picked(inquiry.report, chosen, exercises)
        say_isolation(Console(stderr=True), isolation_of(course))
        found = replay(course, assignment, inquiry.report, submission or inquiry.submission, asked)
    return say(Console(), found)


def read_report(path: Path, student: str) -> Report:
    """The Report in a file of one, or of several by their students.

    Raises CourseError where there is none, or where it is not clear which one is meant.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
        data = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise CourseError(
            f"this file is neither a bundle nor a Report (got {path.name}: {type(error).__name__})"
        ) from None
    several = data["reports"] if isinstance(data, dict) and isinstance(data.get("reports"), list) else None
    try:
        reports = [from_json(json.dumps(item)) for item in ([data] if several is None else several)]
    except AutograderError as error:
        raise CourseError(f"{path.name}: {error}") from None
    if several is None:
        return reports[0]
    fitting = [report for report in reports if report.student == student] if student else reports
    if len(fitting) != 1:
        raise CourseError(
            f"the file holds {len(reports)} Reports, {len(fitting)} of them fit: say whose with --student "
            f"(got {student or 'none'})"
        )
    return fitting[0]


def say(console: Console, found: Replay) -> int:
    """Each check then and now, then what differs; the exit code that follows."""

    def line(text: str) -> None:  # a Report may come from anybody
        text = "\n".join(printable(part) for part in text.split("\n"))
        console.print(text, highlight=False, markup=False, soft_wrap=True)

    for again in found.checks:
        line(f"{again.exercise}, {again.before.check} (seed {again.before.seed}): {verdict_of(again)}")
    if found.whole:
        line("Alone, the check did not give that verdict; all checks were run again, in their order.")
    for sentence in found.differences:
        line(f"differs: {sentence}")
    if found.same:
        line("The verdict is the same.")
        return DONE
    if found.report.broken:
        line("A check of ours failed to do its work; see faults.log in the state folder.")
        return BROKEN
    line("The verdict is another one. No grade was touched.")
    if not found.differences:
        outcomes = {v.outcome for again in found.checks for v in (again.before, again.now) if v is not None}
        line(BUSIER if outcomes & set(TIMED) else UNSTEADY)
    return NO


def verdict_of(again: Again) -> str:
    before, now = again.before, again.now
    if now is None:
        return f"{before.outcome} then; there is no such check now"
    if again.same:
        return f"{now.outcome}, as then. {now.message}".rstrip()
    if before.outcome is now.outcome:
        return (
            f"{now.outcome}, as then, with another message.\n  then: {before.message}\n  now:  {now.message}"
        )
    return f"{before.outcome} then, {now.outcome} now.\n  then: {before.message}\n  now:  {now.message}"
