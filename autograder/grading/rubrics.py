"""What a TA looks for in the written answers, and sentences that are used again and again.

Found by name and registered nowhere: ``<assignment>.toml`` in ``solutions/rubrics/``, ``comments.toml`` there
for all assignments, and the same names in the instructor's private folder.  No student is shown a rubric.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.course import Assignment, Course
from autograder.errors import CourseError

COMMENTS = "comments"
_CODE = re.compile(r"(?<![\w#&/])#([a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?![\w-])")


@dataclass(frozen=True)
class Criterion:
    """One thing that an answer can have, and what it is worth."""

    points: float
    text: str


@dataclass(frozen=True)
class Rubrics:
    """Criteria by question (its grade_id); by code, the sentence that ``#code`` in a comment stands for."""

    questions: Mapping[str, tuple[Criterion, ...]] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)


def read_rubrics(course: Course, assignment: Assignment) -> Rubrics:
    """The rubrics of an assignment; what is private comes before what is public, its own before all others'.

    Raises CourseError, with the file and what does not fit in it.
    """
    questions: dict[str, tuple[Criterion, ...]] = {}
    comments: dict[str, str] = {}
    folders = (course.private / course.settings.rubrics, course.rubrics)
    for file in (folder / f"{name}.toml" for name in (assignment.name, COMMENTS) for folder in folders):
        if file.is_file():
            where = (
                file.relative_to(course.root).as_posix() if file.is_relative_to(course.root) else file.name
            )
            content = _load(file, where)
            comments = _comments(content.pop(COMMENTS, {}), where, comments)
            manual = assignment.manual if file.stem == assignment.name else {}
            questions = _questions(content, manual, where) | questions
    return Rubrics(questions, comments)


def expanded(comment: str, comments: Mapping[str, str]) -> str:
    """A TA's comment with each known ``#code`` replaced by its sentence."""
    return _CODE.sub(lambda found: comments.get(found[1], found[0]), comment)


def mistyped(comment: str, comments: Mapping[str, str]) -> dict[str, str]:
    """The codes in a comment that are nearly a known one: what was written -> what was probably meant."""
    unknown = [code for code in _CODE.findall(comment) if code not in comments]
    near = {code: difflib.get_close_matches(code, list(comments), n=1) for code in unknown}
    return {f"#{code}": f"#{found[0]}" for code, found in near.items() if found}


def _load(file: Path, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{where} cannot be read: {error} (got {type(error).__name__})") from error


def _comments(found: Any, where: str, known: Mapping[str, str]) -> dict[str, str]:
    """The sentences that are known, then those found in this file under codes that are not."""
    if not isinstance(found, dict):
        raise CourseError(f"{where}: [{COMMENTS}] is a table of codes with a sentence each (got {found!r})")
    for code, sentence in found.items():
        if not _CODE.fullmatch(f"#{code}"):
            raise CourseError(f"{where}: a comment's code is lower-case words joined by - (got {code!r})")
        if not isinstance(sentence, str) or not sentence.strip():
            raise CourseError(f"{where}: the code {code} stands for a sentence (got {sentence!r})")
    return {**known, **{code: sentence for code, sentence in found.items() if code not in known}}


def _questions(
    found: Mapping[str, Any], manual: Mapping[str, float], where: str
) -> dict[str, tuple[Criterion, ...]]:
    questions = {}
    for name, criteria in found.items():
        if name not in manual:
            near = difflib.get_close_matches(name, list(manual), n=1)
            guess = f"did you mean {near[0]}?" if near else f"there are {', '.join(manual) or 'none'}"
            raise CourseError(
                f"{where}: no question that a person grades has this name; {guess} (got {name})"
            )
        if not isinstance(criteria, list) or not criteria:
            raise CourseError(
                f"{where}: {name} is written as [[{name}]], once per criterion (got {criteria!r})"
            )
        questions[name] = tuple(_criterion(one, name, where) for one in criteria)
        together = math.fsum(one.points for one in questions[name])
        if not math.isclose(together, manual[name], abs_tol=1e-9):
            raise CourseError(
                f"{where}: the criteria of {name} have {together:g} points together, the question has "
                f"{manual[name]:g} (got {together:g})"
            )
    return questions


def _criterion(found: Any, question: str, where: str) -> Criterion:
    points = found.get("points") if isinstance(found, dict) else None
    text = found.get("text") if isinstance(found, dict) else None
    if set(found if isinstance(found, dict) else ()) - {"points", "text"}:
        raise CourseError(
            f"{where}: a criterion of {question} has points and text, nothing else (got {found!r})"
        )
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 < points < math.inf:
        raise CourseError(f"{where}: points of a criterion of {question} are above 0 (got {points!r})")
    if not isinstance(text, str) or not text.strip():
        raise CourseError(f"{where}: a criterion of {question} has a text (got {text!r})")
    return Criterion(float(points), " ".join(text.split()))
