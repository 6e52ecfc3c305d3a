"""How well copies are found: planted ones, at several degrees of disguise, among independent answers.

``python -m tests.similarity.measuring`` writes the table of docs/similarity.md.  ``--authors FOLDER``
measures on a folder of real answers instead, a .py file per author, and prints; ``--peer`` lets copydetect
rank the same classes, where it is installed.
"""

from __future__ import annotations

import argparse
import ast
import io
import itertools
import random
import re
import statistics
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.commands.similar import right_answers
from autograder.course import assignment_names, find_assignment, find_course
from autograder.similarity.comparing import Comparison, compare
from autograder.similarity.own import OwnCell, released_cells
from autograder.similarity.pieces import Cut, cut, keys_of, modules_of
from tests.similarity.disguises import DEGREES, Answers
from tests.similarity.writers import independent_class

PAGE = Path("docs/similarity.md")
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->"
STUDENTS, CLASSES, ROUNDS = 16, 4, 8
"""Students of a made-up class, made-up classes of an assignment, rounds of planting in a real one."""
STUDENTS_PER_COPY = 8


@dataclass(frozen=True)
class Class:
    """Independent answers by student, and what is known beside them."""

    name: str
    answers: dict[str, Answers]
    exercises: tuple[str, ...]
    modules: dict[str, str] = field(default_factory=lambda: {"np": "numpy"})
    known: Collection[int] = ()
    writers: Sequence[Collection[int]] = ()

    def cut(self, answers: Answers) -> Cut:
        cells = [OwnCell(exercise, source) for exercise, source in answers.items()]
        return cut(cells, self.modules, self.exercises)

    def compared(self, works: dict[str, Cut]) -> Comparison:
        return compare(self.name, works, known=self.known, writers=self.writers)


@dataclass
class Tally:
    """What became of the copies of one degree."""

    planted: int = 0
    found: int = 0
    first: int = 0
    others: int = 0
    peer_first: int = 0

    def row(self, degree: str, *, peer: bool) -> str:
        hints = self.found + self.others
        precision = f"{self.found / hints:.2f}" if hints else "–"
        cells = [degree, str(self.planted), *(f"{n / self.planted:.2f}" for n in (self.found,)), precision]
        cells += [f"{n / self.planted:.2f}" for n in (self.first, *([self.peer_first] if peer else []))]
        return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.similarity.measuring", description=__doc__)
    parser.add_argument("--authors", type=Path, help="a folder of real answers, a .py file per author")
    parser.add_argument("--peer", action="store_true", help="let copydetect rank the same classes")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.authors is not None:
        chosen, rounds = [real_class(options.authors)], ROUNDS
    else:
        chosen, rounds = list(made_up_classes(options.seed)), 1
    lines = measure(chosen, rounds=rounds, seed=options.seed, peer=options.peer)
    print("\n".join(lines))
    if options.authors is None:
        text = PAGE.read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        PAGE.write_text(
            before + BEGIN + "\n".join(lines) + "\n" + END + rest.partition(END)[2], encoding="utf-8"
        )


def made_up_classes(seed: int) -> Iterator[Class]:
    course = find_course(Path.cwd())
    for name, number in itertools.product(assignment_names(course), range(CLASSES)):
        assignment = find_assignment(course, name)
        released, exercises = released_cells(assignment), tuple(assignment.points)
        modules = modules_of(released)
        yield Class(
            name=name,
            answers=independent_class(assignment, STUDENTS, random.Random(f"{seed} {name} {number}")),
            exercises=exercises,
            modules=modules,
            known=keys_of(released, modules, exercises),
            writers=[keys_of([text], modules, exercises) for text in right_answers(assignment)],
        )


def real_class(folder: Path) -> Class:
    """Every .py file of a folder is an author; an exercise is a function that most of them define."""
    authors: dict[str, Answers] = {}
    for file in sorted(folder.glob("*.py")):
        text = re.sub(r"\bxrange\b", "range", file.read_text(encoding="utf-8", errors="replace"))
        try:
            tree = ast.parse(text)
        except SyntaxError:
            print(f"{file.name} is no Python 3 and is left out", file=sys.stderr)
            continue
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        authors[file.stem] = {node.name: undocumented(node) for node in functions}
    exercises = tuple(
        name for name in dict.fromkeys(itertools.chain(*authors.values())) if asked(name, authors)
    )
    chosen = {
        author: {name: text for name, text in found.items() if name in exercises}
        for author, found in authors.items()
    }
    return Class(
        folder.name, {author: found for author, found in chosen.items() if len(found) > 1}, exercises
    )


def undocumented(node: ast.FunctionDef) -> str:
    """The text of a function without its docstring, which came with the course."""
    if ast.get_docstring(node, clean=False) is not None:
        node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(node)


def asked(name: str, authors: dict[str, Answers]) -> bool:
    """Whether most define a function, and most of them not alike: that would be code of the course."""
    texts = Counter(found[name] for found in authors.values() if name in found)
    return texts.total() > len(authors) / 2 > max(texts.values())


def measure(classes: Sequence[Class], *, rounds: int, seed: int, peer: bool) -> list[str]:
    """The lines of the table; in each round one student in eight copies."""
    rng = random.Random(seed)
    tallies = {degree: Tally() for degree in DEGREES}
    honest: list[int] = []
    for group in classes:
        works = {student: group.cut(answers) for student, answers in group.answers.items()}
        honest.append(len(group.compared(works).standing_out))
        for degree, _ in itertools.product(DEGREES, range(rounds)):
            planted = plant(group, degree, rng)
            answers = {copier: copied for (_, copier), copied in planted.items()}
            found = group.compared(works | {who: group.cut(copied) for who, copied in answers.items()})
            pairs = [set(pair) for pair in planted]
            note(tallies[degree], found, pairs)
            if peer:
                tallies[degree].peer_first += len(best(peer_ranking(group.answers | answers), pairs))
        print(f"{group.name}: {len(works)} students, {honest[-1]} stand out at first", file=sys.stderr)
    return [*introduction(classes, honest), "", *table(tallies, peer=peer)]


def plant(group: Class, degree: str, rng: random.Random) -> dict[tuple[str, str], Answers]:
    """By (who was copied, who copied), what the copier hands in; nobody takes part twice."""
    count = len(group.answers) // STUDENTS_PER_COPY
    chosen = rng.sample(sorted(group.answers), 2 * count)
    return {
        (source, copier): DEGREES[degree](group.answers[source], group.answers[copier], rng)
        for source, copier in zip(chosen[:count], chosen[count:], strict=True)
    }


def note(tally: Tally, found: Comparison, planted: list[set[str]]) -> None:
    out = [set(pair.students) for pair in found.standing_out]
    hits = [pair for pair in planted if pair in out]
    tally.planted += len(planted)
    tally.found += len(hits)
    tally.others += len(out) - len(hits)
    tally.first += len(best([set(pair.students) for pair in found.pairs], planted))


def best(ranked: Sequence[set[str]], planted: list[set[str]]) -> list[set[str]]:
    """Which of the planted pairs are among the first of a ranking, which has as many as were planted."""
    return [pair for pair in ranked[: len(planted)] if pair in planted]


def introduction(classes: Sequence[Class], honest: Sequence[int]) -> list[str]:
    sizes = ", ".join(map(str, sorted({len(group.answers) for group in classes})))
    what = "one class" if len(classes) == 1 else f"{len(classes)} classes"
    stand = f"{sum(honest)} pairs stand out in all ({statistics.mean(honest):.1f} a class)"
    return [
        f"Measured on {what} of {sizes} students, in which one in {STUDENTS_PER_COPY} copies from somebody.",
        f"With nothing planted, {stand}.",
    ]


def table(tallies: dict[str, Tally], *, peer: bool) -> list[str]:
    head = ["degree of disguise", "copies", "recall", "precision", "ranked first"]
    head += ["by copydetect"] if peer else []
    rows = [tally.row(degree, peer=peer) for degree, tally in tallies.items()]
    return [f"| {' | '.join(head)} |", f"|---|{'--:|' * (len(head) - 1)}", *rows]


def peer_ranking(answers: dict[str, Answers]) -> list[set[str]]:
    """The pairs in the order of copydetect's similarity, with its own defaults."""
    from copydetect.detector import CodeFingerprint, compare_files

    prints = {
        who: CodeFingerprint(f"{who}.py", 25, 6, language="python", fp=io.StringIO("\n".join(texts.values())))
        for who, texts in answers.items()
    }
    alike = {
        (one, other): min(compare_files(prints[one], prints[other])[1])
        for one, other in itertools.combinations(sorted(prints), 2)
    }
    return [set(pair) for pair in sorted(alike, key=lambda pair: -alike[pair])]


if __name__ == "__main__":
    main()
