"""Code as a tree of elements in which a student's own names, comments, layout and docstrings do not show.

It reads and never runs.  What is no Python becomes a flat tree, a line of it like a statement.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from autograder.grading.intake import code

MOST_ELEMENTS = 20_000
"""Of one cell; what comes after them is not looked at."""
_WORD = re.compile(r"\w+|[^\w\s]")
_NEW_LINE = re.compile("[\r\n]")  # Python's own; str.splitlines knows more of them
_TURNED = {ast.Gt: ast.Lt, ast.GtE: ast.LtE}


@dataclass
class Element:
    """One element of a tree: what it is, and where it stands in the text.

    ``own`` is a name that the student chose (then ``label`` only says that it is one).  ``number`` counts
    the elements of a cell from the outside in; an element and all within it are ``number`` to
    ``number + size``.  ``span`` is where it stands, in characters; (0, 0) when it has no place of its own.
    """

    label: str
    own: str = ""
    statement: bool = False
    span: tuple[int, int] = (0, 0)
    children: list[Element] = field(default_factory=list)
    number: int = 0
    size: int = 1


def tree_of(source: str, own: frozenset[str], modules: Mapping[str, str]) -> Element:
    """The tree of one cell.

    Args:
        source: its text.
        own: names that the student chose, in this cell or in others.
        modules: what an imported name stands for, such as "np" for "numpy".
    """
    module = code.tree(source)
    try:
        root = _Reader(source, own, modules).read(module) if module is not None else _lines(source)
        _number(root)
    except (RecursionError, _TooMany):  # nested or long as nobody writes by hand: its lines are enough
        root = _lines(source)
        _number(root)
    return root


def names_in(source: str) -> tuple[frozenset[str], dict[str, str]]:
    """(names that a cell binds anywhere in it, what its imported names stand for)."""
    module = code.tree(source)
    bound: set[str] = set()
    modules: dict[str, str] = {}
    for node in ast.walk(module) if module is not None else ():
        match node:
            case ast.arg(arg=name) | ast.ExceptHandler(name=str() as name):
                bound.add(name)
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.Import(names=names):
                modules |= {alias.asname or alias.name: alias.name for alias in names}
            case ast.ImportFrom(module=module_name, names=names):
                modules |= {alias.asname or alias.name: f"{module_name}.{alias.name}" for alias in names}
    return frozenset(bound), modules


class _TooMany(Exception):
    """A cell has more elements than are looked at."""


class _Reader:
    """Turns Python's tree into ours; counts, so that a huge cell ends."""

    def __init__(self, source: str, own: frozenset[str], modules: Mapping[str, str]) -> None:
        self._places = _Places(source)
        self._own = own
        self._modules = modules
        self._left = MOST_ELEMENTS

    def read(self, node: ast.AST) -> Element:
        self._left -= 1
        if self._left < 0:
            raise _TooMany
        label, own = self._label(node)
        element = Element(label, own, isinstance(node, ast.stmt), self._places.span(node))
        element.children = [self.read(child) for child in _children(node)]
        return element

    def _label(self, node: ast.AST) -> tuple[str, str]:
        """(what an element is, the student's own name for it)."""
        match node:
            case ast.Name(id=name) | ast.arg(arg=name):
                if name in self._modules:
                    return f"name {self._modules[name]}", ""
                return (
                    ("own", name) if name in self._own or isinstance(node, ast.arg) else (f"name {name}", "")
                )
            case ast.Attribute(attr=name):
                return f".{name}", ""
            case ast.keyword(arg=name):
                return f"{name}=", ""
            case ast.Constant(value=str() | bytes()):
                return "text", ""
            case ast.Constant(value=value):
                # Python refuses to write out an int of thousands of digits
                large = isinstance(value, int) and value.bit_length() > 128
                return f"{type(value).__name__} {'large' if large else value!r}", ""
            case ast.AugAssign() | ast.AnnAssign():
                return "Assign", ""
            case ast.alias(name=name):
                return f"import {name}", ""
            case ast.ImportFrom(module=name):
                return f"from {name}", ""
            case _:
                return type(node).__name__, ""


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What an element consists of; two ways to write one thing become one, annotations are left out."""
    match node:
        case ast.AugAssign(target=target, op=op, value=value):  # x += 1 is x = x + 1
            yield target
            yield ast.BinOp(target, op, value, lineno=node.lineno, col_offset=node.col_offset)
        case ast.AnnAssign(target=target, value=value):
            yield from (target,) if value is None else (target, value)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _TURNED:  # a > b is b < a
            yield from (right, _TURNED[type(op)](), left)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            documented = ast.get_docstring(node, clean=False) is not None
            yield from () if isinstance(node, ast.ClassDef) else _children(node.args)
            yield from (*node.decorator_list, *node.body[1 if documented else 0 :])
        case ast.arg():
            return
        case _:
            for child in ast.iter_child_nodes(node):
                if not isinstance(child, ast.expr_context):
                    yield child


def _lines(source: str) -> Element:
    """A tree of lines and their words, for what is no Python; every name counts as the student's own."""
    root = Element("lines", span=(0, len(source)))
    left, start = MOST_ELEMENTS, 0
    for line in _NEW_LINE.split(source):
        words = _WORD.findall(line.partition("#")[0])[:left]
        left -= len(words)
        if words:
            known = ("own" if word.isidentifier() else word for word in words)
            children = [
                Element(label, own=word if label == "own" else "")
                for label, word in zip(known, words, strict=True)
            ]
            root.children.append(Element("line", "", True, (start, start + len(line.rstrip())), children))
        start += len(line) + 1
    return root


def _number(root: Element) -> None:
    """Give every element its number and its size; children come after their parent."""
    order: list[Element] = []
    stack = [root]
    while stack:
        element = stack.pop()
        element.number = len(order)
        order.append(element)
        stack.extend(reversed(element.children))
    for element in reversed(order):
        element.size = 1 + sum(child.size for child in element.children)


class _Places:
    """From Python's lines and bytes to characters of the text."""

    def __init__(self, source: str) -> None:
        self._lines = _NEW_LINE.split(source)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def span(self, node: ast.AST) -> tuple[int, int]:
        if not isinstance(node, ast.stmt | ast.expr | ast.arg | ast.keyword | ast.excepthandler):
            return 0, 0
        end_line, end = getattr(node, "end_lineno", None), getattr(node, "end_col_offset", None)
        if end_line is None or end is None:
            return 0, 0
        return self._at(node.lineno, node.col_offset), self._at(end_line, end)

    def _at(self, line: int, column: int) -> int:
        if line > len(self._lines):
            return self._starts[-1] - 1
        before = self._lines[line - 1].encode()[:column].decode("utf-8", "ignore")
        return self._starts[line - 1] + len(before)
