"""Run the benchmark, or go on with it, and write docs/benchmarks.md.

    python -m tests.benchmark [--short] [--stages compare growth …] [--page-only] [--folder FOLDER]
        [--rounds 5] [--submissions ex2_one_hot=40 ex5_lstm=2]

Every run is kept as it ends (in docs/benchmarks.json; those of the short one in the folder), so a benchmark
that was interrupted goes on where it was.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from autograder.course import find_course
from autograder.errors import AutograderError
from tests.benchmark import compare, whole
from tests.benchmark.graders import PEERS, install, peer_versions
from tests.benchmark.meter import CommandFailed
from tests.benchmark.page import page
from tests.benchmark.plan import FULL, SHORT, resized
from tests.benchmark.results import Results

PAGE = Path("docs") / "benchmarks.md"
RECORDS = Path("docs") / "benchmarks.json"
STAGES = {
    "small": whole.look_at_small_things,
    "compare": compare.compare,
    "memory": compare.look_at_memory,
    "resume": whole.resume,
    "growth": whole.grow,
    "class": whole.grade_whole_class,
    "soak": whole.soak,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="tiny classes and one round, for a look")
    parser.add_argument("--stages", nargs="*", choices=STAGES, default=list(STAGES), help="only these")
    parser.add_argument("--page-only", action="store_true", help="measure nothing, write the page anew")
    parser.add_argument("--folder", type=Path, default=Path.home() / ".cache" / "benchmark")
    parser.add_argument("--rounds", type=int, help="how often every grader grades every class")
    parser.add_argument("--submissions", nargs="*", metavar="NAME=COUNT", help="the classes compared")
    chosen = parser.parse_args()
    try:
        sizes = resized(SHORT if chosen.short else FULL, chosen.rounds, chosen.submissions)
        course = find_course(Path.cwd())
        kept = course.root / RECORDS if sizes.name == FULL.name else chosen.folder / f"{sizes.name}.json"
        results = Results.read(kept)
        if not chosen.page_only:
            for name in PEERS:
                install(name, chosen.folder)
            results.begin(str(sizes), peer_versions(chosen.folder))
            for stage in chosen.stages:
                STAGES[stage](course, sizes, results, chosen.folder / sizes.name)
        elif not results.records:
            raise ValueError(f"nothing was measured yet (got {results.file})")
    except (AutograderError, CommandFailed, ValueError) as error:
        sys.stderr.write(f"benchmark: {error}\n")
        sys.exit(2)
    earlier = sorted(path.name for path in (course.root / PAGE.parent).glob("benchmarks-*.md"))
    text = page(results, _command(chosen), earlier)
    target = chosen.folder / "short.md" if chosen.short else course.root / PAGE
    target.write_text(text, encoding="utf-8")
    print(f"written: {target}")


def _command(chosen: argparse.Namespace) -> str:
    """What gives the same classes again, whatever stages it was done in."""
    options = [f"--rounds {chosen.rounds}"] if chosen.rounds else []
    options += [f"--submissions {' '.join(chosen.submissions)}"] if chosen.submissions else []
    said = f' OPTIONS="{" ".join(options)}"' if options else ""
    return "make bench" + (" SHORT=1" if chosen.short else "") + said


if __name__ == "__main__":
    main()
