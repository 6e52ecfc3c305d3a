"""Grades each assignment's own solutions with and without the sandbox, and compares every verdict.

    python -m tests.grading.same_marks [assignment…]

Slow: trained checks are trained twice.  Exit code 1 where a verdict differs or no sandbox is to be had.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from autograder.course import assignment_names, find_course

ROOT = Path(__file__).parents[2]
NEEDED = ("sh", "rm", "mount", "setpriv")


def report_of(assignment: str, path: str) -> dict[str, Any]:
    """The Report of the solved notebook, graded with the commands that are found on ``path``."""
    notebook = ROOT / "source" / assignment / f"{assignment}.ipynb"
    command = [sys.executable, "-m", "autograder", "check", str(notebook), "--json"]
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(
        [*command, "--assignment", assignment], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    if not done.stdout:
        raise SystemExit(f"{assignment}: {done.stderr.decode(errors='replace')[-500:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def verdicts(report: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """By check: its outcome and what the student reads."""
    return {
        f"{name}.{verdict['check']}": (verdict["outcome"], verdict["message"])
        for name, exercise in report["exercises"].items()
        for verdict in exercise["verdicts"]
    }


def compare(assignment: str, without: str) -> bool:
    """Print one line about an assignment; whether its verdicts are the same."""
    inside, outside = report_of(assignment, os.environ["PATH"]), report_of(assignment, without)
    same = verdicts(inside) == verdicts(outside) and inside["points"] == outside["points"]
    walled = inside["isolation"] == "sandbox" != outside["isolation"]
    print(
        f"{assignment:20} {inside['isolation']} {inside['points']:g}, "
        f"{outside['isolation']} {outside['points']:g} of {inside['max_points']:g}: "
        f"{len(verdicts(inside))} verdicts {'the same' if same else 'DIFFER'}"
        f"{'' if walled else ' (no sandbox was compared)'}",
        flush=True,
    )
    for name, found in verdicts(inside).items():
        if found != verdicts(outside).get(name):
            print(f"    {name}: {found} in the sandbox, {verdicts(outside).get(name)} without", flush=True)
    return same and walled


def main() -> None:
    """Compare the assignments that are named, or all."""
    names = sys.argv[1:] or assignment_names(find_course(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        for name in NEEDED:  # everything but bubblewrap
            for place in os.environ["PATH"].split(os.pathsep):
                if (Path(place) / name).is_file() and not (Path(folder) / name).exists():
                    (Path(folder) / name).symlink_to(Path(place) / name)
        results = [compare(name, folder) for name in names]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
