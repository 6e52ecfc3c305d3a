"""Pictures that a student saved in demo cells."""

import base64
import io

import numpy as np
import pytest
from PIL import Image


def encoded(width, height, kind="PNG", **info):
    buffer = io.BytesIO()
    Image.fromarray(np.zeros((height, width, 3), np.uint8)).save(buffer, kind, **info)
    return base64.b64encode(buffer.getvalue()).decode()


def with_picture(toy, text, kind="image/png", place=4):
    cells = toy.solved()
    cells[place]["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {kind: text}}]
    return toy.read(cells)


def test_a_picture_of_a_demo_cell_is_kept(toy):
    (picture,) = with_picture(toy, encoded(30, 20)).pictures
    assert (picture.cell, picture.width, picture.height) == ("cell 5", 30, 20)
    with Image.open(io.BytesIO(base64.b64decode(picture.png))) as image:
        assert image.format == "PNG"


def test_a_large_picture_is_scaled_to_900_pixels(toy):
    (picture,) = with_picture(toy, encoded(3000, 1000, "JPEG"), "image/jpeg").pictures
    assert (picture.width, picture.height) == (900, 300)


def test_what_hides_in_a_picture_is_dropped(toy):
    text = encoded(30, 20, "JPEG", comment=b"hidden words", icc_profile=b"a profile")
    (picture,) = with_picture(toy, text, "image/jpeg").pictures
    content = base64.b64decode(picture.png)
    assert b"hidden" not in content
    assert b"iCCP" not in content


def test_a_picture_of_a_cell_that_is_no_demo_is_not_kept(toy):
    assert with_picture(toy, encoded(30, 20), place=2).pictures == ()


@pytest.mark.parametrize("text", ["no base64 é", "AAAA", "", 7, None, ["AA", 3], {"a": 1}])
def test_what_is_no_picture_is_left_out(toy, text):
    assert with_picture(toy, text).pictures == ()


def test_a_picture_of_too_many_pixels_is_left_out(toy):
    assert with_picture(toy, encoded(5000, 5000)).pictures == ()


def test_at_most_twelve_pictures_are_kept(toy):
    cells = toy.solved()
    one = {"output_type": "display_data", "metadata": {}, "data": {"image/png": encoded(3, 2)}}
    cells[4]["outputs"] = [one] * 20
    assert len(toy.read(cells).pictures) == 12


def described(toy, source, *headings):
    cells = toy.solved()
    one = {"output_type": "display_data", "metadata": {}, "data": {"image/png": encoded(3, 2)}}
    drawing = {**toy.cell("code", source, tags=["demo"]), "outputs": [one]}
    (picture,) = toy.read([*cells, *(toy.cell("markdown", text) for text in headings), drawing]).pictures
    return picture.section, picture.title, picture.axes


def test_a_picture_is_described_by_the_heading_above_it_and_by_what_its_code_says(toy):
    source = (
        "figure, axes = plt.subplots()\naxes.set(title='Loss', xlabel='epoch', ylabel='loss')\n"
        "plt.title(f'test accuracy {score:.2f}')\naxes.set_title(name)\nplt.xlabel('epoch')\n"
    )
    assert described(toy, source, "## 3 · Look", "### Look: the *training*") == (
        "Look: the training",
        "Loss, test accuracy …",
        "epoch, loss",
    )


@pytest.mark.parametrize(
    "source", ["plt.plot([1])", "def broken(:", "title = 'no call'", "f(title=3, *a, **k)"]
)
def test_what_the_notebook_does_not_say_is_not_invented(toy, source):
    assert described(toy, source) == ("Toy", "", "")


def test_a_description_is_short(toy):
    section, title, axes = described(
        toy, f"plt.title('{'t' * 500}')\nplt.xlabel('{'x ' * 90}')", f"## {'h' * 500}"
    )
    assert [len(text) for text in (section, title)] == [120, 120]
    assert len(axes) <= 120
    assert section.endswith("…")
