"""The pages of the kit: one skeleton and style (light, dark, phone, paper), and the filters that they share.

A page is one self-contained file, and everything that comes from a person is escaped.
"""

from __future__ import annotations

import functools
import re
from datetime import date
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

_CODE = re.compile(r"`([^`]+)`")


@functools.cache
def template(name: str) -> jinja2.Template:
    """A page of ``templates/``, by the name of its file; it extends page.html."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for use in (number, prose, topic, breakable, day, fingerprint):
        environment.filters[use.__name__] = use
    return environment.get_template(name)


def number(value: float) -> str:
    """Points as people write them: 3, 3.5, 3.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def prose(text: str) -> Markup:
    """A sentence with its `code` marked as code; everything else is escaped."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def topic(cell: str) -> str:
    """What a question is about, from its cell's name: "Memory" of ``memory_answer``."""
    return cell.removesuffix("_answer").replace("_", " ").capitalize()


def breakable(name: str) -> Markup:
    """A function's name that a narrow screen may break after its underscores."""
    return escape(name).replace("_", Markup("_<wbr>"))


def day(value: date) -> str:
    """A day as people write it: 28 November 2026."""
    return f"{value.day} {value:%B %Y}"


def fingerprint(value: str) -> Markup:
    """A long number such as a sha256, which a narrow screen may break and which is copied in one piece."""
    return Markup("<wbr>").join(value[i : i + 8] for i in range(0, len(value), 8))
