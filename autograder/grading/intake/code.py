"""What a cell's code says without running it: its tree, the names it binds and the names it needs."""

from __future__ import annotations

import ast
import builtins
import functools
import re
import symtable
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

MAX_SOURCE = 50_000
"""Characters of a cell that is still looked into; a longer one holds pasted data and is taken by its text."""
REMEMBERED = 4096
_TIMED = re.compile(r"^(\s*)%(?:time|timeit|prun)\b(?:\s+-\w+(?:\s+\d+)?)*\s+")
_CELL_MAGIC = re.compile(r"^\s*%%(time|timeit|capture|prun)\b.*\n?")
_DEF = re.compile(r"^(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(", re.MULTILINE)


@dataclass(frozen=True)
class Names:
    """Names of the notebook's own level: those that a cell binds, and those that it reads.

    ``imports`` maps a bound name to the import that binds it, as text.  ``now`` are read when the
    cell runs and were not bound by it before; ``later`` are read inside its functions, when called.
    """

    binds: frozenset[str] = frozenset()
    imports: frozenset[tuple[str, str]] = frozenset()
    now: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()


@functools.lru_cache(maxsize=256)
def tree(source: str) -> ast.Module | None:
    """The syntax tree of a cell, IPython's magics left out; None when it is no Python."""
    return _new_tree(source)


def _new_tree(source: str) -> ast.Module | None:
    if len(source) > MAX_SOURCE:
        return None
    return _parsed(source) or _parsed(_without_magics(source))


@functools.lru_cache(maxsize=REMEMBERED)
def functions(source: str) -> frozenset[str]:
    """The functions that a cell defines at its top level, also where a syntax error hides the rest."""
    module = tree(source)
    if module is None:
        return frozenset(_DEF.findall(source[:MAX_SOURCE]))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    named = {node.name for node in module.body if isinstance(node, kinds)}
    for node in module.body:  # f = lambda …, f = np.vectorize(…)
        if isinstance(node, ast.Assign):
            named |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(named)


def same_code(one: str, other: str) -> bool:
    """Whether two cells say the same: comments, white space and docstrings aside."""
    return same_text(one, other) or (_skeleton(one) is not None and _skeleton(one) == _skeleton(other))


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same but for white space at the ends of lines."""
    return _lines(one) == _lines(other)


@functools.lru_cache(maxsize=REMEMBERED)
def names(source: str) -> Names:
    """The names that a cell binds and needs; empty for a cell that is no Python."""
    module = tree(source)
    if module is None:
        return Names()
    binds: set[str] = set()
    now: set[str] = set()
    later: set[str] = set()
    imports: set[tuple[str, str]] = set()
    for statement in module.body:
        bound, read, inside = _names_of(_text_of(statement))
        now |= read - binds
        later |= inside
        binds |= bound
        if isinstance(statement, ast.Import | ast.ImportFrom):
            imports |= {(name, ast.unparse(statement)) for name in bound}
    return Names(frozenset(binds), frozenset(imports), frozenset(now), frozenset(later - binds))


def needs(source: str) -> frozenset[str]:
    """Names that a cell reads and neither binds nor finds among Python's own."""
    found = names(source)
    return (found.now | found.later) - found.binds - frozenset(dir(builtins))


def _text_of(statement: ast.stmt) -> str:
    try:
        return ast.unparse(statement)
    except (ValueError, RecursionError, MemoryError):
        return ""


@functools.lru_cache(maxsize=REMEMBERED)
def _names_of(text: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """(bound, read at once, read inside functions) by one statement of the top level."""
    nothing: frozenset[str] = frozenset()
    try:
        with _quiet():
            module = ast.parse(text)
            scopes = _Scopes()
            scoped = scopes.visit(module)
            table = symtable.symtable(ast.unparse(scoped) if scopes.made else text, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return nothing, nothing, nothing
    if not module.body:
        return nothing, nothing, nothing
    statement = module.body[0]
    bound, read = set(), set()
    for symbol in table.get_symbols():
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
            bound.add(symbol.get_name())
        if symbol.is_referenced():
            read.add(symbol.get_name())
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        read.add(statement.target.id)
    inside = set()
    for inner in _inner(table):
        for symbol in inner.get_symbols():
            if symbol.is_global() and symbol.is_referenced():
                inside.add(symbol.get_name())
            if symbol.is_declared_global() and symbol.is_assigned():
                bound.add(symbol.get_name())
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        read |= inside  # a comprehension, a class body or a lambda that is used at once
    return frozenset(bound), frozenset(read), frozenset(inside)


def _inner(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    stack = list(table.get_children())
    while stack:
        inner = stack.pop()
        yield inner
        stack.extend(inner.get_children())


def _parsed(source: str) -> ast.Module | None:
    try:
        with _quiet():
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _quiet() -> warnings.catch_warnings[None]:
    # a student's "\d" warns, and where warnings are errors it would look like a syntax error
    return warnings.catch_warnings(action="ignore")


def _without_magics(source: str) -> str:
    # an empty line stays for each, so that what comes after keeps its number
    lines = _CELL_MAGIC.sub(lambda magic: "\n" * magic[0].count("\n"), source, count=1).split("\n")
    lines = [_TIMED.sub(r"\1", line) for line in lines]
    return "\n".join(_plain_line(line) for line in lines)


def _plain_line(line: str) -> str:
    said = line.strip()
    is_magic = said.startswith(("%", "!", "?")) or said.endswith("?")
    return line[: len(line) - len(line.lstrip())] + "pass" if is_magic else line


@functools.lru_cache(maxsize=REMEMBERED)
def _skeleton(source: str) -> str | None:
    """What a cell says as one text, comments and docstrings aside; None when it is no Python."""
    module = _new_tree(source)  # not the one that is remembered: this one is changed
    if module is None:
        return None
    try:
        return ast.dump(_NoDocstrings().visit(module))
    except (RecursionError, MemoryError):
        return None


@functools.lru_cache(maxsize=REMEMBERED)
def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


class _Scopes(ast.NodeTransformer):
    """Makes a generator of every comprehension: from Python 3.12 on the others have no scope of their own.

    ``made`` counts them.
    """

    def __init__(self) -> None:
        self.made = 0

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp) -> ast.GeneratorExp:
        self.made += 1
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    def visit_SetComp(self, node: ast.SetComp) -> ast.GeneratorExp:
        return self.visit_ListComp(node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.GeneratorExp:
        self.made += 1
        self.generic_visit(node)
        return ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators)


class _NoDocstrings(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return node
