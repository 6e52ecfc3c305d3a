"""The engine: many submissions, through the store, to those who judge; Reports come as they are ready.

It never reads or writes the gradebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course import Assignment, Course
from autograder.errors import CourseError
from autograder.grading import store
from autograder.grading.cluster import grade_there, level_there
from autograder.grading.content import LEVEL, at_level, content_hashes, hash_text, intake_hash, report_key
from autograder.grading.corpus import prepared_corpus
from autograder.grading.crew import Coming, grade_here
from autograder.grading.grader import Task
from autograder.grading.intake import Intake, read_submission
from autograder.grading.isolation import isolation_of
from autograder.grading.readings import reading_of
from autograder.grading.report import Report
from autograder.grading.secret import course_secret
from autograder.worker.launcher import BEST


@dataclass(frozen=True)
class Submission:
    """What one student handed in: a folder or a notebook.

    ``only`` limits the exercises looked at, ``named`` the checks; None for all.
    """

    student: str
    path: Path
    only: frozenset[str] | None = None
    named: frozenset[str] | None = None


def grade_all(
    course: Course,
    assignment: Assignment,
    submissions: Sequence[Submission],
    *,
    jobs: int = 0,
    secret: bytes | None = None,
    level: str = BEST,
) -> Iterator[Report]:
    """Grade every submission anew, in order of completion.

    Args:
        course: where checks, solutions and the secret lie, and which isolation is accepted.
        assignment: what was handed in.
        submissions: students with what they handed in.
        jobs: judges at work at once; 0 for one per core.
        secret: what hidden inputs are drawn with; None for the course's own.
        level: of isolation, or the best that the machine gives.
    Raises:
        IsolationError: the machine gives less than the course accepts.
    """
    chosen = course_secret(course.state) if secret is None else secret
    with Coming(course, level) as coming:
        coming.begin()
        tasks = [_task(course, assignment, item, chosen) for item in submissions]
        yield from _run(course, tasks, jobs, coming)


def grade_class(
    course: Course,
    assignment: Assignment,
    submissions: Sequence[Submission],
    *,
    jobs: int = 0,
    fresh: bool = False,
) -> Iterator[Report]:
    """Like ``grade_all``, through the store: what was graded under the same conditions is only read."""
    yield from grade_course(course, [(assignment, submissions)], jobs=jobs, fresh=fresh)


def grade_course(
    course: Course,
    handed_in: Iterable[tuple[Assignment, Sequence[Submission]]],
    *,
    jobs: int = 0,
    fresh: bool = False,
    scheduler: str = "",
) -> Iterator[Report]:
    """Like ``grade_class``, for several assignments in one run, and by a cluster where one is named.

    ``scheduler`` is the address of a Dask scheduler, such as tcp://192.0.2.1:8786; "" for this machine.

    Raises CourseError where a Report cannot be kept, such as on a full disk: what was kept so far stays.
    """
    secret = course_secret(course.state)
    level = level_there(course, scheduler) if scheduler else isolation_of(course).level
    alike: dict[str, list[str]] = {}
    tasks: dict[str, Task] = {}
    with Coming(course) as coming:
        for assignment, submissions in handed_in:
            for item in submissions:
                reading = reading_of(course, assignment, item.path)
                content = _content(course, assignment, item, secret, reading.submission)
                key = report_key(at_level(content, level))
                known = None if fresh else store.get(course.state, key)
                if known is not None:
                    yield known.of(item.student)
                    continue
                if not scheduler:
                    coming.begin()
                task = _task(course, assignment, item, secret, reading.intake)
                # handed in alike: graded once
                alike.setdefault(report_key(task.content), []).append(item.student)
                tasks.setdefault(report_key(task.content), task)
        if not tasks:
            return
        left = list(tasks.values())
        for report in grade_there(left, scheduler) if scheduler else _run(course, left, jobs, coming):
            if not report.broken:
                _keep(course, report)
            yield from (report.of(student) for student in alike[_without_level(report)])


def _without_level(report: Report) -> str:
    """The name of a task's content: what its Report's content was before the level was known."""
    return report_key({name: found for name, found in report.content.items() if name != LEVEL})


def _keep(course: Course, report: Report) -> None:
    try:
        store.put(course.state, report_key(report.content), report)
    except OSError as error:
        raise CourseError(
            f"a Report cannot be kept: {error.strerror}; make room and run again, nothing is lost "
            f"(got {course.state})"
        ) from error


def _content(
    course: Course, assignment: Assignment, item: Submission, secret: bytes, submission: str
) -> dict[str, str]:
    content = content_hashes(course, assignment, secret, submission)
    if item.only is not None:
        content["only"] = hash_text(" ".join(sorted(item.only)))
    if item.named is not None:
        content["named"] = hash_text(" ".join(sorted(item.named)))
    return content


def _task(
    course: Course, assignment: Assignment, item: Submission, secret: bytes, intake: Intake | None = None
) -> Task:
    if intake is None:
        intake = read_submission(item.path, assignment)
    content = _content(course, assignment, item, secret, intake_hash(intake))
    slim = replace(intake, notebook=None, notebooks={})  # a judge needs the cells only
    task = Task(course, assignment, item.student, slim, content, secret, item.only, item.named)
    return replace(task, handed_in=item.path)


def _run(course: Course, tasks: Sequence[Task], jobs: int, coming: Coming) -> Iterator[Report]:
    prepared_corpus(course)  # here, so that no two judges make the same file
    return grade_here(course, tasks, jobs, coming)
