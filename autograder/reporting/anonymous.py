"""Staff can read what a student wrote without reading who it was: numbers for names, cells without names.

Nothing here is stored: a number is worked out of the student's name and the course secret, and stays the
same from report to report.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import itertools
import keyword
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.grading.intake import code

SOMEBODY = "somebody"
GAP = "…"
DIGITS = 6
LINES_SHOWN = 40
LONG_TEXT = 20
"""A text in code that has more characters, or a space, is prose: it may say who wrote it."""
LONG_WORD = 5
"""A name of so many letters is looked for within words too."""
_WORD = re.compile(r"[^\W\d_]+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+")
_LONG_NUMBER = re.compile(r"\d{5,}")


def numbers(students: Iterable[str], secret: bytes) -> dict[str, str]:
    """A number of six digits for each student, which tells nothing of the name without the secret."""
    given: dict[str, str] = {}
    taken: set[str] = set()
    for student in sorted(students):
        candidates = (_number(f"{student}\0{again}", secret) for again in itertools.count())
        given[student] = next(number for number in candidates if number not in taken)
        taken.add(given[student])
    return given


def _number(text: str, secret: bytes) -> str:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=secret[:64], person=b"class report")
    return f"{int.from_bytes(digest.digest()[:8]) % 10**DIGITS:0{DIGITS}}"


@dataclass(frozen=True)
class Names:
    """Words and long numbers that could tell who somebody is."""

    telling: frozenset[str]

    def without(self, text: str) -> str:
        """The text with such words replaced; names of code are looked into part by part."""
        text = _LONG_NUMBER.sub(lambda n: GAP if n.group() in self.telling else n.group(), text)
        return _WORD.sub(lambda word: self._replaced(word.group()), text)

    def _replaced(self, word: str) -> str:
        if self._tells(word):
            return SOMEBODY
        return _PART.sub(lambda part: SOMEBODY if self._tells(part.group()) else part.group(), word)

    def _tells(self, word: str) -> bool:
        found = plain(word)
        return found in self.telling or any(
            name in found for name in self.telling if len(name) >= LONG_WORD and len(name) < len(found)
        )


def names_of(people: Iterable[str], *, handed_out: str) -> Names:
    """What tells who somebody is, of ``people``'s names, addresses and ids.

    Words that stand in what was handed out, and those of Python itself, tell nothing.
    """
    own = [person.partition("@")[0] for person in people]
    said = {plain(word) for text in own for word in _WORD.findall(text) if len(word) > 1}
    common = {plain(part) for word in _WORD.findall(handed_out) for part in (word, *_PART.findall(word))}
    common |= {plain(word) for name in (*keyword.kwlist, *dir(builtins)) for word in _WORD.findall(name)}
    long_numbers = {number for text in own for number in _LONG_NUMBER.findall(text)}
    return Names(frozenset(said - common | long_numbers))


def plain(word: str) -> str:
    """A word in small letters without accents."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def cell_without_names(source: str, function: str, known: Names) -> str:
    """What of a solution cell makes ``function``, laid out as Python does it; "" where that cannot be.

    Comments, docstrings and longer texts are gone, and so are words of the class's names.
    """
    module = code.tree(source)
    if module is None or function not in code.functions(source):
        return ""
    try:
        text = ast.unparse(ast.fix_missing_locations(_Quiet().visit(_needed(module, function))))
    except (RecursionError, ValueError, MemoryError):  # deeper than Python can write
        return ""
    lines = known.without(text).splitlines()
    more = len(lines) - LINES_SHOWN
    return "\n".join([*lines[:LINES_SHOWN], f"# and {more} more lines"] if more > 0 else lines)


def _needed(module: ast.Module, function: str) -> ast.Module:
    """The statements that bind ``function`` and what it needs, one through the other; a tree of its own."""
    texts = [ast.unparse(statement) for statement in module.body]
    binding: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        for name in code.names(text).binds:
            binding.setdefault(name, []).append(place)
    wanted: set[int] = set()
    queue = [function]
    while queue:
        for place in binding.get(queue.pop(), []):
            if place not in wanted:
                wanted.add(place)
                queue += [n.id for n in ast.walk(module.body[place]) if isinstance(n, ast.Name)]
    return ast.parse("\n".join(texts[place] for place in sorted(wanted)))


class _Quiet(ast.NodeTransformer):
    """Takes out of a tree what people write to each other: docstrings, and texts that read like prose."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(getattr(node, "body", None), list) and not node.body:  # type: ignore[attr-defined]
            node.body = [ast.Pass()]  # type: ignore[attr-defined]
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        told = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if told else self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str) and (len(node.value) > LONG_TEXT or " " in node.value.strip()):
            return ast.Constant(GAP)
        return node
