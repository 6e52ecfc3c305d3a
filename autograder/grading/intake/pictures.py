"""Pictures that a student saved: decoded, scaled, encoded anew.  Nothing else of an output is looked at."""

from __future__ import annotations

import base64
import binascii
import io
import itertools
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from PIL import Image

from autograder.grading.intake.captions import Caption
from autograder.grading.intake.parsing import Raw
from autograder.grading.report import Picture

MAX_PICTURES = 12
MAX_SIDE = 900
MAX_PIXELS = 24_000_000
MAX_PIXELS_TOGETHER = 60_000_000
MAX_TRIED = 24
MAX_BYTES = 8 * 2**20
MAX_TOTAL = 6 * 2**20


def pictures(cells: Iterable[tuple[Caption, Raw]]) -> tuple[Picture, ...]:
    """The pictures in the outputs of these cells, in order, each at most 900 pixels wide and high."""
    kept: list[Picture] = []
    room, pixels = MAX_TOTAL, MAX_PIXELS_TOGETHER
    found = ((caption, text) for caption, cell in cells for text in encoded(cell.outputs))
    for caption, text in itertools.islice(found, MAX_TRIED):
        picture, cost = encoded_anew(caption.cell, text, min(MAX_PIXELS, pixels))
        pixels -= cost
        if picture is not None and len(picture.png) <= room:
            said = replace(picture, section=caption.section, title=caption.title, axes=caption.axes)
            kept.append(said)
            room -= len(picture.png)
        if len(kept) == MAX_PICTURES:
            break
    return tuple(kept)


def encoded_anew(name: str, text: str, most_pixels: int) -> tuple[Picture | None, int]:
    """(the picture in this base64 text, None where it is none or too large; the pixels that were decoded)."""
    opened = _opened(text, most_pixels)
    return (None, 0) if opened is None else (_again(name, opened), opened.width * opened.height)


def encoded(outputs: Iterable[Any]) -> Iterator[str]:
    """The PNG and JPEG pictures among unchecked outputs, as the base64 texts that they claim to be."""
    for output in outputs:
        data = output.get("data") if isinstance(output, dict) else None
        if isinstance(data, dict):
            for kind in ("image/png", "image/jpeg"):
                value = data.get(kind)
                text = "".join(v for v in value if isinstance(v, str)) if isinstance(value, list) else value
                if isinstance(text, str) and 0 < len(text) <= MAX_BYTES * 4 // 3:
                    yield text
                    break


def _opened(text: str, most_pixels: int) -> Image.Image | None:
    """The picture, not yet decoded; None where it is none, or has more than ``most_pixels``."""
    try:
        content = base64.b64decode(text.encode("ascii"))
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
    except (binascii.Error, UnicodeEncodeError):
        return None
    except Exception:  # decoders of damaged pictures raise many kinds; the student loses one picture
        return None
    return opened if opened.width * opened.height <= most_pixels else None


def _again(name: str, opened: Image.Image) -> Picture | None:
    buffer = io.BytesIO()
    try:
        with opened:
            opened.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a JPEG is then decoded small
            has_alpha = "A" in opened.getbands() or "transparency" in opened.info
            image = opened.convert("RGBA" if has_alpha else "RGB")
        image.thumbnail((MAX_SIDE, MAX_SIDE))
        image.info.clear()  # a colour profile or a comment would be written along
        image.save(buffer, "PNG")
    except Exception:  # as above
        return None
    png = base64.b64encode(buffer.getvalue()).decode("ascii")
    return Picture(name, png, image.width, image.height)
