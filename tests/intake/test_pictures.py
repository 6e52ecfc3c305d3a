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
