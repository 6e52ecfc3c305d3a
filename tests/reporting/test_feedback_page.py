"""The feedback page, made from prepared Reports."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from autograder.checking.verdicts import LimitMet, Outcome, Verdict, result
from autograder.grading.report import CellRun, Picture, Repair, Report
from autograder.reporting.feedback import WORDS, ManualGrade, Received, feedback_page
from autograder.reporting.pages import number, topic
from tests.reporting.pagecheck import Page


def report_of(*verdicts: Verdict, **changes) -> Report:
    exercises = {"one_hot": result(verdicts or (Verdict("a", "It is so.", Outcome.PASSED),), 4.0)}
    found = sum(item.points for item in exercises.values())
    made = Report("ex", "ada", found, 4.0, exercises, manual={"memory_answer": 1.0})
    return replace(made, **changes)


def page_of(report: Report, *manual: ManualGrade, late_penalty: float = 0.0, **more) -> str:
    return feedback_page(report, manual=manual, late_penalty=late_penalty, title="One-hot", **more)


FULL = report_of(
    Verdict(
        "a",
        "Shape is `ids.shape + (depth,)`.",
        Outcome.FAILED,
        "It was `(2, 5)`.",
        "Which axis is last?",
        seed=99,
    ),
    Verdict("b", "No id out of range.", Outcome.RAISED, "It raised IndexError in line 4."),
    Verdict("c", "It is quick.", Outcome.TIMED_OUT),
    Verdict("d", "It is small.", Outcome.KILLED),
    Verdict("e", "It passes.", Outcome.PASSED, "secret message of a passed check", "secret hint"),
    repairs=(Repair("one_hot_checks", "The locked cell had been changed."),),
    limits_met=(LimitMet("one_hot", "seconds", "The cell one_hot did not finish."),),
    cells=(
        CellRun("cell 3", "raised", "It stopped with NameError in line 1: `x<y`."),
        CellRun("cell 4", "ok"),
    ),
    pictures=(Picture("cell 9", "aGVsbG8=", 60, 40),),
    versions={"python": "3.11"},
)


def test_a_page_is_whole_and_its_tags_close():
    page = Page(page_of(FULL))
    assert [tag for tag, _ in page.tags].count("h1") == 1
    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in page.attributes("href")} <= set(ids)
    for labels in page.attributes("aria-labelledby"):
        assert labels in ids


def test_a_page_loads_nothing():
    html = page_of(FULL)
    page = Page(html)
    assert {link[0] for link in page.attributes("href")} == {"#"}
    assert all(source.startswith("data:image/png;base64,") for source in page.attributes("src"))
    assert "http:" not in html
    assert "https:" not in html
    assert "@import" not in html
    assert "<script" not in html
    assert "default-src 'none'" in html


def test_each_check_says_claim_what_happened_and_where_to_look():
    text = Page(page_of(FULL)).text
    assert "Not yet: Shape is ids.shape + (depth,). It was (2, 5). Where to look: Which axis is last?" in text
    assert "Stopped: No id out of range. It raised IndexError in line 4." in text
    assert "Too slow: It is quick. Your function did not answer within its time." in text
    assert "Limit met: It is small." in text
    assert "Passed: It passes." in text


def test_a_passed_check_says_no_more_than_its_claim_and_no_seed_is_shown():
    html = page_of(FULL)
    assert "secret" not in html
    assert "99" not in Page(html).text


def test_repairs_limits_and_cells_that_stopped_are_told():
    text = Page(page_of(FULL)).text
    assert "Put right before grading one_hot_checks The locked cell had been changed." in text
    assert "cell 3 It stopped with NameError in line 1: x<y." in text
    assert "The cell one_hot did not finish." in text
    assert "cell 4" not in text


def pictures_of(report: Report) -> tuple[list[dict[str, str | None]], str]:
    page = Page(page_of(report))
    return [attributes for tag, attributes in page.tags if tag == "img"], page.text


def test_pictures_are_labelled_as_the_students_own():
    (picture,), text = pictures_of(FULL)
    assert picture["alt"] == "Picture 1 of 1, as you saved it in cell 9."
    assert (picture["width"], picture["height"]) == ("60", "40")
    assert "Saved by you in cell 9" in text


def test_a_picture_is_described_by_what_the_notebook_says_of_it():
    known = Picture("cell 9", "aGk=", 6, 4, "Look: the training", "test accuracy …", "epoch, accuracy")
    bare = Picture("cell 12", "aGk=", 6, 4, section="Look: the training")
    pictures, text = pictures_of(report_of(pictures=(known, bare)))
    assert [picture["alt"] for picture in pictures] == [
        "Picture 1 of 2, as you saved it in cell 9 under “Look: the training”. The cell's code gives it the "
        "title “test accuracy …”. Its axes: epoch, accuracy.",
        "Picture 2 of 2, as you saved it in cell 12 under “Look: the training”.",
    ]
    assert "Look: the training · Saved by you in cell 12" in text


SECTIONS = {"one_hot": "Section 4 · One vector per word", "memory_answer": "Section 6 · What does it cost?"}


def test_an_exercise_that_lost_points_says_what_to_read_again():
    lost = Page(page_of(FULL, sections=SECTIONS)).text
    assert "To read again in the notebook: Section 4 · One vector per word" in lost
    assert "Section 6" not in lost  # nobody has graded the question yet
    full = report_of()
    assert "Section 4" not in Page(page_of(full, sections=SECTIONS)).text
    less = Page(page_of(full, ManualGrade("one_hot", 3.0, 4.0), sections=SECTIONS)).text
    assert "To read again in the notebook: Section 4" in less
    answered = Page(page_of(full, ManualGrade("memory_answer", 0.5, 1.0), sections=SECTIONS)).text
    assert "To read again in the notebook: Section 6 · What does it cost?" in answered
    assert "To read again" not in Page(page_of(FULL)).text


def test_an_exercise_that_was_not_begun_says_where_to_begin():
    stub = [
        Verdict(name, f"Claim {name}.", Outcome.NOT_ATTEMPTED, "You have not written it.") for name in "ab"
    ]
    text = Page(page_of(report_of(*stub), sections=SECTIONS)).text
    assert "Where to begin in the notebook: Section 4 · One vector per word" in text


def test_a_changed_grade_is_told_at_the_top_and_in_its_place_with_its_day():
    text = Page(page_of(report_of(), ManualGrade("one_hot", 3.0, 4.0, on=date(2026, 11, 8)))).text
    assert "Your teacher changed your points for one_hot on 8 November 2026." in text.split("Exercise")[0]
    assert "A teacher looked at this exercise on 8 November 2026 and gave it 3 points" in text
    undated = Page(page_of(report_of(), ManualGrade("one_hot", 3.0, 4.0))).text
    assert "Your teacher changed your points for one_hot." in undated
    assert "changed" not in Page(page_of(report_of(), ManualGrade("one_hot", None, 4.0, "Nice."))).text


def test_points_that_a_teacher_confirmed_are_no_change():
    report = report_of()
    same = ManualGrade("one_hot", report.exercises["one_hot"].points, 4.0, on=date(2026, 11, 8))
    text = Page(page_of(report, same)).text
    assert "on 8 November 2026 and left its points as the checks gave them." in text
    assert "changed" not in text
    assert "the checks alone gave" not in text


def test_the_graded_file_is_named_by_the_number_of_its_receipt():
    digest = "0123456789abcdef" * 4
    at = datetime(2026, 11, 8, 9, 5, tzinfo=UTC)
    page = Page(page_of(report_of(), received=Received(digest, at)))
    assert "your notebook received on 8 November 2026 at 09:05 UTC, whose sha256 is" in page.text
    assert digest in "".join(page.words)  # one piece, for a search and a copy
    assert "not graded yet" not in page.text.split("Exercise")[0]
    newer = Page(
        page_of(report_of(unreadable="It is empty."), received=Received(digest, None, newer=True))
    ).text
    assert "Another version that you handed in has been received since; it is not graded yet." in newer
    assert "Graded: your notebook, whose sha256 is" in newer
    assert "sha256" not in Page(page_of(report_of())).text


def test_nothing_of_a_check_is_shown_but_its_sentences():
    """No id, seed, weight or time of a check, no hash of ours, no isolation: those are for staff."""
    verdict = Verdict("idofcheck", "It is so.", Outcome.FAILED, "It is not.", "Look.", 7.25, 424242, 31.5)
    report = report_of(
        verdict,
        isolation="levelinforce",
        content={"secret": "hashofsecret", "checks": "hashofchecks"},
        seconds=98.75,
    )
    html = page_of(report, sections=SECTIONS, received=Received("ab" * 32))
    for hidden in ("idofcheck", "7.25", "424242", "31.5", "levelinforce", "hashof", "98.75"):
        assert hidden not in html, hidden


def test_an_untouched_function_is_told_once():
    stub = [
        Verdict(name, f"Claim {name}.", Outcome.NOT_ATTEMPTED, "You have not written it.") for name in "ab"
    ]
    text = Page(page_of(report_of(*stub))).text
    assert text.count("You have not written it.") == 1
    assert "Not started. You have not written it. These checks wait for it: Claim a. Claim b." in text


def test_a_question_waits_until_a_person_graded_it():
    waiting = Page(page_of(report_of())).text
    assert "4 of 5 points so far" in waiting
    assert "One question still waits for a person to grade it: up to 1 more point." in waiting
    assert "Memory not graded yet (1 point)" in waiting
    done = Page(page_of(report_of(), ManualGrade("memory_answer", 0.5, 1.0, "Half of it.\nRead on."))).text
    assert "4.5 of 5 points" in done
    assert "so far" not in done
    assert "Your teacher writes Half of it. Read on." in done


def test_a_persons_points_take_the_place_of_the_checks():
    text = Page(page_of(report_of(), ManualGrade("one_hot", 1.0, 4.0, "Copied."))).text
    assert "1 of 5 points so far" in text
    assert "gave it 1 point; the checks alone gave 4." in text


def test_a_comment_alone_changes_no_points():
    text = Page(page_of(report_of(), ManualGrade("one_hot", None, 4.0, "Nice."))).text
    assert "4 of 5 points so far" in text
    assert "A teacher looked" not in text
    assert "Nice." in text


def test_a_late_penalty_is_taken_off_and_never_below_zero():
    assert "2.5 of 5 points" in Page(page_of(report_of(), late_penalty=1.5)).text
    assert "Handed in late: 1 point is taken off." in Page(page_of(report_of(), late_penalty=1.0)).text
    assert "0 of 5 points" in Page(page_of(report_of(), late_penalty=9.0)).text


def test_an_unreadable_notebook_has_its_reason_and_no_list_of_checks():
    missing = Verdict("a", "It is so.", Outcome.MISSING, "Nothing could be graded.")
    page = Page(page_of(report_of(missing, unreadable="The file is empty.")))
    assert "Your notebook could not be read The file is empty." in page.text
    assert "It is so." not in page.text
    assert "0 of 5 points" in page.text


def test_what_a_student_or_a_teacher_wrote_is_shown_and_never_run():
    hostile = '<script>alert(1)</script>"onload="x'
    verdict = Verdict("a", hostile, Outcome.FAILED, f"`{hostile}`", hostile)
    report = report_of(
        verdict,
        student=hostile,
        cells=(CellRun(hostile, "raised", hostile),),
        repairs=(Repair(hostile, hostile),),
        pictures=(Picture(hostile, "aGk=", 1, 1, hostile, hostile, hostile),),
    )
    manual = ManualGrade("memory_answer", 0.5, 1.0, hostile)
    html = page_of(report, manual, sections={"one_hot": hostile, "memory_answer": hostile})
    page = Page(html)
    assert "<script" not in html
    assert not any("onload" in name for _, attributes in page.tags for name in attributes)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_word_and_no_word_blames(outcome):
    word = WORDS[outcome]
    assert word.word
    assert word.otherwise or outcome is Outcome.PASSED
    assert "!" not in word.word + word.otherwise
    assert not re.search(r"wrong|fail|bad|error\b.*you", word.word + word.otherwise, re.IGNORECASE)


@pytest.mark.parametrize(
    ("value", "text"), [(3.0, "3"), (2.5, "2.5"), (10 / 3, "3.33"), (0.0, "0"), (10.0, "10")]
)
def test_points_are_written_as_people_do(value, text):
    assert number(value) == text


def test_a_topic_is_read_from_the_cells_name():
    assert topic("test_bias_answer") == "Test bias"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_text_has_contrast_enough_by_day_and_by_night(scheme):
    """WCAG AA asks for 4.5 between text and what lies behind it."""
    block = re.findall(r":root \{(.*?)\}", page_of(FULL), re.DOTALL)[scheme]
    colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    pairs = [("ink", "paper"), ("ink", "card"), ("soft", "paper"), ("soft", "card"), ("accent", "card")]
    pairs += [("good", "card"), ("good", "good-soft"), ("open", "open-soft"), ("ink", "open-soft")]
    pairs += [("rest", "rest-soft"), ("rest", "card"), ("ink", "rest-soft"), ("person", "person-soft")]
    pairs += [("ink", "person-soft")]
    assert {
        pair: contrast(colour[pair[0]], colour[pair[1]])
        for pair in pairs
        if contrast(colour[pair[0]], colour[pair[1]]) < 4.5
    } == {}
