"""Run the cases on stock nbgrader, Otter and this kit, each by itself, and write docs/attacks.md.

    python -m tests.attacks.peers [--only PREFIX …] [--graders nbgrader otter kit] [--jobs 1] [--folder PLACE]

What was found is kept in the folder, case by case: a run that was stopped goes on where it was.  Cells may
run 10 s, so the machine has to be quiet; a case that is taken out of the folder's JSON is tried again.
"""

from __future__ import annotations

import argparse
import json
import secrets
import subprocess
import sys
import tempfile
import venv
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tests.attacks.cases import CASES, DESIGNED
from tests.attacks.cases.case import Case
from tests.attacks.peers import cage, grading, table

PACKAGES = {"nbgrader": ["nbgrader==0.9.6"], "otter": ["otter-grader"]}
WITH_BOTH = ["ipykernel", "numpy"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.peers", description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="cases whose names begin so")
    parser.add_argument("--graders", nargs="*", default=["nbgrader", "otter", "kit"])
    parser.add_argument("--jobs", type=int, default=1, help="cases at once; they share a limit of processes")
    parser.add_argument("--folder", type=Path, default=Path.home() / ".cache" / "attack-table")
    parser.add_argument("--remark", default="", help="how this table was made, where that has to be said")
    parser.add_argument("--page", type=Path, default=Path("docs/attacks.md"))
    chosen = parser.parse_args()
    cases = [case for case in CASES if not chosen.only or case.name.startswith(tuple(chosen.only))]
    cases.sort(key=lambda case: case.name not in DESIGNED)  # the longest known first, should time run out
    for grader in chosen.graders:
        if grader == "kit":
            _run_kit(chosen.folder, cases)
        else:
            _run_peer(grader, chosen.folder, cases, chosen.jobs)
    if not chosen.only:
        chosen.page.write_text(table.page(chosen.folder, CASES, chosen.remark), encoding="utf-8")


def _run_peer(grader: str, folder: Path, cases: list[Case], jobs: int) -> None:
    environment = folder / grader
    if not (environment / "bin" / "python").exists():
        print(f"installing {grader} in {environment}", flush=True)
        venv.create(environment, with_pip=True)
        subprocess.run(
            [environment / "bin/pip", "install", "--quiet", *PACKAGES[grader], *WITH_BOTH], check=True
        )
    listed = subprocess.run([environment / "bin/pip", "freeze"], capture_output=True, text=True, check=True)
    (folder / f"{grader}.versions").write_text(listed.stdout)
    found = _known(folder, grader)
    with tempfile.TemporaryDirectory(prefix="peer-") as name:
        place, canary = Path(name), f"CANARY{secrets.token_hex(8)}"
        place.chmod(0o755)
        template = place / "template"
        template.mkdir()
        if grader == "nbgrader":
            grading.write_nbgrader_course(template, environment, canary)
        else:
            template.rmdir()
            grading.write_otter_course(template, canary)
        with ThreadPoolExecutor(jobs) as hands:
            left = [case for case in cases if case.name not in found and not case.peers]
            tried = {
                hands.submit(_try, grader, case, template, place, environment, canary): case for case in left
            }
            for done in as_completed(tried):
                name = tried[done].name
                found[name] = done.result()
                print(f"{grader:10}{name:32}{'; '.join(found[name]) or 'held'}", flush=True)
                (folder / f"{grader}.json").write_text(json.dumps(found, indent=1))


def _try(grader: str, case: Case, template: Path, place: Path, environment: Path, canary: str) -> list[str]:
    """What went wrong with one case on one grader; empty when it held."""
    work = place / case.name
    course = grading.fresh_work(template, work)
    try:
        return _problems(grader, case, course, work, environment, canary)
    finally:
        subprocess.run(["rm", "-rf", "--", work], check=True)  # folders may be too deep for Python


def _problems(grader: str, case: Case, course: Path, work: Path, environment: Path, canary: str) -> list[str]:
    grading.hand_in(course, case)
    before = table.files(course)
    if grader == "nbgrader":
        ran = cage.run(grading.nbgrader_command(), work, environment, grading.PATIENCE)
        scores, texts = grading.nbgrader_scores(course), grading.nbgrader_texts(course)
    else:
        ran = cage.run(grading.otter_command(grading.ATTACKER), work, environment, grading.PATIENCE)
        if table.files(course) != before:  # else zoe's own run meets what it met in every other case
            cage.run(grading.otter_command("zoe"), work, environment, grading.PATIENCE)
            scores = {"alice": 10.0} | grading.otter_scores(course)
        else:
            scores = {"alice": 10.0, "zoe": 5.0} | grading.otter_scores(course)
        texts = grading.otter_texts(course)
    return table.problems(
        case, scores, texts, before, table.files(course), canary, ran, attacker=grading.ATTACKER
    )


def _run_kit(folder: Path, cases: list[Case]) -> None:
    from tests.attacks.peers.kit import try_all

    found = _known(folder, "kit")
    left = [case for case in cases if case.name not in found]
    if left:
        found |= try_all(left)
        (folder / "kit.json").write_text(json.dumps(found, indent=1))


def _known(folder: Path, grader: str) -> dict[str, list[str]]:
    path = folder / f"{grader}.json"
    folder.mkdir(parents=True, exist_ok=True)
    return dict(json.loads(path.read_text())) if path.exists() else {}


if __name__ == "__main__":
    sys.exit(main())
