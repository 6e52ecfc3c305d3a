"""Small changes to a reference: one operator, constant, argument, comparison or order each."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.assurance.variants import Files, as_cell, variants

Change = Callable[[], None]

OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
TEXTS = {"float32": "float64", "float64": "float32", "sigmoid": "tanh", "tanh": "sigmoid", "relu": "tanh"}


@dataclass(frozen=True)
class Mutant:
    """A reference with one change: the statement ``before`` and ``after``, and the whole solution cell."""

    function: str
    before: str
    after: str
    cell: str

    @property
    def name(self) -> str:
        """What it is called wherever it is told; the same wherever its lines lie."""
        return f"{self.function}: {self.before} → {self.after}"


def mutants(files: Files, functions: frozenset[str]) -> list[Mutant]:
    """Every mutant of the references to ``functions``, with the private helpers that they use."""
    found: dict[str, Mutant] = {}
    for variant in variants(files):
        if variant.kind == "reference" and variant.function in functions:
            for mutant in mutants_of(variant.function, as_cell(files, variant)):
                found.setdefault(mutant.name, mutant)
    return list(found.values())


def mutants_of(function: str, cell: str) -> Iterator[Mutant]:
    """Every mutant of one solution cell; equal statements with equal changes have one name."""
    count = sum(1 for _ in _changes(ast.parse(cell)))
    for number in range(count):
        tree = ast.parse(cell)
        statement, change = next(item for i, item in enumerate(_changes(tree)) if i == number)
        before = _line(statement)
        change()
        after = _line(ast.fix_missing_locations(copy.deepcopy(statement)))
        if before != after:
            yield Mutant(function, before, after, ast.unparse(ast.fix_missing_locations(tree)) + "\n")


def _changes(tree: ast.Module) -> Iterator[tuple[ast.stmt, Change]]:
    """Each change that can be made to the tree, with the innermost statement that it is made in."""
    for node in tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            yield from _in_statement(node)


def _in_statement(statement: ast.stmt) -> Iterator[tuple[ast.stmt, Change]]:
    if isinstance(statement, ast.Raise):
        return  # nobody checks what an exception says
    if isinstance(statement, ast.AugAssign) and type(statement.op) in OPERATORS:
        yield statement, _set(statement, "op", OPERATORS[type(statement.op)]())
    if isinstance(statement, ast.Return) and isinstance(statement.value, ast.Tuple):
        turned = ast.Tuple([*reversed(statement.value.elts)], ast.Load())
        yield statement, _set(statement, "value", turned)
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            yield from _in_statement(child)
        elif isinstance(child, ast.expr | ast.arguments | ast.excepthandler | ast.withitem):
            for inner in ast.walk(child):
                if isinstance(inner, ast.stmt):
                    yield from _in_statement(inner)
                elif isinstance(inner, ast.expr):
                    yield from ((statement, change) for change in _in_expression(inner))


def _in_expression(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.BinOp):
        if type(node.op) in OPERATORS:
            yield _set(node, "op", OPERATORS[type(node.op)]())
        elif isinstance(node.op, ast.MatMult):
            yield _set(node, "op", ast.Mult())
    elif isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            changed = [*node.ops[:place], COMPARISONS[type(operator)](), *node.ops[place + 1 :]]
            yield _set(node, "ops", changed)
    elif isinstance(node, ast.BoolOp):
        yield _set(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield _set(node, "operand", ast.UnaryOp(ast.Not(), node.operand))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield _set(node, "op", ast.UAdd())
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.Call):
        for place in range(len(node.keywords)):
            yield _set(node, "keywords", [*node.keywords[:place], *node.keywords[place + 1 :]])
        if len(node.args) > 1:
            yield _set(node, "args", node.args[:-1])


def _constants(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield _set(node, "value", not value)
    elif isinstance(value, int | float):
        yield _set(node, "value", value + 1)
    elif isinstance(value, str) and value in TEXTS:
        yield _set(node, "value", TEXTS[value])


def _set(node: ast.AST, field: str, value: object) -> Change:
    return lambda: setattr(node, field, value)


def _line(statement: ast.stmt) -> str:
    """The statement on one line; of a block, its head."""
    text = ast.unparse(statement)
    head = text.splitlines()[0] if hasattr(statement, "body") else text
    return " ".join(head.split())
