"""Is an assignment graded rightly?  Looks at checks, answers and Reports on them; a sentence per offence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from autograder.assurance.evidence import SOLVED, STUB, Evidence, Progress, gather
from autograder.assurance.reading import Offence, read_checks
from autograder.assurance.variants import Variant, as_cell, variants
from autograder.checking.verdicts import ExerciseResult, Outcome, Verdict
from autograder.course import Assignment, Course
from autograder.grading.intake import code
from autograder.grading.report import Report
from autograder.grading.secret import OPEN_SECRET


def prove(
    course: Course,
    assignment: Assignment,
    *,
    jobs: int = 0,
    secret: bytes | None = OPEN_SECRET,
    progress: Progress | None = None,
) -> list[Offence]:
    """Everything that is wrong with the grading of ``assignment``; an empty list proves it.

    What can be read from the files is looked at first; the answers are graded even when that finds
    something, so that one run names everything.

    Args:
        course: the course folder.
        assignment: the assignment to prove.
        jobs: submissions graded at once; 0 for one per core.
        secret: what hidden inputs are drawn with; None for the course's own.
        progress: called with (done, total) after each graded submission.
    Raises:
        CourseError: a file of the assignment is missing or is no Python.
    """
    static = examine(assignment)
    evidence = gather(course, assignment, jobs=jobs, secret=secret, progress=progress)
    return [*static, *weigh(assignment, evidence)]


def examine(assignment: Assignment) -> list[Offence]:
    """What can be read from the files, without grading anything."""
    return [*read_checks(assignment), *missing_answers(assignment)]


def missing_answers(assignment: Assignment) -> list[Offence]:
    """Exercises that lack a reference or wrong answers, and answers that would fail for another reason."""
    answers = variants(assignment.solution_files)
    counted = Counter((v.function, v.kind) for v in answers)
    offences = []
    for variant in answers:
        # such an answer fails every check by a NameError, and would make empty checks look alive
        unknown = sorted(code.needs(as_cell(assignment.solution_files, variant)))
        if unknown:
            offences.append(
                Offence(variant.symbol, f"uses {', '.join(unknown)}, which its file does not define")
            )
    for name in assignment.points:
        for kind in ("reference", "wrong"):
            if not counted[name, kind]:
                offences.append(Offence(name, f"solutions/{assignment.name}.py has no {kind} answer to it"))
    twice = [symbol for symbol, count in Counter(v.symbol for v in answers).items() if count > 1]
    offences += [Offence(symbol, "is defined twice in the solutions, public and private") for symbol in twice]
    known = set(assignment.points)
    strangers = dict.fromkeys(name for name, kind in counted if kind != "reference" and name not in known)
    return offences + [Offence(name, "has answers but is no exercise with points") for name in strangers]


def weigh(assignment: Assignment, evidence: Evidence, *, told_apart: Collection[str] = ()) -> list[Offence]:
    """What the Reports show; needs no grading, so evidence can be kept and weighed again.

    ``told_apart`` are wrong answers that are known to be found by checks that were not run.
    """
    return [
        *_untouched(assignment, evidence.stub),
        *_answers_in_stubs(evidence.tried),
        *_full_points(assignment, evidence.solved),
        *(o for variant, report in evidence.right for o in _right_answer(assignment, variant, report)),
        *(o for variant, report in evidence.wrong for o in _wrong_answer(variant, report, told_apart)),
        *_idle_checks(evidence),
    ]


def killed_by(evidence: Evidence) -> dict[str, set[str]]:
    """By check: the wrong answers that it does not pass, by their names in the solutions file."""
    killers: dict[str, set[str]] = {}
    for line in _all_lines(evidence.solved):
        killers.setdefault(line.check, set())
    for variant, report in evidence.wrong:
        for line in _lines(report, variant.function):
            killers.setdefault(line.check, set())
            if line.outcome is not Outcome.PASSED:
                killers[line.check].add(variant.symbol)
    return killers


def _untouched(assignment: Assignment, report: Report) -> Iterator[Offence]:
    if report.points:
        yield Offence(STUB, f"gets {report.points:g} points with nothing written")
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


def _full_points(assignment: Assignment, report: Report) -> Iterator[Offence]:
    if report.unreadable:
        yield Offence(SOLVED, report.unreadable)
    for name in assignment.points:
        yield from _misses_points(SOLVED, name, assignment.points[name], report)


def _right_answer(assignment: Assignment, variant: Variant, report: Report) -> Iterator[Offence]:
    most = assignment.points[variant.function]
    return _misses_points(variant.symbol, variant.function, most, report)


def _misses_points(who: str, exercise: str, most: float, report: Report) -> Iterator[Offence]:
    result = report.exercises.get(exercise)
    if result is None or result.points < most:
        got = 0.0 if result is None else result.points
        yield Offence(who, f"gets {got:g} of {most:g} points for {exercise}{_why(result)}")


def _wrong_answer(variant: Variant, report: Report, told_apart: Collection[str]) -> Iterator[Offence]:
    for run in report.cells:
        if run.cell == variant.function and run.outcome != "ok":
            yield Offence(variant.symbol, f"its cell does not run: {run.error.rstrip('.')}")
    exercise = report.exercises.get(variant.function)
    unseen = exercise is None or exercise.points >= exercise.max_points
    if unseen and variant.symbol not in told_apart:
        yield Offence(variant.symbol, "is wrong and gets all points: no check finds it")
    for line in _lines(report, variant.function):
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
