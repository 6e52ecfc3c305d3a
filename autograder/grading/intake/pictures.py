"""Pictures that a student saved in demo cells: decoded, scaled, encoded anew.  Keeps no other output."""

from __future__ import annotations

import base64
import binascii
import io
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from PIL import Image

from autograder.grading.intake.parsing import Raw
from autograder.grading.report import Picture

MAX_PICTURES = 12
MAX_SIDE = 900
MAX_PIXELS = 24_000_000
MAX_BYTES = 8 * 2**20
MAX_TOTAL = 6 * 2**20


def pictures(cells: Iterable[tuple[str, Raw]]) -> tuple[Picture, ...]:
    """The pictures in the outputs of (name, cell), in order, each at most 900 pixels wide and high."""
    kept: list[Picture] = []
    total = 0
    for name, cell in cells:
        for text in _encoded(cell.outputs):
            if len(kept) == MAX_PICTURES:
                return tuple(kept)
            picture = _picture(name, text)
            if picture is not None and total + len(picture.png) <= MAX_TOTAL:
                kept.append(picture)
                total += len(picture.png)
    return tuple(kept)


def _encoded(outputs: Iterable[Any]) -> Iterator[str]:
    for output in outputs:
        data = output.get("data") if isinstance(output, dict) else None
        if isinstance(data, dict):
            for kind in ("image/png", "image/jpeg"):
                value = data.get(kind)
                text = "".join(v for v in value if isinstance(v, str)) if isinstance(value, list) else value
                if isinstance(text, str) and 0 < len(text) <= MAX_BYTES * 4 // 3:
                    yield text
                    break


def _picture(name: str, text: str) -> Picture | None:
    try:
        content = base64.b64decode(text.encode("ascii"))
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _again(name, content)
    except (binascii.Error, UnicodeEncodeError):
        return None
    except Exception:  # decoders of damaged pictures raise many kinds; the student loses one picture
        return None


def _again(name: str, content: bytes) -> Picture | None:
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            return None
        has_alpha = "A" in opened.getbands() or "transparency" in opened.info
        image = opened.convert("RGBA" if has_alpha else "RGB")
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    image.info.clear()  # a colour profile or a comment would be written along
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    png = base64.b64encode(buffer.getvalue()).decode("ascii")
    return Picture(name, png, image.width, image.height)
