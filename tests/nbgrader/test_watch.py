"""Watching a course: what arrives is graded once it is complete, each student a bounded number of times."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from autograder.checking.verdicts import Outcome
from autograder.commands.watching import Memory, Watch, look_once
from autograder.errors import CourseError
from autograder.grading.arrivals import (
    HOUR,
    LEDGER,
    Arrival,
    Ledger,
    look,
    read_ledger,
    ready,
    write_ledger,
)
from autograder.grading.nbgrader_plugin.exchange import inbound_of, release_feedback

ADA = Arrival("toy", "ada", None, "1")


def due(before, now_there, ledger, now=10_000.0, per_hour=2):
    found, waiting = ready(before, now_there, ledger, now=now, per_hour=per_hour)
    return [arrival.student for arrival in found], waiting


def test_a_submission_is_graded_when_two_looks_agree_and_once():
    ledger = Ledger()
    assert due([], [ADA], ledger) == ([], {})
    assert due([replace(ADA, state="0")], [ADA], ledger) == ([], {})
    assert due([ADA], [ADA], ledger) == (["ada"], {})
    ledger.note(ADA, 10_000.0)
    assert due([ADA], [ADA], ledger) == ([], {})


def test_a_student_who_was_graded_often_within_the_hour_waits_and_nobody_else():
    ledger = Ledger({ADA.place: "0"}, {ADA.place: [1000.0, 2000.0]})
    bob = replace(ADA, student="bob")
    there = [ADA, bob, replace(ADA, assignment="other")]
    assert due(there, there, ledger, now=3000.0) == (["bob", "ada"], {ADA.place: 1000.0 + HOUR})
    assert due(there, there, ledger, now=1000.0 + HOUR) == (["ada", "bob", "ada"], {})
    assert due(there, there, ledger, now=3000.0, per_hour=0) == (["ada", "bob", "ada"], {})


def test_the_ledger_survives_a_restart_and_forgets_after_an_hour(tmp_path):
    ledger = Ledger()
    ledger.note(ADA, 1000.0)
    ledger.note(ADA, 2000.0 + HOUR)
    write_ledger(tmp_path, ledger)
    assert read_ledger(tmp_path) == Ledger({ADA.place: "1"}, {ADA.place: [2000.0 + HOUR]})
    assert [path.name for path in tmp_path.iterdir()] == [LEDGER]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"graded": 1, "times": {}}', '{"graded": {"a": []}}'])
def test_a_damaged_ledger_is_an_empty_one(tmp_path, text):
    (tmp_path / LEDGER).write_text(text)
    assert read_ledger(tmp_path) == Ledger()


def test_a_look_sees_every_change_and_follows_no_link(tmp_path):
    folder = tmp_path / "ada" / "toy"
    folder.mkdir(parents=True)
    (tmp_path / "eve").symlink_to(tmp_path / "ada")
    states = []
    for change in (
        lambda: None,
        lambda: (folder / "toy.ipynb").write_text("1"),
        lambda: (folder / "toy.ipynb").write_text("22"),
        lambda: (folder / "link").symlink_to("/etc/passwd"),
        lambda: (folder / "link").unlink(),
    ):
        change()
        (arrival,) = look(tmp_path, ["toy"])
        states.append(arrival.state)
    assert len(set(states)) == 5
    assert look(tmp_path / "nowhere", ["toy"]) == []


@pytest.fixture
def said():
    return Console(file=io.StringIO(), width=200)


def looks(plan, memory, console):
    """Two looks: the second one grades what the first one saw."""
    return [report.student for _ in range(2) for report in look_once(plan, memory, console)]


def test_what_arrives_is_in_the_gradebook_with_its_feedback(toy, said):
    plan = Watch(toy.course, [toy.assignment], per_hour=2)
    memory = Memory(Ledger())
    assert looks(plan, memory, said) == []
    for number, outcome in enumerate((Outcome.FAILED, Outcome.PASSED, Outcome.PASSED)):
        toy.hand_in("ada", {"double": f"def double(x):\n    return {number}"})
        toy.prepare("ada", outcome, outcome, outcome)
        graded = looks(plan, memory, said)
        if number < 2:
            assert graded == ["ada"]
            assert toy.automatic("ada")["double_checks"] == (0.0, 3.0)[number]
            assert (toy.root / "feedback/ada/toy/toy.html").is_file()
        else:
            assert graded == []
    assert "ada, toy: 5 of 5 points" in said.file.getvalue()
    assert said.file.getvalue().count("graded 2 times within the hour") == 1
    assert looks(plan, Memory(read_ledger(toy.course.state)), said) == []


def test_hand_ins_are_collected_once_nobody_writes_them(toy, said, tmp_path):
    inbound = tmp_path / "inbound"
    plan = Watch(toy.course, [toy.assignment], inbound=inbound, feedback=False)
    memory = Memory(Ledger())
    for _ in range(4):
        look_once(plan, memory, said)
    assert said.file.getvalue().count("cannot be read") == 1
    toy.hand_in("ada", {"double": "def double(x):\n    return x"})
    toy.prepare("ada")
    inbound.mkdir()
    (toy.root / "submitted/ada/toy").rename(inbound / "ada+toy+2026-01-02 03:04:05 UTC")
    look_once(plan, memory, said)
    assert not (toy.root / "submitted/ada/toy").exists()
    look_once(plan, memory, said)
    assert (toy.root / "submitted/ada/toy/toy.ipynb").is_file()
    assert [report.student for report in look_once(plan, memory, said)] == ["ada"]


# nbgrader leaves open each timestamp that it reads
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_feedback_reaches_the_exchange(toy, said, tmp_path):
    config = toy.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f'\nc.Exchange.root = "{tmp_path / "exchange"}"\n')
    with pytest.raises(CourseError, match="has no folder for hand-ins"):
        inbound_of(toy.course)
    (tmp_path / "exchange").mkdir(mode=0o777)
    (tmp_path / "exchange").chmod(0o777)
    folder = toy.hand_in("ada", timestamp="2026-01-02 03:04:05 UTC")
    (folder / "submission_secret.txt").write_text("a secret")
    toy.hand_in("bob")
    for student in ("ada", "bob"):
        toy.prepare(student)
    plan = Watch(toy.course, [toy.assignment], release=True)
    memory = Memory(Ledger())
    looks(plan, memory, said)
    pages = sorted((tmp_path / "exchange").rglob("feedback/*.html"))
    assert len(pages) == 2  # bob's hand-in came without nbgrader's marks, and stops nobody
    assert "not released" not in said.file.getvalue()
    assert sorted(place[1] for place in memory.ledger.graded) == ["ada", "bob"]
    release_feedback(toy.course, "toy", ["ada"])
    assert sorted((tmp_path / "exchange").rglob("feedback/*.html")) == pages
