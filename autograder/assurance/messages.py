"""What students read about each wrong answer: golden files, and how many of them name the mistake.

The files hold the sentences as they are shown, so that a change of tone is a visible diff.  They are written
and compared by ``prove``, from the Reports that it has anyway; nothing is graded here.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assurance.evidence import Evidence
from autograder.assurance.reading import Offence, checks_of, parse_checks
from autograder.assurance.training_runs import trained_checks
from autograder.assurance.variants import Variant, variants
from autograder.checking import comparing, expect
from autograder.checking.verdicts import Outcome, Verdict
from autograder.course import Assignment, Course

LEAST_SHARE = 0.9
"""Of the wrong answers of an assignment, the share whose message names the mistake, at least."""

NAMING = (comparing.known_confusion, expect.unchanged, expect.own_generator, expect.raises, expect._dtype)
"""Where the kit's own sentences stand that say which mistake it is; the others say what was received."""
LEAST_WORDS = 3
"""A text of fewer words is a name or a piece of a sentence, and would be found in any message."""
_NO_NAME = ("which is not right", "could not be built")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{4,}(?:e[-+]?\d+)?")
_NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Told:
    """What a student reads about one wrong answer: the messages, without claims and hints."""

    symbol: str
    messages: tuple[str, ...]
    named: bool


def texts(assignment: Assignment, evidence: Evidence) -> dict[str, str]:
    """By wrong answer, the content of its golden file: every line of its exercise that is not PASSED.

    Numbers of many digits are rounded, and those of trained checks left out: they differ between machines.
    """
    public = {check.name for check in checks_of(parse_checks(assignment))}
    trained = {check.name for check in trained_checks(assignment)}
    wanted = {variant.symbol for variant in variants(assignment.solutions)}
    found = {}
    for variant, report in evidence.wrong:
        exercise = report.exercises.get(variant.function)
        if exercise is None or variant.symbol not in wanted:
            continue
        lines = [line for line in exercise.verdicts if line.check in public]
        blocks = [
            _block(line, trained=line.check in trained)
            for line in lines
            if line.outcome is not Outcome.PASSED
        ]
        found[variant.symbol] = "\n".join(blocks)
    return found


def differences(
    course: Course, assignment: Assignment, evidence: Evidence, *, left_out: Collection[str] = ()
) -> list[Offence]:
    """Offences for the wrong answers whose students would read something else than the golden files say.

    An assignment without golden files has none: writing them is its author's choice.  ``left_out`` are the
    claims of checks that were not run.
    """
    folder = folder_of(course, assignment)
    if not folder.is_dir():
        return []
    remedy = f"look at it, then autograder prove {assignment.name} --write"
    offences = []
    for symbol, text in texts(assignment, evidence).items():
        file = folder / f"{symbol}.txt"
        before = _without(file.read_text(encoding="utf-8") if file.is_file() else "", left_out)
        if before != text:
            seen = _first_difference(before, text)
            offences.append(Offence(symbol, f"students would read another message ({seen}); {remedy}"))
    return offences


def _without(text: str, claims: Collection[str]) -> str:
    """A golden file without the blocks of these claims."""
    blocks = text.removesuffix("\n").split("\n\n")
    kept = [block for block in blocks if block.partition("\n")[0].partition(": ")[2] not in claims]
    return "\n\n".join(kept) + "\n" if any(kept) else ""


def write(course: Course, assignment: Assignment, evidence: Evidence) -> Path:
    """Write the golden files of one assignment anew; returns their folder."""
    folder = folder_of(course, assignment)
    folder.mkdir(parents=True, exist_ok=True)
    found = texts(assignment, evidence)
    for old in folder.glob("*.txt"):
        if old.stem not in found:
            old.unlink()
    for symbol, text in found.items():
        (folder / f"{symbol}.txt").write_text(text, encoding="utf-8")
    return folder


def folder_of(course: Course, assignment: Assignment) -> Path:
    """Where the golden files of one assignment lie."""
    return course.messages / assignment.name


def told(course: Course, assignment: Assignment) -> list[Told]:
    """What the golden files say about each wrong answer, in the order of the solutions file."""
    sentences = _sentences(parse_checks(assignment))
    for function in NAMING:
        sentences += _sentences(ast.parse(inspect.getsource(function)))
    return [_told(course, assignment, variant, sentences) for variant in wrong_answers(assignment)]


def wrong_answers(assignment: Assignment) -> list[Variant]:
    """The wrong answers that need a golden file."""
    known = variants(assignment.solutions)
    return [v for v in known if v.kind == "wrong" and v.function in assignment.points]


def _told(
    course: Course, assignment: Assignment, variant: Variant, sentences: Sequence[re.Pattern[str]]
) -> Told:
    file = folder_of(course, assignment) / f"{variant.symbol}.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    messages = tuple(
        line.strip() for line in lines if line.startswith("  ") and not line.startswith("  Hint: ")
    )
    named = any(
        sentence.search(message)
        for message in messages
        for sentence in sentences
        if not any(phrase in message for phrase in _NO_NAME)
    )
    return Told(variant.symbol, messages, named)


def _block(line: Verdict, *, trained: bool) -> str:
    parts = [f"{line.outcome}: {line.claim}\n"]
    if line.message:
        parts.append(f"  {_steady(line.message, trained=trained)}\n")
    if line.hint:
        parts.append(f"  Hint: {_steady(line.hint, trained=trained)}\n")
    return "".join(parts)


def _steady(text: str, *, trained: bool) -> str:
    """One line, with numbers that are the same on every machine."""
    flat = " ".join(text.split())
    if trained:
        return _NUMBER.sub("…", flat)
    return _LONG_NUMBER.sub(lambda found: f"{float(found.group()):.3g}", flat)


def _first_difference(before: str, after: str) -> str:
    old, new = before.splitlines(), after.splitlines()
    for was, now in zip(old, new, strict=False):
        if was != now:
            return f"now {now.strip()}"
    return f"{len(new)} lines, and the file has {len(old)}"


def _sentences(tree: ast.AST) -> list[re.Pattern[str]]:
    """Every text in it that is long enough to say something, with what is filled in left open."""
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            parts = [node.value]
        else:
            continue
        found += list(_pattern(parts))
    return found


def _pattern(parts: Sequence[object]) -> Iterator[re.Pattern[str]]:
    """A pattern of the fixed parts in order, where they are words enough."""
    fixed: list[str] = []
    for part in parts:
        fixed += str(part).split("{call}") if isinstance(part, str) else [""]
    pieces = [" ".join(piece.split()).rstrip(".") for piece in fixed]
    if len(_WORD.findall(" ".join(pieces))) >= LEAST_WORDS:
        yield re.compile(".*?".join(re.escape(piece) for piece in pieces if piece), re.IGNORECASE)
