"""How somebody hides that an answer is another's, from not at all to half of it written anew."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Mapping

from tests.similarity.rewriting import rewrite

_WORDS = (
    "alpha beta gamma tmp res out val cur acc total item elem left right first last data arr vec mat line "
    "col pos cnt num count length part piece buf state prev nxt grad weight bias gate cell hidden token word "
    "ids batch step seq table index score label split group size rate row mask key pair window series lag "
    "past future level"
)
WORDS = tuple(_WORDS.split())

Answers = dict[str, str]
"""The text of each answer, by exercise."""


def verbatim(answers: Answers, _own: Answers, _rng: random.Random) -> Answers:
    """As it is."""
    return dict(answers)


def renamed(answers: Answers, _own: Answers, rng: random.Random) -> Answers:
    """Every name that can be another is another."""
    return {exercise: rename(source, rng, keep=answers) for exercise, source in answers.items()}


def relaid(answers: Answers, own: Answers, rng: random.Random) -> Answers:
    """Renamed, with comments, empty lines, brackets and another layout."""
    return {exercise: relay(source, rng) for exercise, source in renamed(answers, own, rng).items()}


def reordered(answers: Answers, own: Answers, rng: random.Random) -> Answers:
    """Renamed and laid out anew; helpers and statements that do not need one another changed places."""
    mixed = {exercise: reorder(source, rng) for exercise, source in answers.items()}
    return relaid(mixed, own, rng)


def partly_rewritten(answers: Answers, own: Answers, rng: random.Random) -> Answers:
    """Reordered, and a third of what can be said otherwise is."""
    return reordered({e: rewrite(source, rng, 1 / 3) for e, source in answers.items()}, own, rng)


def largely_rewritten(answers: Answers, own: Answers, rng: random.Random) -> Answers:
    """Reordered, and two thirds of what can be said otherwise are."""
    return reordered({e: rewrite(source, rng, 2 / 3) for e, source in answers.items()}, own, rng)


def half_of_them(answers: Answers, own: Answers, rng: random.Random) -> Answers:
    """Half of the exercises, renamed and laid out anew; the others are their own."""
    return some(len(answers) // 2, answers, own, rng)


def one_of_them(answers: Answers, own: Answers, rng: random.Random) -> Answers:
    """One exercise, renamed and laid out anew; the others are their own."""
    return some(1, answers, own, rng)


def some(count: int, answers: Answers, own: Answers, rng: random.Random) -> Answers:
    taken = rng.sample(sorted(answers), count)
    return own | relaid({exercise: answers[exercise] for exercise in taken}, own, rng)


DEGREES: Mapping[str, Callable[[Answers, Answers, random.Random], Answers]] = {
    "verbatim": verbatim,
    "renamed": renamed,
    "renamed, new layout and comments": relaid,
    "the same, reordered": reordered,
    "the same, a third rewritten": partly_rewritten,
    "the same, two thirds rewritten": largely_rewritten,
    "half of the exercises, renamed": half_of_them,
    "one exercise, renamed": one_of_them,
}


def rename(source: str, rng: random.Random, keep: object = ()) -> str:
    """The source with every name that it binds exchanged, those in ``keep`` left as they are."""
    tree = ast.parse(source)
    mine = sorted(bound(tree) - set(keep))  # type: ignore[call-overload]
    pool = [f"{word}{end}" for word in WORDS for end in ("", "_a", "_b", "1", "2")]
    rng.shuffle(pool)
    return ast.unparse(Renamer(dict(zip(mine, pool, strict=False))).visit(tree))


def bound(tree: ast.AST) -> set[str]:
    """Names that a text binds and nowhere imports."""
    names = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    names |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    aliases = [node for node in ast.walk(tree) if isinstance(node, ast.alias)]
    return names - {(alias.asname or alias.name).split(".")[0] for alias in aliases}


class Renamer(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self.names.get(node.arg, node.arg)
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name = self.names.get(node.name, node.name)
        node.returns = None
        self.generic_visit(node)
        return node


def relay(source: str, rng: random.Random) -> str:
    """Other comments, other empty lines, brackets where none are needed, lines broken within brackets."""
    lines: list[str] = []
    for line in ast.unparse(ast.parse(source)).split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        if rng.random() < 0.3 and line.strip():
            lines.append(f"{indent}# {' '.join(rng.choices(WORDS, k=4))}")
        if line.strip().startswith("return ") and rng.random() < 0.5:
            line = f"{indent}return ({line.strip().removeprefix('return ')})"
        lines.append(line)
        if rng.random() < 0.2:
            lines.append("")
    return "\n".join(lines)


def reorder(source: str, rng: random.Random) -> str:
    """Neighbours that do not depend on one another exchanged, and the definitions of a cell shuffled."""
    tree = ast.parse(source)
    rng.shuffle(tree.body)
    for node in ast.walk(tree):
        for part in ("body", "orelse"):
            block = getattr(node, part, None)
            if not isinstance(block, list) or len(block) < 2 or isinstance(node, ast.Module):
                continue
            for _ in range(3 * len(block)):
                at = rng.randrange(len(block) - 1)
                if independent(block[at], block[at + 1]):
                    block[at], block[at + 1] = block[at + 1], block[at]
    return ast.unparse(tree)


def independent(one: ast.stmt, other: ast.stmt) -> bool:
    movable = (ast.Assign, ast.AugAssign, ast.For)
    if not (isinstance(one, movable) and isinstance(other, movable)):
        return False
    (reads, writes), (other_reads, other_writes) = uses(one), uses(other)
    return not (writes & (other_reads | other_writes) or other_writes & reads)


def uses(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """(names that are read, names that are written); what is written into, or may be by a method, counts."""
    reads: set[str] = set()
    writes: set[str] = set()
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=text, ctx=ast.Load()):
                reads.add(text)
            case ast.Name(id=text):
                writes.add(text)
            case ast.Subscript(value=inner, ctx=ast.Store()) | ast.Attribute(value=inner, ctx=ast.Store()):
                writes |= names_within(inner)
            case ast.Call(func=ast.Attribute(value=inner)):
                writes |= names_within(inner) - {"np", "keras"}
            case ast.AugAssign(target=target):
                reads |= names_within(target)
    return reads, writes


def names_within(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
