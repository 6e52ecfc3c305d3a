"""What can be seen of a file of checks without running it: claims, hints, exercises, empty bodies."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.course import Assignment
from autograder.errors import CourseError


@dataclass(frozen=True)
class Offence:
    """One thing that is wrong: where it was seen, and what it is."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}."


@dataclass(frozen=True)
class Check:
    """One check as it is written: its id (without ``test_``), its exercise ("" when unmarked), its claim.

    ``weight`` is its share of the exercise's points.
    """

    name: str
    exercise: str
    claim: str
    node: ast.FunctionDef
    weight: float = 1.0


def read_checks(assignment: Assignment) -> list[Offence]:
    """Every offence that the text of the checks shows, public and private."""
    trees = [_parse(file) for file in assignment.check_files]
    checks = [check for tree in trees for check in checks_of(tree)]
    offences = [offence for check in checks for offence in _about(check, assignment)]
    for name, count in Counter(check.name for check in checks).items():
        if count > 1:
            offences.append(Offence(name, f"{count} checks have this name, so only the last one runs"))
    checked = {check.exercise for check in checks}
    for name in assignment.points:
        if name not in checked:
            offences.append(Offence(name, "this exercise has points and no check"))
    return offences + [offence for tree in trees for offence in _hints(tree)]


def checks_of(tree: ast.Module) -> list[Check]:
    """The functions of the file that pytest would run, in order."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            exercise, weight = _exercise(node)
            claim = ast.get_docstring(node) or ""
            found.append(Check(node.name.removeprefix("test_"), exercise, claim, node, weight))
    return found


def parse_checks(assignment: Assignment) -> ast.Module:
    """The public file of hidden checks as a tree.  Raises CourseError where it is missing or no Python."""
    return _parse(assignment.checks)


def _parse(file: Path) -> ast.Module:
    try:
        return ast.parse(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"the file of hidden checks is missing (got {file.name})") from None
    except SyntaxError as error:
        raise CourseError(f"{file.name} is no Python: {error.msg} (got line {error.lineno})") from None


def _about(check: Check, assignment: Assignment) -> Iterator[Offence]:
    if not check.exercise:
        yield Offence(check.name, "this check is not marked with the exercise that it belongs to")
    elif check.exercise not in assignment.points:
        yield Offence(check.name, f"the exercise {check.exercise} has no points in the release notebook")
    if not check.claim.strip():
        yield Offence(check.name, "this check has no claim: its docstring is the sentence that students read")
    used = {node.id for node in ast.walk(check.node) if isinstance(node, ast.Name)}
    fails = any(isinstance(node, ast.Assert | ast.Raise) for node in ast.walk(check.node)) or "expect" in used
    helpers = any(isinstance(node, ast.Call) for statement in check.node.body for node in ast.walk(statement))
    if not fails and not helpers:
        yield Offence(check.name, "this check is empty: it asks nothing and expects nothing")
    elif "submission" not in used:
        yield Offence(check.name, "this check never asks the submission anything")


def _exercise(node: ast.FunctionDef) -> tuple[str, float]:
    """The exercise that a check is marked with, "" for none, and its weight."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and _last_name(decorator.func) == "exercise" and decorator.args:
            name = decorator.args[0]
            weights = [word.value for word in decorator.keywords if word.arg == "weight"]
            weight = weights[0].value if weights and isinstance(weights[0], ast.Constant) else 1.0
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                return name.value, float(weight) if isinstance(weight, int | float) else 1.0
    return "", 1.0


def _hints(tree: ast.Module) -> Iterator[Offence]:
    """Calls of ``expect.something`` that give the student no hint."""
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        if not (isinstance(call.func.value, ast.Name) and call.func.value.id == "expect"):
            continue
        hint = next((word.value for word in call.keywords if word.arg == "hint"), None)
        if hint is None or (isinstance(hint, ast.Constant) and not str(hint.value or "").strip()):
            yield Offence(f"line {call.lineno}", f"expect.{call.func.attr} is called without a hint")


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
