"""What counts as a problem, and the page that shows the problems of all graders side by side."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import platform
import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.attacks.cases.case import Case
from tests.attacks.peers.cage import Ran

SLOW_SECONDS = 90.0
OWN_WORK = ("autograded", "results", "gradebook.db", "jupyter", ".ipython", ".cache", "feedback")
GRADERS = {"nbgrader": "stock nbgrader", "otter": "Otter", "kit": "this kit"}


def files(course: Path) -> dict[str, str]:
    """The files of a course but those that the grader itself writes, by name, with what they hold."""
    found = {}
    for place, folders, names in os.walk(course):
        if place == str(course):
            folders[:] = [name for name in folders if not name.startswith(OWN_WORK)]
        for name in names:
            path = Path(place) / name
            relative = str(path.relative_to(course))
            if relative.startswith(OWN_WORK) or "__pycache__" in relative or "/." in f"/{relative}":
                continue
            if path.is_symlink():
                found[relative] = f"link {path.readlink()}"
            elif path.is_file() and path.stat().st_size < 2**30:
                found[relative] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def problems(
    case: Case,
    scores: Mapping[str, float],
    texts: str,
    before: Mapping[str, str],
    after: Mapping[str, str],
    canary: str,
    ran: Ran,
    *,
    attacker: str,
) -> list[str]:
    """What was not as it should be, in a few words each; empty when the grader held."""
    found = []
    score = scores.get(attacker, 0.0)
    if abs(score - case.fair) > 0.01:
        found.append(f"score {score:g} (fair {case.fair:g})")
    for student, right in (("alice", 10.0), ("zoe", 5.0)):
        if student not in scores:
            found.append(f"{student} was not graded")
        elif abs(scores[student] - right) > 0.01:
            found.append(f"{student}'s score became {scores[student]:g} (was {right:g})")
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    own = f"submitted/{attacker}/"
    others = [name for name in changed if not (name.startswith(own) and name.endswith("leaked.txt"))]
    if canary in texts:
        found.append("hidden test text in the student's output")
    if others:
        found.append(f"files changed: {', '.join(others[:2])}" + (" and more" if len(others) > 2 else ""))
    if ran.left_alive:
        found.append(f"{ran.left_alive} processes left alive")
    if not ran.ended or ran.seconds > SLOW_SECONDS:
        found.append(f"took {ran.seconds:.0f} s" + ("" if ran.ended else " and was ended"))
    return found


def page(folder: Path, cases: Sequence[Case], remark: str) -> str:
    """docs/attacks.md; ``remark`` says how this table was made, where that is not as it says."""
    found = {name: _read(folder / f"{name}.json") for name in GRADERS}
    remarks = [textwrap.fill(remark, 110) + "\n"] if remark else []
    if any(case.name not in tried for case in cases for tried in found.values()):
        remarks.append(_NOT_TRIED)
    date = datetime.date.today().isoformat()
    lines = [_HEAD.format(date=date, versions=_versions(folder), count=len(cases), remark="\n".join(remarks))]
    lines += [_summary(found, cases), "", "## Case by case", ""]
    lines += [
        "| case | kind | what it does | fair | " + " | ".join(GRADERS.values()) + " |",
        "|---|---|---|---|---|---|---|",
    ]
    for case in cases:
        told = [_told(found[name], case) for name in GRADERS]
        lines.append(
            f"| {case.name} | {case.kind} | {_cell(case.does)} | {case.fair:g} | {' | '.join(told)} |"
        )
    return "\n".join(lines) + "\n"


_NOT_TRIED = """\
A case that is **not tried** on a grader was left out because such a run takes hours: `make attack-table` goes
on where the last one ended.
"""
_SUMS = {
    "gave another score than the fair one": r"score ",
    "cost another student something": r".*('s score|was not graded)",
    "told hidden tests": r"hidden test",
    "changed files of others or of the course": r"files changed",
    "left processes, or took more than 90 s": r".*(left alive|took )",
}
"""What is counted → how a problem of that kind begins."""


def _summary(found: Mapping[str, Mapping[str, list[str]]], cases: Sequence[Case]) -> str:
    tried = {name: [found[name][case.name] for case in cases if case.name in found[name]] for name in GRADERS}
    rows = {"cases tried": [len(tried[name]) for name in GRADERS]}
    rows["held"] = [sum(not told for told in tried[name]) for name in GRADERS]
    for what, pattern in _SUMS.items():
        rows[what] = [
            sum(any(re.match(pattern, t) for t in told) for told in tried[name]) for name in GRADERS
        ]
    lines = ["| | " + " | ".join(GRADERS.values()) + " |", "|---|---|---|---|"]
    return "\n".join([*lines, *(f"| {what} | {' | '.join(map(str, n))} |" for what, n in rows.items())])


def _told(found: Mapping[str, list[str]], case: Case) -> str:
    if case.name not in found:
        return "not tried" + (f": {case.peers}" if case.peers else "")
    return _cell("; ".join(found[case.name])) or "held"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _read(path: Path) -> dict[str, list[str]]:
    return dict(json.loads(path.read_text())) if path.exists() else {}


def _versions(folder: Path) -> str:
    wanted = ("nbgrader", "otter-grader", "nbconvert", "ipykernel", "numpy")
    listed = []
    for name in ("nbgrader", "otter"):
        path = folder / f"{name}.versions"
        texts = path.read_text().split() if path.exists() else []
        listed.append(", ".join(text.replace("==", " ") for text in texts if text.split("==")[0] in wanted))
    system = f"Python {platform.python_version()}, Linux {platform.release().split('-')[0]}"
    return "; ".join([*filter(None, listed), system])


_HEAD = """\
# Hostile and broken submissions, on three graders

Made on {date} by `make attack-table`, with {versions}. The {count} cases are in `tests/attacks/cases/`;
`make test` and `make attacks` hold this kit to every one of them.

A toy course of ten points, `one_hot` and `split`, 5 each: 2 for the example that the notebook shows, 3 for
hidden tests. In each run alice (everything right), the case, and zoe (half right) are graded in this order.
**Fair** is what the code deserves once every trick is void; an accident loses only what is really lost.
**held** means: the case got its fair score, alice had 10 and zoe 5 points, no text of a hidden test stood in
what the student is shown, no file of the course or of another student was changed, nothing was left running,
and the run took less than 90 s. Anything else is named.

How the others were run: each installed apart, as it comes, its own command, one run per case, in a cage of
bubblewrap (no network, an ordinary user, 4 GiB of memory, 600 processes). Cells may run 10 s; bombs are
bounded. nbgrader: `nbgrader autograde`, hidden tests between its marks, four grade cells. Otter: `otter
run`, without its containers, printed output shown to the student, each student in a process of their own:
zoe is graded after the case where it changed a file. Where Otter is run in a container for each student,
what happens to others and to files cannot happen; scores and leaks can. Sending data out is not judged here
for the others, as the cage has no network; this kit's tests listen on the machine itself. Cases about
nbgrader's own metadata mean nothing to Otter, and hold there when its score is fair. "held" by another
grader is no promise of it: it is what this one run gave.

{remark}
## What this kit does not hold, and says so

- What a function *returns* is shown to its student, 40 characters of it: a function that returns its hidden
  input can so be read, one piece in each run (`leak_returned`). Answers and checks cannot: they are not
  there. What it raises, prints, writes or is called is not repeated.
- Which arguments a call changed, which generators it drew from, how much memory it took: these are the
  worker's own words, and a worker that was tampered with can tell a lie about them. Values are judged by what
  they are.
- Of what students say about their own time and threads nothing is believed, but a slow submission keeps one
  judge busy until its limits are met.

## In numbers

"""
