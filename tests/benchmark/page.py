"""docs/benchmarks.md, made of what was measured and of nothing else."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from tests.benchmark.graders import SAME
from tests.benchmark.plan import KIT_2, STOCK
from tests.benchmark.results import Results
from tests.benchmark.tables import beyond_the_floor, comparisons, middle, named, whole_rounds
from tests.benchmark.targets import MAIN, line, targets

HEAD = """# Benchmarks

Written by `{command}`, begun {begun}, with {versions}.
Every record that it was made of is in [benchmarks.json](benchmarks.json).{earlier}

{machines}

All graders get the same distinct submissions, in which one answer in four is wrong, and one thread for each
of TensorFlow and BLAS. Wall is by the clock, from the command to its end; CPU is of every process that it
started. {rounds}

- **stock nbgrader**: `nbgrader autograde`, one notebook after the other, a fresh kernel for each. The calls
  of the hidden checks stand in its grade cells between `### BEGIN HIDDEN TESTS` and `### END HIDDEN TESTS`:
  the same arguments, the same seeds, the same trainings (three at most), every answer compared with the
  reference's. Arrays and long lists are read from a file, which is cheaper than drawing them. The first
  assert that fails ends its cell, so wrong answers cost it less than this kit, which runs every check.
- **Otter**: `otter run` without containers, a command for each notebook, the same tests in its format.
- **this kit**: `autograder grade`, with one worker and with two. The start of the warm server and of the
  judges, the sandbox, the store and the gradebook are counted.
- **the floor**: one warm Python with TensorFlow, in which each submission's cells run, and then every call
  that the checks made of it; nothing is compared, kept or walled in. Its start is counted like the others'.

nbgrader and Otter take notebooks one by one, so in each round they grade another part of the class, and the
others the whole of it: a ratio to them is of what they took for that part. {parts}{start}

**Same cells**: no grader runs a demo cell. **As shipped**: nbgrader and Otter run the notebook as it is
handed in, with the visible checks; this kit skips demo cells, as it always does.
"""
ROUNDS = """The graders took turns in rounds: {}. Each number is the median of the rounds, from – to are
the least and the largest, and a ratio is the median of the rounds' ratios."""


def page(results: Results, command: str, earlier: Sequence[str] = ()) -> str:
    """The whole page in Markdown; ``earlier`` are the names of pages that are kept beside it."""
    about = results.about
    results = whole_rounds(results)
    rounds = Counter(name for name, _ in {(rest[0], rest[3]) for rest, _ in results.below("compare")})
    head = HEAD.format(
        command=command,
        begun=about["begun"],
        machines="\n".join(_machines(results)),
        versions=", ".join(f"{name} {version}" for name, version in about["versions"].items()),
        rounds=ROUNDS.format(", ".join(f"{count} of `{name}`" for name, count in sorted(rounds.items()))),
        earlier="".join(f" Kept from before: [{name}]({name})." for name in earlier),
        parts=_parts(results),
        start=_start(results),
    )
    parts = [
        head,
        *_targets(results),
        *comparisons(results),
        *beyond_the_floor(results),
        *_memory(results),
        *_first_use(results),
        *_growth(results),
    ]
    parts += [*_kept(results), *_class(results), *_soak(results), *_made(results)]
    return "\n".join(parts).rstrip() + "\n"


def _machines(results: Results) -> Iterator[str]:
    for name, it in results.machines.items():
        about = f"{it['cores']} cores of {it['processor']}, {it['system']}"
        yield f"- machine {name}: {about}; CPU {it['account']}"


def _parts(results: Results) -> str:
    """How much of each class nbgrader has graded so far; a class is told only where some are missing."""
    graded: Counter[str] = Counter()
    whole: dict[str, int] = {}
    for (name, cells, grader, _), record in results.below("compare"):
        if (cells, grader) == (SAME, STOCK):
            graded[name] += record["count"]
            whole[name] = record["of"]
    if all(graded[name] >= whole[name] for name in whole):
        return "In all rounds together nbgrader has graded the whole class."
    names = sorted(whole)
    so_far = ", ".join(f"{min(graded[name], whole[name])} of {whole[name]} of `{name}`" for name in names)
    return f"In these rounds together nbgrader has graded {so_far}."


def _start(results: Results) -> str:
    """What it costs nbgrader that it starts for a part: said, because it is counted."""
    parts = [
        record
        for rest, record in results.below("compare")
        if rest[2] == STOCK and rest[0] == MAIN and record["count"] < record["of"]
    ]
    if not parts:
        return ""
    start = middle(parts, "start")
    more = statistics.median(record["start"] * (1 / record["count"] - 1 / record["of"]) for record in parts)
    return (
        f" nbgrader's start, {start:.1f} s until its first notebook, is so counted for {parts[0]['count']} "
        f"and not for {parts[0]['of']}: {more:.2f} s more for each of `{MAIN}`."
    )


def _targets(results: Results) -> Iterator[str]:
    found = list(targets(results))
    if found:
        yield "\n## What was to be reached\n\n| | asked | measured | |\n|---|---|--:|---|"
        yield from (target.row() for target in found)
        yield "\nWhy recording, and grading an unchanged class, take what they take: [profiles](profiles.md)."


def _memory(results: Results) -> Iterator[str]:
    found = list(results.below("memory"))
    if not found:
        return
    yield "\n## Memory\n\nThe largest PSS, looked at four times a second in a run of its own: of the process"
    yield "that runs a student's code, and of everything together.\n"
    yield "| | | a worker, MB | everything, MB |\n|---|---|--:|--:|"
    for (name, grader), record in found:
        size = record["megabytes"]
        yield f"| `{name}` | {named(grader)} | {size['worker']:.0f} | {size['sum']:.0f} |"
    yield "\n## Where the CPU time of this kit goes\n\nIn those runs, by process, seconds per submission; a"
    yield "process is seen until a quarter of a second before its end.\n"
    roles = sorted(
        {role for (_, grader), record in found if grader == KIT_2 for role in record["cpu_by_role"]}
    )
    yield f"| | {' | '.join(roles)} |\n|---|{'--:|' * len(roles)}"
    for (name, grader), record in found:
        if grader == KIT_2:
            spent = [f"{record['cpu_by_role'].get(role, 0.0) / record['count']:.2f}" for role in roles]
            yield f"| `{name}`, {record['count']} submissions | {' | '.join(spent)} |"


def _first_use(results: Results) -> Iterator[str]:
    found = results.records.get("first use")
    if found:
        first, again = f"{found['first']:.2f} CPU-s", f"{found['again']:.2f}"
        yield "\nTensorFlow makes its context, threads and first kernels when it is first used, and a process"
        yield "that has made them cannot be forked: every worker makes them anew, the floor once. What that"
        yield f"comes to here: the same submission of `{found['name']}` takes {first} when it is the first of"
        yield f"a process and {again} when it is the second."


def _growth(results: Results) -> Iterator[str]:
    for name in dict.fromkeys(rest[0] for rest, _ in results.below("growth")):
        records = {int(rest[0]): record for rest, record in results.below("growth", name)}
        yield f"\n## How cost grows: `{name}`, this kit, 2 workers\n"
        yield "| submissions | wall, s | CPU-s |\n|--:|--:|--:|"
        for count, record in sorted(records.items()):
            yield f"| {count} | {record['whole_wall']:.1f} | {record['whole_cpu']:.1f} |"
        if len(records) > 2:
            for quantity, said in (("whole_wall", "Wall"), ("whole_cpu", "CPU")):
                slope, start, fit = line({float(n): record[quantity] for n, record in records.items()})
                yield f"\n{said} = {start:.1f} s + {slope:.2f} s a submission, R² = {fit:.4f}."


def _kept(results: Results) -> Iterator[str]:
    lines = []
    for (name,), record in results.below("again"):
        lines.append(
            f"`{name}`, {record['count']} submissions, graded again unchanged: {record['whole_wall']:.1f} s, "
            f"{record['whole_cpu']:.1f} CPU-s."
        )
    for (name,), record in results.below("recording"):
        lines.append(
            f"`{name}`, a submission whose Report is in the store, written into a new gradebook: "
            f"{record['wall']:.3f} s, {record['cpu']:.3f} CPU-s."
        )
    for (name, grader), record in results.below("resume"):
        lines.append(
            f"`{name}`, {named(grader)}, {record['count']} submissions: killed (SIGKILL) after "
            f"{record['killed_after']:.1f} s, when half were graded; started again it took "
            f"{record['whole_wall']:.1f} s more."
        )
    if lines:
        yield "\n## Again, recorded, resumed\n"
        yield from (f"- {text}" for text in lines)


def _class(results: Results) -> Iterator[str]:
    whole = results.records.get("class/whole")
    if not whole:
        return
    counts = ", ".join(f"{count} of `{name}`" for name, count in whole["counts"].items())
    yield f"\n## A class of {whole['count']} over all assignments, in one run\n\n{counts}."
    spent = f"{whole['whole_wall']:.0f} s ({whole['whole_cpu']:.0f} CPU-s)"
    yield f"\nGraded in {spent} by 2 workers; faults of the kit: {whole['broken']}."
    again = results.records.get("class/again")
    if again:
        yield f"Again, unchanged: {again['whole_wall']:.1f} s."
    killed = results.records.get("class/killed")
    if killed:
        equal = (
            "equals that of the undisturbed run"
            if killed["equal"]
            else "**differs** from the undisturbed run's"
        )
        yield (
            f"\nIn another course the engine was killed (SIGKILL) after {killed['killed_after']:.0f} s, with "
            f"{killed['kept']} Reports kept. Started again it took {killed['whole_wall']:.0f} s, and the "
            f"gradebook, {killed['grades']} entries, {equal}."
        )
    yield f"\nThe log, shortened:\n\n```\n{whole['log']}\n```"


def _soak(results: Results) -> Iterator[str]:
    record = results.records.get("soak")
    if record:
        yield f"\n## Kills at random\n\n`{record['command']}`, {record['whole_wall']:.0f} s:"
        yield f"\n```\n{record['log'].strip()}\n```"


def _made(results: Results) -> Iterator[str]:
    """When each part was measured, and with which code: it need not have been in one go."""
    yield "\n## When this was measured\n\n| | from | to | hash of this kit's code | machine |"
    yield "|---|---|---|---|---|"
    for stage in dict.fromkeys(key.partition("/")[0] for key in results.records):
        records = [record for key, record in results.records.items() if key.partition("/")[0] == stage]
        made = sorted(record["made"] for record in records)
        codes = ", ".join(dict.fromkeys(f"`{record['engine']}`" for record in records))
        machines = ", ".join(sorted({record["machine"] for record in records}))
        yield f"| {stage} | {made[0]} | {made[-1]} | {codes} | {machines} |"
