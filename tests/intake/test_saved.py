"""The outputs that a student saved, made safe to look at."""

from __future__ import annotations

import pytest

from autograder.grading.content import intake_hash
from autograder.grading.intake.saved import MAX_LINES, made_plain, plain_lines, saved_cells
from tests.intake.test_pictures import encoded


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def display(**data):
    named = {kind.replace("_", "/", 1): value for kind, value in data.items()}
    return {"output_type": "display_data", "metadata": {}, "data": named}


def said(*outputs):
    return ["picture" if one.png else one.text.split("\n") for one in made_plain(outputs)]


def test_text_values_and_errors_become_lines():
    error = {
        "output_type": "error",
        "ename": "E",
        "evalue": "oh",
        "traceback": ["\x1b[31mline 1\x1b[0m", "E: oh"],
    }
    assert said(stream("a\nb\n"), display(text_plain="7"), error) == [["a", "b", "7", "line 1", "E: oh"]]


def test_a_picture_is_encoded_anew_and_keeps_its_place():
    picture = display(image_png=encoded(3, 2), text_plain="<Figure>")
    shown = made_plain([stream("before"), picture, stream("after")])
    assert [bool(one.png) for one in shown] == [False, True, False]


@pytest.mark.parametrize(
    "data",
    [
        {"text_html": "<script>1</script>"},
        {"application_javascript": "alert(1)"},
        {"image_svg+xml": "<svg onload='1'/>"},
        {"text_html": "<b>1</b>", "image_png": "no picture"},
    ],
)
def test_what_could_be_active_is_named_and_left_out(data):
    ((line,),) = said(display(**data))
    assert line.startswith("[not shown here: ")
    assert "<" not in line


def test_a_line_cannot_pretend_to_be_another():
    """Colours, carriage returns, backspaces and signs that turn the direction of writing are taken out."""
    assert plain_lines("\x1b[2J\x1b]0;title\x07ok\x08\x00") == ["ok"]
    assert plain_lines("1/3\r2/3\r3/3\r\nnext") == ["3/3", "next"]
    assert plain_lines("5\u202e0\u200b1") == ["501"]


def test_long_outputs_keep_their_beginning_and_their_end():
    ((*lines,),) = said(stream("\n".join(map(str, range(1000)))))
    assert len(lines) == MAX_LINES + 1
    assert (lines[0], lines[-1]) == ("0", "999")
    assert "… (940 lines left out)" in lines
    assert len(plain_lines("x" * 10_000)[0]) < 400


@pytest.mark.parametrize(
    "output",
    [
        7,
        None,
        [],
        {},
        {"output_type": "stream", "text": 7},
        {"output_type": "stream", "text": [7, {}]},
        {"output_type": "display_data", "data": []},
        {"output_type": "error"},
        display(),
        stream("\ud800"),
    ],
)
def test_whatever_is_written_there_stops_nothing(output):
    made_plain([output])


def test_the_cells_of_a_submission_are_shown_with_what_was_saved_and_their_number(toy):
    cells = toy.solved()
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["outputs"] = [stream("seen")]
    intake = toy.read(cells)
    saved = saved_cells(toy.submitted, toy.assignment, intake.sha256)
    assert len(saved) == len(intake.notebook.cells)
    shown = {one.name for one in saved if one.shown}
    assert shown == {"setup", "double", "cell 5", "triple"}
    assert saved_cells(toy.submitted, toy.assignment, "of another file") == ()


def test_saved_outputs_change_no_verdict_and_are_noticed(toy):
    cells = toy.solved()
    plain = toy.read(cells)
    cells[2]["outputs"] = [stream("another")]
    assert intake_hash(toy.read(cells)) == intake_hash(plain)
    assert toy.read(cells).sha256 != plain.sha256
