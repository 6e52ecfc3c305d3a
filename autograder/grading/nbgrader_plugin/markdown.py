"""Students' text cells made safe to show to staff; what is harmless stays as it was written.

nbconvert's ``sanitize_html`` cleans outputs but renders scripts and javascript: links of text cells.  The
formgrader's own script finds its boxes for points by id and class: a text that holds one of these would
bind the points of one question to the box of another, so ids and classes are refused like scripts.
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
# what nbconvert itself writes: highlighted code, the link beside a heading, the language of a block
_CLASSES = re.compile(r"highlight|anchor-link|language-[^\s\"]*|[a-z][a-z0-9]{0,2}")
_HEADING = re.compile("h[1-6]", re.IGNORECASE)
_PAGE_IDS = frozenset({"notebook", "notebook-container", "statusmessage"})
# commands of TeX by which a formula brings in a link, a font, an id or a class; MathJax loads some on demand
_TEX = re.compile(r"\\(?:href|unicode|class|cssId|style|mmlToken|require)(?![a-zA-Z])")
_TAG_NAME = re.compile(r"[\w.-]+")
_LINKS = frozenset({"http", "https", "mailto"})
# a file beside the notebook; any other address of the server is asked with the cookie of whoever looks: a
# picture at /logout logs them out
_FILE = re.compile(r"\w[\w -]*(?:[/.]\w[\w -]*)*\.\w+")
_PICTURE_FILE = re.compile(r".*\.(?:png|jpe?g|gif|webp)", re.IGNORECASE)
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
    ids = _ids_of_the_page(nb)
    for number, cell in enumerate(nb.cells):
        if "tags" in cell.metadata:  # nbconvert makes classes of them
            cell.metadata.tags = [tag for tag in cell.metadata.tags if _TAG_NAME.fullmatch(tag)]
        if cell.cell_type == "code" or cell.source in ours:
            continue
        if cell.cell_type == "raw":  # nbconvert puts raw cells into its pages as they are
            nb.cells[number] = new_markdown_cell(fenced(cell.source), id=cell.get("id", f"raw-{number}"))
            continue
        _keep_pictures(cell)
        left -= len(cell.source)
        if left < 0 or not is_harmless(cell.source, cell.get("attachments", {}), ids):
            cell.source = fenced(cell.source)


def is_harmless(
    markdown: str, attachments: Mapping[str, Mapping[str, str]], ids: Container[str] = _PAGE_IDS
) -> bool:
    """Whether the page that nbconvert makes of ``markdown`` holds only plain tags and plain links.

    Each "<" of that page has to open one of a few tags, all attributes known and quoted: what a
    browser could read otherwise than we do is refused.  ``ids`` are taken by the page around it.
    """
    if len(markdown) > MAX_TEXT:
        return False
    try:
        page = str(MarkdownWithMath(IPythonRenderer(escape=False, attachments=attachments)).render(markdown))
    except Exception:  # a text that stops nbconvert (a missing attachment, deep nesting) stops the formgrader
        return False
    if _TEX.search(page):
        return False
    place = page.find("<")
    while place >= 0:
        tag = _TAG.match(page, place)
        if tag is None or not _TAGS.fullmatch(tag[1]) or not _plain(tag[1], tag[2], ids):
            return False
        place = page.find("<", tag.end())
    return True


def fenced(text: str) -> str:
    """``text`` as a block of Markdown that shows it letter by letter, whatever it holds."""
    longest = max((len(run) for run in re.findall(r"~+", text)), default=0)
    fence = "~" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _ids_of_the_page(nb: NotebookNode) -> frozenset[str]:
    """The ids by which the formgrader's script finds a cell's boxes, and those of its page."""
    names = [cell.metadata.nbgrader.get("grade_id", "") for cell in nb.cells if "nbgrader" in cell.metadata]
    return _PAGE_IDS.union(f"{name}{end}" for name in names for end in ("", "-comment", "_extra_credit"))


def _plain(tag: str, attributes: str, ids: Container[str]) -> bool:
    for written, value in _ATTRIBUTE.findall(attributes):
        name = written.lower()
        if not _ATTRIBUTES.fullmatch(name):
            return False
        if name in ("href", "src") and not _leads_nowhere(value, picture=name == "src"):
            return False
        if name == "id" and (not _HEADING.fullmatch(tag) or html.unescape(value) in ids):
            return False  # nbconvert gives each heading an id, made of its text
        if name == "class" and not all(_CLASSES.fullmatch(one) for one in html.unescape(value).split()):
            return False
    return True


def _leads_nowhere(address: str, *, picture: bool) -> bool:
    """Whether an address is harmless: a picture is here already, and a link asks for nothing of ours.

    A picture from elsewhere would tell its owner who opened the notebook, and when.
    """
    plain = html.unescape(address).replace("%20", " ")
    if _FILE.fullmatch(plain):
        return not picture or _PICTURE_FILE.fullmatch(plain) is not None
    if picture:
        return _scheme(address) == "data:image"
    return plain.startswith("#") or _scheme(address) in _LINKS


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
