"""Students' text cells made safe to show to staff; what is harmless stays as it was written.

nbconvert's ``sanitize_html`` cleans outputs but renders scripts and javascript: links of text cells.
"""

from __future__ import annotations

import html
import re
from collections.abc import Container, Mapping

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

MAX_TEXT = 20_000
MAX_TEXTS = 200_000
"""Characters of one text cell, and of all, that are rendered to be looked at: some texts take a second."""
_TAGS = re.compile(
    "a|b|blockquote|br|code|dd|del|div|dl|dt|em|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|s|small|span|strong"
    "|sub|sup|table|tbody|td|tfoot|th|thead|tr|u|ul",
    re.IGNORECASE,
)
_ATTRIBUTES = re.compile("alt|class|colspan|height|href|id|rowspan|src|start|title|width", re.IGNORECASE)
_SCHEMES = frozenset({"", "http", "https", "mailto", "attachment", "data:image"})
_TAG = re.compile(r"""</?([a-zA-Z0-9]+)((?:\s+[a-zA-Z-]+="[^"<>]*")*)\s*/?>""")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)="([^"<>]*)\"""")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


def make_safe(nb: NotebookNode, ours: Container[str]) -> None:
    """Change, in place, each text cell that would bring anything active to whoever opens the notebook.

    ``ours`` holds the texts of the released cells, which are left alone.  A changed cell shows its
    source as plain text, so that a TA still reads all of it.
    """
    left = MAX_TEXTS
    for number, cell in enumerate(nb.cells):
        if cell.cell_type == "code" or cell.source in ours:
            continue
        if cell.cell_type == "raw":  # nbconvert puts raw cells into its pages as they are
            nb.cells[number] = new_markdown_cell(fenced(cell.source), id=cell.get("id", f"raw-{number}"))
            continue
        _keep_pictures(cell)
        left -= len(cell.source)
        if left < 0 or not is_harmless(cell.source, cell.get("attachments", {})):
            cell.source = fenced(cell.source)


def is_harmless(markdown: str, attachments: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether the page that nbconvert makes of ``markdown`` holds only plain tags and plain links.

    Each "<" of that page has to open one of a few tags, all attributes known and quoted: what a
    browser could read otherwise than we do is refused.
    """
    if len(markdown) > MAX_TEXT:
        return False
    try:
        page = str(MarkdownWithMath(IPythonRenderer(escape=False, attachments=attachments)).render(markdown))
    except Exception:  # a text that stops nbconvert (a missing attachment, deep nesting) stops the formgrader
        return False
    if "\\href" in page or "\\unicode" in page:
        return False  # the two commands of TeX by which a formula brings in a link or a font
    place = page.find("<")
    while place >= 0:
        tag = _TAG.match(page, place)
        if tag is None or not _TAGS.fullmatch(tag[1]) or not _plain(tag[2]):
            return False
        place = page.find("<", tag.end())
    return True


def fenced(text: str) -> str:
    """``text`` as a block of Markdown that shows it letter by letter, whatever it holds."""
    longest = max((len(run) for run in re.findall(r"~+", text)), default=0)
    fence = "~" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _plain(attributes: str) -> bool:
    for name, value in _ATTRIBUTE.findall(attributes):
        if not _ATTRIBUTES.fullmatch(name):
            return False
        if name.lower() in ("href", "src") and _scheme(value) not in _SCHEMES:
            return False
    return True


def _scheme(address: str) -> str:
    # a browser ignores white space and control characters inside "java\tscript:"
    plain = "".join(letter for letter in html.unescape(address) if letter > " ")
    if plain.startswith(tuple(f"data:{kind};base64," for kind in _PICTURES)):
        return "data:image"
    scheme = _SCHEME.match(plain)
    return scheme[1].lower() if scheme else ""


def _keep_pictures(cell: NotebookNode) -> None:
    kept = {}
    for name, bundle in cell.get("attachments", {}).items():
        pictures = {
            kind: data for kind, data in bundle.items() if kind in _PICTURES and _BASE64.fullmatch(str(data))
        }
        if pictures:
            kept[name] = pictures
    cell.pop("attachments", None)
    if kept:
        cell.attachments = kept
