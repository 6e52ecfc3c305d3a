"""The class report finds what was planted in a simulated class, and says what it cannot know."""

from __future__ import annotations

import json
from dataclasses import asdict, astuple, replace

import numpy as np
import pytest

from autograder.checking.verdicts import Outcome
from autograder.reporting.anonymous import names_of
from autograder.reporting.class_report.report import ClassReport, Lost, class_report
from autograder.reporting.feedback import ManualGrade
from autograder.reporting.statistics import Number
from autograder.reporting.tables import json_of
from tests.reporting import simulated
from tests.reporting.simulated import EXERCISES, abilities, assignment, report_of, simulated_class, standing

P, F, N = Outcome.PASSED, Outcome.FAILED, Outcome.NOT_ATTEMPTED
NOBODY = names_of([], handed_out="")


def reported(standings, *, cell_of=lambda student, exercise: f"def {exercise}(): …", **more) -> ClassReport:
    return class_report(assignment(), standings, title="One-hot", names=NOBODY, cell_of=cell_of, **more)


def flagged(report, kind):
    return {(flag.exercise, flag.check) for flag in report.flags if flag.kind == kind}


@pytest.fixture(scope="module")
def class_of_120():
    return simulated_class(abilities(120, 5), seed=5)


@pytest.fixture(scope="module")
def report(class_of_120):
    return reported(class_of_120)


def test_the_check_that_everybody_passes_is_found_and_no_other(report):
    assert flagged(report, "everybody passes") == {simulated.EASY}


def test_the_check_that_nobody_passes_is_found_and_no_other(report):
    assert flagged(report, "nobody passes") == {simulated.IMPOSSIBLE}


def test_the_check_that_good_students_fail_is_found(report):
    # what a coin decides can look so by chance; nothing else does
    found = {item for item in flagged(report, "good students fail") if item[0] != simulated.LUCK}
    assert found == {simulated.INVERTED}


def test_the_exercise_out_of_line_is_found_and_no_other(report):
    assert flagged(report, "out of line") == {(simulated.LUCK, "")}


def test_the_frequent_misconception_is_found_with_the_values_of_single_students_left_out(
    class_of_120, report
):
    exercise, check = simulated.CONFUSED
    told = {
        one.student
        for one in class_of_120
        for verdict in one.report.exercises[exercise].verdicts
        if "look exchanged" in verdict.message
    }
    (found,) = [m for m in report.misconceptions if m.sentence == simulated.CONFUSION]
    assert (found.exercise, found.checks, found.students) == (exercise, (check,), len(told))
    assert found.share == len(told) / 120
    assert found.cell == "def one_hot(): …"
    assert found == max(
        (m for m in report.misconceptions if m.exercise == exercise), key=lambda m: m.students
    )


@pytest.mark.parametrize("seed", range(3))
def test_what_is_planted_is_found_in_other_classes_too(seed):
    report = reported(simulated_class(abilities(120, seed + 100), seed=seed + 100))
    assert simulated.EASY in flagged(report, "everybody passes")
    assert simulated.IMPOSSIBLE in flagged(report, "nobody passes")
    assert simulated.INVERTED in flagged(report, "good students fail")
    assert (simulated.LUCK, "") in flagged(report, "out of line")
    strange = {f for f in report.flags if f.kind in ("good students fail", "tells nobody apart")}
    assert {f.exercise for f in strange} <= {simulated.LUCK, simulated.INVERTED[0]}


def test_points_follow_abilities_and_alpha_is_what_they_allow(class_of_120, report):
    points = [one.score for one in class_of_120]
    assert np.corrcoef(abilities(120, 5), points)[0, 1] > 0.8
    assert 0.6 < report.consistency.interval.low < report.consistency.alpha.value
    assert report.consistency.alpha.value < report.consistency.interval.high < 0.9
    assert report.consistency.sentences[0].startswith("With 120 students, alpha lies between 0.")


def test_a_class_alike_has_no_statistics_and_no_nan():
    report = reported([standing(report_of(f"s{n}", {e: [P, P] for e in EXERCISES})) for n in range(12)])
    assert report.consistency.alpha == Number(None, "everybody has the same points")
    assert report.consistency.sentences == ("Alpha cannot be worked out: everybody has the same points.",)
    assert {each.item.discrimination.why for each in report.exercises} == {
        "everybody has the same result here"
    }
    assert b"NaN" not in json_of(asdict(report))
    assert report.points.full == 0  # a person gave half of the question's points
    assert report.points.bins[-1].students == 12


@pytest.mark.parametrize("students", [0, 1, 2, 3])
def test_a_tiny_class_has_a_report(students):
    report = reported(simulated_class(abilities(students, 1), seed=1))
    assert json.loads(json_of(asdict(report)))["graded"] == students
    assert report.flags == ()
    if not students:
        assert report.notes == (
            "The gradebook knows no student yet: nothing was graded, so there is nothing to report.",
        )


def test_students_without_a_grade_and_lost_reports_are_told():
    here = standing(report_of("a", {"one_hot": [P, F]}))
    gone = replace(here, student="b", report=None, decided=())
    ungraded = replace(here, student="c", report=None, key="", score=None, decided=())
    absent = replace(ungraded, student="d", handed_in=False)
    report = reported([here, gone, ungraded, absent], lost=Lost(forgotten=1))
    assert (report.students, report.handed_in, report.graded, report.compared) == (4, 3, 2, 1)
    assert report.notes == (
        "One submission has no grade by the kit; `autograder grade` gives it.",
        "The store has no Report any more of one graded submission: the points count here, the checks do "
        "not. `autograder grade` brings them back.",
    )
    assert "of another version of the kit" in reported([here, gone], lost=Lost(older=1)).notes[0]
    assert (
        reported([ungraded]).notes[0]
        == "Nothing of this assignment is graded yet: run `autograder grade` first."
    )


def test_reports_of_other_checks_are_put_aside_and_counted():
    today = [report_of(f"s{n}", {"one_hot": [P, F]}) for n in range(3)]
    before = replace(report_of("old", {"one_hot": [F, F, F]}), content={"checks": "before"})
    report = reported([standing(each) for each in (*today, before)], checks_now="now")
    assert (report.graded, report.compared) == (4, 3)
    assert [item.students for item in (report.exercises[0].checks[n].item for n in (0, 1))] == [3, 3]
    assert report.notes == (
        "One submission has been graded with other checks than most, so its verdicts are not compared with "
        "the others; `autograder grade` grades all with today's.",
    )
    changed = reported([standing(each) for each in today], checks_now="tomorrow")
    assert changed.notes == (
        "The hidden checks have changed since this class was graded: `autograder grade` grades it anew.",
    )


def test_untouched_and_unreadable_notebooks_are_not_compared():
    answered = [standing(report_of(f"s{n}", {"one_hot": [P, F], "encode": [N, N]})) for n in range(2)]
    untouched = standing(report_of("u", {"one_hot": [N, N], "encode": [N, N]}))
    missing = report_of("x", dict.fromkeys(("one_hot", "encode"), [Outcome.MISSING] * 2))
    unreadable = standing(replace(missing, unreadable="The file is empty. Save it again."))
    report = reported([*answered, untouched, unreadable])
    assert report.compared == 2
    assert report.notes == (
        "One notebook could not be read and is not counted below.",
        "One notebook held no answer at all and is not counted below.",
    )
    assert [(e.what, e.students) for e in report.unreadable] == [("The file is empty. Save it again.", 1)]
    encode = report.exercises[1]
    assert (encode.not_attempted, encode.item.students, encode.item.success.value) == (2, 0, None)
    assert encode.item.difficulty.value == 0.0


def test_who_has_no_function_says_nothing_about_one_check():
    """A check is judged by those who answered its exercise; its difficulty counts everybody."""
    answered = [standing(report_of(f"s{n}", {"one_hot": [P, F]})) for n in range(6)]
    others = [standing(report_of(f"o{n}", {"one_hot": [N, N], "encode": [P]})) for n in range(2)]
    same = [
        replace(
            s,
            report=replace(
                s.report, exercises={**s.report.exercises, "encode": others[0].report.exercises["encode"]}
            ),
        )
        for s in answered
    ]
    report = reported([*same, *others])
    first = report.exercises[0].checks[0]
    assert (first.item.students, first.item.solved) == (6, 6)
    assert first.item.success.value == 1.0
    assert first.item.difficulty.value == 0.75


def test_points_that_people_changed_are_counted_in_the_distribution_and_flagged():
    given = [ManualGrade("one_hot", 3.0, 3.0, "A right answer."), ManualGrade("memory_answer", None, 2.0)]
    one = standing(report_of("s", {"one_hot": [P, F]}), decided=tuple(given), score=3.0, waiting=True)
    report = reported([one])
    assert report.points.mean.value == 3.0
    assert report.points.waiting == 1
    assert [(flag.kind, flag.exercise) for flag in report.flags] == [("people decided otherwise", "one_hot")]
    assert report.flags[0].sentence.startswith("A person gave one student other points than the checks.")
    (question,) = report.questions
    assert (question.graded, question.waiting, question.mean.value) == (0, 1, None)


def test_late_hand_ins_are_counted_whether_or_not_they_cost_points():
    some = simulated_class(abilities(3, 2), seed=2)
    late = [
        replace(some[0], late_seconds=60.0, late_penalty=1.5),
        replace(some[1], late_seconds=3.0),
        some[2],
    ]
    assert astuple(reported(late).late) == (2, 1, 1.5)


def test_one_mistake_that_several_checks_find_is_told_once():
    def said(student, *messages):
        made = report_of(student, {"one_hot": [F] * len(messages)})
        lines = [
            replace(v, message=m) for v, m in zip(made.exercises["one_hot"].verdicts, messages, strict=True)
        ]
        item = replace(made.exercises["one_hot"], verdicts=tuple(lines))
        return standing(replace(made, exercises={"one_hot": item}))

    relu, other = "It applies relu.", "It has 3 rows."
    found = reported([said("a", relu, relu, other), said("b", relu, relu, ""), said("c", other, "", "")])
    told = {(m.sentence, m.students, m.checks) for m in found.misconceptions}
    assert ("It applies relu.", 2, ("check_0", "check_1")) in told
    # the same words of two checks about different students are two things
    assert ("It has … rows.", 1, ("check_2",)) in told
    assert ("It has … rows.", 1, ("check_0",)) in told
    # a check that says nothing is told by its claim
    assert ("Not yet: `one_hot` does part 1.", 1, ("check_1",)) in told


def test_the_shown_cell_is_of_somebody_with_this_misconception_and_little_else():
    cells = {"s0": "long " * 9, "s1": "short", "s2": ""}
    verdicts = {"s0": [F, P], "s1": [F, P], "s2": [F, P]}
    standings = [
        standing(report_of(student, {"one_hot": found}, message="It is so."))
        for student, found in verdicts.items()
    ]
    report = reported(standings, cell_of=lambda student, exercise: cells[student])
    assert report.misconceptions[0].cell == "short"
    assert reported(standings, cell_of=lambda student, exercise: "").misconceptions[0].cell == ""
