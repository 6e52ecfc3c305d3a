"""Is an assignment graded rightly?  Looks at checks, answers and Reports on them; a sentence per offence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from autograder.assurance.evidence import Evidence, Progress, gather
from autograder.assurance.reading import Offence, read_checks
from autograder.assurance.variants import Variant, variants
from autograder.checking.verdicts import ExerciseResult, Outcome, Verdict
from autograder.course import Assignment, Course
from autograder.grading.report import Report


def prove(
    course: Course, assignment: Assignment, *, jobs: int = 0, progress: Progress | None = None
) -> list[Offence]:
    """Everything that is wrong with the grading of ``assignment``; an empty list proves it.

    What can be read from the files is looked at first; the answers are graded even when that finds
    something, so that one run names everything.

    Args:
        course: the course folder.
        assignment: the assignment to prove.
        jobs: submissions graded at once; 0 for one per core.
        progress: called with (done, total) after each graded submission.
    Raises:
        CourseError: a file of the assignment is missing or is no Python.
    """
    static = [*read_checks(assignment), *missing_answers(assignment)]
    evidence = gather(course, assignment, jobs=jobs, progress=progress)
    return [*static, *weigh(assignment, evidence)]


def missing_answers(assignment: Assignment) -> list[Offence]:
    """Exercises with points that lack a reference or wrong answers to try the checks on."""
    counted = Counter((v.function, v.kind) for v in variants(assignment.solutions))
    offences = []
    for name in assignment.points:
        for kind in ("reference", "wrong"):
            if not counted[name, kind]:
                offences.append(Offence(name, f"solutions/{assignment.name}.py has no {kind} answer to it"))
    known = set(assignment.points)
    strangers = dict.fromkeys(name for name, kind in counted if kind != "reference" and name not in known)
    return offences + [Offence(name, "has answers but is no exercise with points") for name in strangers]


def weigh(assignment: Assignment, evidence: Evidence) -> list[Offence]:
    """What the Reports show; needs no grading, so evidence can be kept and weighed again."""
    return [
        *_untouched(assignment, evidence.stub),
        *_answers_in_stubs(evidence.tried),
        *_full_points(assignment, "the notebook with solutions", evidence.solved, {}),
        *(o for answers, report in evidence.right for o in _right_answers(assignment, answers, report)),
        *(o for variant, report in evidence.wrong for o in _wrong_answer(variant, report)),
        *_idle_checks(evidence),
    ]


def killed_by(evidence: Evidence) -> dict[str, set[str]]:
    """By check: the wrong answers that it does not pass, by their names in the solutions file."""
    killers: dict[str, set[str]] = {}
    for line in _all_lines(evidence.solved):
        killers.setdefault(line.check, set())
    for variant, report in evidence.wrong:
        for line in _all_lines(report):
            killers.setdefault(line.check, set())
            if line.outcome is not Outcome.PASSED:
                killers[line.check].add(variant.symbol)
    return killers


def _untouched(assignment: Assignment, report: Report) -> Iterator[Offence]:
    if report.points:
        yield Offence("the release notebook", f"gets {report.points:g} points with nothing written")
    for name in assignment.points:
        for line in _lines(report, name):
            if line.outcome is not Outcome.NOT_ATTEMPTED:
                yield Offence(
                    f"{name}, {line.check}", f"the untouched stub is {line.outcome}, not NOT_ATTEMPTED"
                )


def _answers_in_stubs(report: Report) -> Iterator[Offence]:
    for name, exercise in report.exercises.items():
        for line in exercise.verdicts:
            if line.outcome in (Outcome.PASSED, Outcome.BROKEN):
                yield Offence(f"{name}, {line.check}", f"the stub itself, when it is run, is {line.outcome}")


def _right_answers(
    assignment: Assignment, answers: Mapping[str, Variant], report: Report
) -> Iterator[Offence]:
    named = {name: variant.symbol for name, variant in answers.items()}
    yield from _full_points(assignment, "", report, named)


def _full_points(
    assignment: Assignment, who: str, report: Report, named: Mapping[str, str]
) -> Iterator[Offence]:
    """An offence per exercise that misses points; ``named`` limits it to some and says who answers."""
    if report.unreadable:
        yield Offence(who or "right answers", report.unreadable)
    for name, most in assignment.points.items():
        if named and name not in named:
            continue
        exercise = report.exercises.get(name)
        if exercise is None or exercise.points < most:
            got = 0.0 if exercise is None else exercise.points
            yield Offence(named.get(name, who), f"gets {got:g} of {most:g} points for {name}{_why(exercise)}")


def _wrong_answer(variant: Variant, report: Report) -> Iterator[Offence]:
    exercise = report.exercises.get(variant.function)
    if exercise is None or exercise.points >= exercise.max_points:
        yield Offence(variant.symbol, "is wrong and gets all points: no check finds it")
    for line in _all_lines(report):
        if line.outcome is Outcome.BROKEN:
            yield Offence(variant.symbol, f"makes the check {line.check} BROKEN")


def _idle_checks(evidence: Evidence) -> Iterator[Offence]:
    for check, killers in killed_by(evidence).items():
        if not killers:
            yield Offence(check, "passes every wrong answer: it may be empty, or a wrong answer is missing")


def _why(exercise: ExerciseResult | None) -> str:
    """The first check that was not passed, in brackets."""
    for line in () if exercise is None else exercise.verdicts:
        if line.outcome is not Outcome.PASSED:
            said = "" if line.outcome is Outcome.BROKEN else line.message.rstrip(".")
            return f" ({line.check}: {line.outcome} {said}".rstrip() + ")"
    return ""


def _lines(report: Report, exercise: str) -> tuple[Verdict, ...]:
    found = report.exercises.get(exercise)
    return () if found is None else found.verdicts


def _all_lines(report: Report) -> Iterator[Verdict]:
    for exercise in report.exercises.values():
        yield from exercise.verdicts
