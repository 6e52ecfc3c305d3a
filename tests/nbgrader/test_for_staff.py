"""What staff see in an autograded copy beside the verdicts, and that no student sees it."""

from __future__ import annotations

from dataclasses import replace

import nbformat
import pytest
from nbformat.v4 import new_output
from nbgrader.utils import determine_grade, is_grade

from autograder.checking.verdicts import LimitMet, Outcome
from autograder.errors import CourseError
from autograder.grading.nbgrader_plugin.recording import record
from autograder.grading.report import CellRun
from autograder.reporting.exporters.feedback import write_feedback

pytestmark = pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")

RUBRIC = """
[[why_answer]]
points = 1
text = "Says `that`, not $this$, and <b>more</b>."

[comments]
well-said = "Well said, indeed."
"""


def with_outputs(toy, student, **outputs):
    """Save outputs in the notebook that a student handed in."""
    path = toy.root / "submitted" / student / "toy/toy.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.get("outputs", []).extend(outputs.get(cell.id, []))
    nbformat.write(notebook, path)


def read(cell):
    """What a TA reads below a grade cell, without its form."""
    return cell.outputs[1].data["text/plain"]


def cells(toy, student):
    return {cell.id: cell for cell in toy.autograded(student).cells}


@pytest.fixture
def rubric(class_of_three):
    folder = class_of_three.root / "solutions/rubrics"
    folder.mkdir()
    (folder / "toy.toml").write_text(RUBRIC)
    return class_of_three


def test_the_students_outputs_are_shown_as_such_and_score_nothing(class_of_three):
    toy = class_of_three
    number = new_output("execute_result", data={"text/plain": "3.0"}, execution_count=1)
    shown = new_output("stream", name="stderr", text="50% done\r100% done\n")
    page = new_output("display_data", data={"text/html": "<script>alert(1)</script>"})
    with_outputs(toy, "ada", double=[shown, page], double_checks=[number])
    assert record(toy.course, "toy").written == ("ada",)
    assert toy.automatic("ada")["double_checks"] == 1.5
    found = cells(toy, "ada")
    (said,) = found["double"].outputs
    assert said.text == (
        "Saved by the student, not graded, not run again:\n│ 100% done\n│ [not shown here: text/html]\n"
    )
    kinds = [output.output_type for output in found["double_checks"].outputs]
    assert kinds == ["execute_result", "display_data"]
    for cell in found.values():
        if is_grade(cell) and cell.cell_type == "code":
            score, _ = determine_grade(cell)
            assert score == float(cell.outputs[0].data["text/plain"])


def test_a_cell_that_stopped_at_grading_says_so(toy):
    toy.hand_in("ada")
    report = replace(
        toy.report("ada"),
        cells=(CellRun("double", "raised", "It stopped with NameError in line 1: `<b>$x$`."),),
        limits_met=(LimitMet("halve", "seconds", "The call of `halve` did not finish."),),
    )
    record(toy.course, "toy", reports={"ada": report})
    found = cells(toy, "ada")
    assert found["double"].outputs[0].text == "At grading: It stopped with NameError in line 1: `<b>$x$`.\n"
    assert "Limit met: The call of `halve` did not finish." in read(found["halve_checks"])
    top = found["autograder-summary"].source
    assert "<code>&lt;b&gt;&#36;x&#36;</code>" in top
    assert "<b>Limits that were met</b></p><ul><li><code>halve</code> The call" in top
    assert "\n" not in top


def test_the_top_of_the_copy_tells_points_and_repairs_once_however_often_it_is_graded(toy):
    toy.hand_in("ada", {"double_checks": "changed"})
    toy.prepare("ada", Outcome.FAILED, Outcome.PASSED, Outcome.PASSED)
    for _ in range(2):
        record(toy.course, "toy")
        first, *others = toy.autograded("ada").cells
        assert first.id == "autograder-summary"
        assert "3.5 of 5 points" in first.source
        assert "<code>double_checks</code> This cell is not meant to be changed" in first.source
        assert not [cell for cell in others if "panel" in cell.source]
        (toy.root / "tests/hidden/test_toy.py").write_text("# another check\n")
        toy.prepare("ada", Outcome.FAILED, Outcome.PASSED, Outcome.PASSED)


def test_a_question_has_its_rubric_above_it_and_a_new_rubric_is_shown_without_asking_anybody(rubric):
    rubric.give("ada", "why_answer", manual_score=1)
    assert record(rubric.course, "toy").written == ("ada", "bob", "cleo")
    names = [cell.id for cell in rubric.autograded("ada").cells]
    assert names.index("autograder-rubric-why_answer") + 1 == names.index("why_answer")
    source = cells(rubric, "ada")["autograder-rubric-why_answer"].source
    assert "<td><b>1</b></td><td>Says <code>that</code>, not &#36;this&#36;, and &lt;b&gt;more" in source
    assert "<code>#well-said</code></td><td>Well said, indeed." in source
    assert rubric.flags("ada")["why_answer"] is False
    assert rubric.flags("bob")["why_answer"] is True
    assert record(rubric.course, "toy").written == ()


def test_the_feedback_page_holds_the_sentence_of_a_code_and_nothing_for_staff(rubric):
    record(rubric.course, "toy")
    rubric.give("ada", "why_answer", manual_comment="#well-said But #well-sad.")
    (page,) = write_feedback(rubric.course, "toy", ["ada"])
    text = page.read_text()
    assert "Well said, indeed. But #well-sad." in text
    assert "Says" not in text
    assert "for staff" not in text


def test_where_students_get_nbgraders_own_page_the_copy_holds_nothing_for_staff(rubric):
    """nbgrader makes its page of the autograded copy: they would read the rubric."""
    config = rubric.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("c.GenerateFeedback.exporter_class", "unused"))
    config.write_text("unused = ''\n" + config.read_text())
    record(rubric.course, "toy")
    assert "panel" not in " ".join(cell.source for cell in rubric.autograded("ada").cells)


def test_a_rubric_that_does_not_fit_is_told_before_anything_is_written(rubric):
    (rubric.root / "solutions/rubrics/toy.toml").write_text(RUBRIC.replace("points = 1", "points = 2"))
    before = rubric.grades()
    with pytest.raises(CourseError, match="the criteria of why_answer have 2 points together"):
        record(rubric.course, "toy")
    assert rubric.grades() == before


def test_verdicts_that_are_all_alike_are_told_once(toy):
    toy.hand_in("bob")
    report = toy.report("bob", *[Outcome.NOT_ATTEMPTED] * 3)
    double = report.exercises["double"]
    alike = tuple(replace(one, message="You have not written this function yet.") for one in double.verdicts)
    exercises = {**report.exercises, "double": replace(double, verdicts=alike)}
    record(toy.course, "toy", reports={"bob": replace(report, exercises=exercises)})
    assert read(cells(toy, "bob")["double_checks"]).splitlines() == [
        "0 of 3 points: 0 of 2 checks passed",
        "",
        "NOT_ATTEMPTED  You have not written this function yet.",
        "These checks wait for it:",
        "  `double(3)` is 6.  (doubles)",
        "  `double(0)` is 0.  (keeps_zero)",
    ]
