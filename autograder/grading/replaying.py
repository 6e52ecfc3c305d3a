"""A verdict looked into again: the same checks, with the same seeds, on the same submission.

It writes no grade.  What is not as it was then (a version, a check, the secret) is said in a sentence each.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.checking.verdicts import Outcome, Verdict
from autograder.course import LEVELS, Assignment, Course
from autograder.errors import CourseError
from autograder.grading import store
from autograder.grading.content import content_hashes, report_key
from autograder.grading.engine import Submission, grade_all
from autograder.grading.isolation import isolation_of
from autograder.grading.report import Report
from autograder.grading.secret import FILE, course_secret, fingerprint, gradescope_secret
from autograder.worker.launcher import BEST

CHANGED = {
    "release": "The released files of the assignment are other ones.",
    "checks": "The file of hidden checks is another one.",
    "solutions": "The file of solutions is another one.",
    "thresholds": "The bars of trained checks are other ones.",
    "private": "The private checks, bars or answers are other ones.",
    "corpus": "The film reviews that checks draw from are other ones.",
    "secret": "The course secret is another one, so the inputs of the checks are other ones too.",
    "limits": "The limits of the assignment are other ones.",
    "engine": "The kit's own code is another version.",
}
"""By a key of a Report's content: what it means that its hash is another one."""
TIMED = (Outcome.TIMED_OUT, Outcome.KILLED)


@dataclass(frozen=True)
class Again:
    """One check, then and now; ``now`` is None where the check is gone."""

    exercise: str
    before: Verdict
    now: Verdict | None

    @property
    def same(self) -> bool:
        """Whether the student would read the same."""
        return self.now is not None and (self.before.outcome, self.before.message) == (
            self.now.outcome,
            self.now.message,
        )


@dataclass(frozen=True)
class Replay:
    """What a replay found; ``differences`` are sentences, ``whole`` says that all checks had to be run."""

    checks: tuple[Again, ...]
    differences: tuple[str, ...]
    report: Report
    whole: bool = False

    @property
    def same(self) -> bool:
        return all(again.same for again in self.checks)


def picked(report: Report, checks: Collection[str], exercises: Collection[str]) -> list[tuple[str, Verdict]]:
    """The verdicts of a Report that somebody asks about, each with its exercise; all when nothing is named.

    Raises CourseError for a check or an exercise that is not in the Report, with the nearest one.
    """
    for exercise in exercises:
        _must_be_known("exercise", exercise, report.exercises)
    wanted = {check.removeprefix("test_") for check in checks}
    lines = [
        (exercise, verdict)
        for exercise, result in report.exercises.items()
        for verdict in result.verdicts
        if not exercises or exercise in exercises
    ]
    there = [verdict.check.removeprefix("test_") for _, verdict in lines]
    for check in sorted(wanted):
        _must_be_known("check", check, there)
    return [line for line, check in zip(lines, there, strict=True) if not wanted or check in wanted]


def _must_be_known(kind: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        guess = f"did you mean {near[0]}?" if near else f"there are {', '.join(known) or 'none'}"
        raise CourseError(f"the Report has no such {kind}; {guess} (got {name})")


def replay(
    course: Course,
    assignment: Assignment,
    report: Report,
    submission: Path,
    asked: Sequence[tuple[str, Verdict]],
) -> Replay:
    """Run what was asked about again.

    The checks run alone first.  Where one is not the same so, all of them run, as they did then: a
    function may remember what it was called with before.

    Raises:
        CourseError: this course folder has no secret, so no input can be drawn again.
        IsolationError: the machine gives less than the course accepts.
    """
    if not (course.state / FILE).is_file():  # course_secret would make one, and nothing would fit it
        raise CourseError(
            "this course folder has no course secret, so the inputs cannot be drawn again: replay where the "
            f"class was graded, or restore the secret from your backup (got {course.settings.state}/{FILE})"
        )
    level, secret = level_for(course, report), secret_of(course, report)
    exercises = frozenset(exercise for exercise, _ in asked)
    checks = frozenset(verdict.check for _, verdict in asked)
    alone = Submission(report.student, submission, only=exercises, named=checks)
    (now,) = grade_all(course, assignment, [alone], jobs=1, secret=secret, level=level)
    found, whole = _then_and_now(asked, now), False
    if not all(again.same for again in found):
        everything = Submission(report.student, submission)
        (now,) = grade_all(course, assignment, [everything], jobs=1, secret=secret, level=level)
        found, whole = _then_and_now(asked, now), True
    return Replay(found, tuple(differences(course, assignment, secret, report, now)), now, whole)


def level_for(course: Course, report: Report) -> str:
    """The isolation of the Report, where the course accepts it and the machine has it; else the best.

    Only of a Report that is in the store: any other may come from somebody who would like less of it.
    """
    best = isolation_of(course).level
    known = store.get(course.state, report_key(report.content))
    if known is None or known.isolation != report.isolation:
        return BEST
    accepted = LEVELS[LEVELS.index(course.settings.isolation) : LEVELS.index(best)]
    return report.isolation if report.isolation in accepted else BEST


def secret_of(course: Course, report: Report) -> bytes:
    """What the inputs were drawn with: the course's own secret, or the one derived for Gradescope."""
    own = course_secret(course.state)
    there = gradescope_secret(own, report.assignment)
    return there if report.content.get("secret") == fingerprint(there) else own


def _then_and_now(asked: Sequence[tuple[str, Verdict]], now: Report) -> tuple[Again, ...]:
    lines = {
        (exercise, verdict.check): verdict
        for exercise, result in now.exercises.items()
        for verdict in result.verdicts
    }
    return tuple(Again(exercise, before, lines.get((exercise, before.check))) for exercise, before in asked)


def differences(
    course: Course, assignment: Assignment, secret: bytes, before: Report, now: Report
) -> list[str]:
    """What is not as it was when the Report was made, a sentence each."""
    content = content_hashes(course, assignment, secret, now.content["submission"])
    said = [sentence for key, sentence in CHANGED.items() if before.content.get(key, "") != content[key]]
    said += _other_versions(before.versions, now.versions)
    if before.isolation != now.isolation:
        said.append(
            f"The isolation is {now.isolation or 'not known'}; it was {before.isolation or 'not known'}."
        )
    if before.content.get("submission") != now.content["submission"]:
        said.append(
            "The submission reads otherwise: another file, or the kit puts other things right in it now."
        )
    return said


def _other_versions(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    names = sorted(before.keys() | now.keys())
    # a run of one check does not draw reviews that another check drew
    return [
        f"{name} is {now[name]}; it was {before[name]}."
        if name in now and name in before
        else f"{name} is {'there now' if name in now else 'not there now'}; it was {before.get(name, 'not')}."
        for name in names
        if name != "film reviews" and now.get(name) != before.get(name)
    ]
