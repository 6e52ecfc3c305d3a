"""Kills what takes part in grading, at random moments, and compares the gradebook with an undisturbed one.

    python -m tests.grading.kills --kills 50

Each round starts ``autograder grade --fresh`` on a class, kills one process of it (the engine, a judge,
the warm server or its holder, a worker) after a random time, and waits for the end.  A run that was not
itself killed has to finish.  At the end one undisturbed run has to give the gradebook that a course gets
whose grading nobody has disturbed, a manual grade included, and no process may be left.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nbgrader.utils import compute_checksum

from tests.grading.conftest import CHECKS, RIGHT, notebook, write

KIT = Path(__file__).parents[2]
CLASS = {
    "ada": RIGHT,
    "bob": {"double": RIGHT["double"]},
    "cyd": {"double": "def double(x):\n    return x + 2\n", "triple": RIGHT["triple"]},
    "dan": {"double": "def double(x):\n    while True: pass\n", "triple": RIGHT["triple"]},
    "eve": {"double": "def double(x):\n    import os\n    os._exit(0)\n", "triple": RIGHT["triple"]},
    "fay": {},
}
GRADES = """
    SELECT sa.student_id, bc.name, g.auto_score, g.manual_score, g.needs_manual_grade, NULL
    FROM grade g JOIN base_cell bc ON bc.id = g.cell_id
    JOIN submitted_notebook sn ON sn.id = g.notebook_id
    JOIN submitted_assignment sa ON sa.id = sn.assignment_id
    UNION ALL
    SELECT sa.student_id, bc.name, NULL, NULL, NULL, c.manual_comment
    FROM comment c JOIN base_cell bc ON bc.id = c.cell_id
    JOIN submitted_notebook sn ON sn.id = c.notebook_id
    JOIN submitted_assignment sa ON sa.id = sn.assignment_id
    ORDER BY 1, 2, 6
"""
LONGEST_RUN = 300.0


def make_course(root: Path) -> None:
    """A class of the toy course, graded by two judges with a server that stays for a while."""
    config = (KIT / "nbgrader_config.py").read_text(encoding="utf-8")
    settings = {"call_seconds": 1.0, "cell_seconds": 2.0, "warm_seconds": 5.0, "libraries": ["numpy"]}
    config += "".join(f"c.Autograder.{name} = {value}\n" for name, value in settings.items())
    write(root / "nbgrader_config.py", config)
    write(root / "tests/hidden/test_toy.py", CHECKS)
    write(root / "solutions/toy.py", "\n\n".join(RIGHT.values()))
    for folder in ("source", "release"):
        write(root / folder / "toy/toy.ipynb", released({}))
    for student, sources in CLASS.items():
        write(root / "submitted" / student / "toy/toy.ipynb", released(sources))


def released(sources: dict[str, str]) -> str:
    """The notebook with these answers, as nbgrader releases it: with checksums of the stubs."""
    handed_in, stubs = notebook(sources), notebook({})
    for cell, stub in zip(handed_in.cells, stubs.cells, strict=True):
        if "nbgrader" in cell.metadata:
            cell.metadata["nbgrader"]["checksum"] = compute_checksum(stub)
    return json.dumps(handed_in)


def start_run(root: Path, *options: str) -> subprocess.Popen[bytes]:
    """``autograder grade toy`` in the course; what it says goes to a file beside it."""
    with (root.parent / f"{root.name}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "autograder", "grade", "toy", "--jobs", "2", *options],
            cwd=root,
            stdout=log,
            stderr=log,
            env={**os.environ, "TMPDIR": str(root.parent / "t")},
        )


def finish(run: subprocess.Popen[bytes], root: Path) -> None:
    """The run has to end by itself, with every grade written."""
    status = run.wait(LONGEST_RUN)
    said = (root.parent / f"{root.name}.log").read_text(errors="replace")
    assert status == 0, f"a run ended with {status}:\n{said[-3000:]}"


def grades(root: Path) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(root / "gradebook.db")) as book:
        return book.execute(GRADES).fetchall()


def grade_by_hand(root: Path) -> None:
    """What a person gave: 1.5 points for bob's triple, whatever the checks say."""
    with contextlib.closing(sqlite3.connect(root / "gradebook.db")) as book, book:
        changed = book.execute(
            """
            UPDATE grade SET manual_score = 1.5 WHERE cell_id IN (
                SELECT id FROM base_cell WHERE name = 'triple_checks'
            ) AND notebook_id IN (
                SELECT sn.id FROM submitted_notebook sn JOIN submitted_assignment sa
                ON sa.id = sn.assignment_id WHERE sa.student_id = 'bob'
            )
            """
        )
        assert changed.rowcount == 1


def family(folder: Path) -> list[int]:
    """Every process that was started with this folder in its arguments or environment, and its children."""
    parents: dict[int, int] = {}
    ours: set[int] = set()
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            pid = int(place.name)
            parents[pid] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            told = (place / "cmdline").read_bytes() + (place / "environ").read_bytes()
            if str(folder).encode() in told:
                ours.add(pid)
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sorted(ours - {os.getpid()})


def disturb(root: Path, chance: random.Random, longest: float) -> str:
    """One run, one kill; what was killed, in two words."""
    run = start_run(root, "--fresh")
    time.sleep(chance.uniform(0, longest))
    there = family(root.parent / "t")
    victim = chance.choice(there) if there else run.pid
    kind = "the engine" if victim == run.pid else "another"
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{victim}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        for sign, name in (
            ("worker.sharing", "a holder"),
            ("server.py", "server or worker"),
            ("multiprocessing", "a judge"),
        ):
            kind = name if sign in words else kind
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim, signal.SIGKILL)
    if victim == run.pid:
        run.wait(LONGEST_RUN)
    else:
        finish(run, root)
    return kind


def rounds(folder: Path, *, kills: int, seed: int) -> Iterator[str]:
    """Disturb ``kills`` runs; then compare, and wait until nothing is left.  Gives what each kill hit."""
    chance = random.Random(seed)
    calm, wild = folder / "calm", folder / "wild"
    (folder / "t").mkdir()
    for root in (calm, wild):
        make_course(root)
        started = time.monotonic()
        finish(start_run(root), root)
        longest = time.monotonic() - started
        grade_by_hand(root)
    finish(start_run(calm, "--fresh"), calm)
    for _ in range(kills):
        yield disturb(wild, chance, longest)
    finish(start_run(wild), wild)
    assert grades(wild) == grades(calm)
    assert [row for row in grades(calm) if row[3] is not None]
    deadline = time.monotonic() + 120
    while family(folder / "t"):
        assert time.monotonic() < deadline, f"left: {family(folder / 't')}"
        time.sleep(0.2)
    left = [f"{path.relative_to(folder)}" for path in sorted((folder / "t").rglob("*"))]
    assert not left, f"left in TMPDIR: {left}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    chosen = parser.parse_args()
    print(f"{chosen.kills} kills, seed {chosen.seed}", flush=True)
    hit: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        for kind in rounds(Path(folder), kills=chosen.kills, seed=chosen.seed):
            hit[kind] += 1
            print(".", end="", flush=True)
    print("\nkilled: " + ", ".join(f"{kind} {number}" for kind, number in hit.most_common()))
    print("the gradebook is that of an undisturbed class; no process is left")


if __name__ == "__main__":
    main()
