"""Where the bars of trained checks lie, and what the runs behind them prove.

``weigh`` is pure: from the runs' scores to bars and bounds, so that the committed evidence can be
weighed again at any time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from autograder.assurance.bounds import Cloud, bar_between, cloud, distance, false_fail_bound
from autograder.checking.judge import SEEDS_OF_A_TRAINED_CHECK as TRIES
from autograder.checking.training import passes
from autograder.errors import AutograderError

LEAST_DISTANCE = 4.5
"""Standard deviations between a bar and each of the two clouds, at least."""

Scores = Mapping[str, float]
Runs = Mapping[str, Sequence[Scores]]
"""By answer (its name in the solutions file): the scores of its runs, in order, by bar."""


class Overlap(AutograderError):
    """No bar tells right answers from wrong ones."""


@dataclass(frozen=True)
class Bar:
    """One bar, the cloud of right answers above it, and the nearest wrong answer below it.

    ``wrong`` is the cloud of that answer's best of three runs: the rule by which it is graded.
    """

    bar: float
    right: Cloud
    sd_below_right: float
    nearest_wrong: str
    wrong: Cloud
    sd_above_wrong: float


@dataclass(frozen=True)
class Weighed:
    """The bars of one trained check, and what the runs prove about it.

    ``told_apart`` says for each wrong answer which bar it does not reach; ``alike`` are wrong answers that
    train as well as right ones (another check finds them, which ``prove`` shows).
    """

    bars: Mapping[str, Bar]
    runs: int
    failures: int
    false_fail_bound: float
    told_apart: Mapping[str, str]
    alike: tuple[str, ...]


def weigh(right: Runs, wrong: Runs, wanted: Mapping[str, float]) -> Weighed:
    """Place the bars between the clouds.

    Args:
        right: runs of the reference and of every right answer.
        wrong: runs of wrong answers, a multiple of three each: three consecutive runs are one grading.
        wanted: bars that stay where they are if they still lie between the clouds.
    Raises:
        Overlap: a bar has no wrong answer far enough below the right ones.
    """
    all_right = [run for runs in right.values() for run in runs]
    names = list(all_right[0])
    clouds = {name: cloud([run[name] for run in all_right]) for name in names}
    best = {answer: _best_of_three(runs, names) for answer, runs in wrong.items() if runs}
    bars = {name: _place(name, clouds[name], best, wanted.get(name)) for name in names}
    told_apart = {
        answer: name
        for answer, found in best.items()
        for name in reversed(names)
        if distance(bars[name].bar, found[name]) >= LEAST_DISTANCE and found[name].max < bars[name].bar
    }
    failures = sum(not passes(run, {name: bars[name].bar for name in names}) for run in all_right)
    return Weighed(
        bars=bars,
        runs=len(all_right),
        failures=failures,
        false_fail_bound=false_fail_bound(failures, len(all_right), tries=TRIES),
        told_apart=told_apart,
        alike=tuple(answer for answer in best if answer not in told_apart),
    )


def as_json(
    weighed: Mapping[str, Weighed], right: Mapping[str, Runs], wrong: Mapping[str, Runs]
) -> dict[str, Any]:
    """The content of ``thresholds/<assignment>.json``: bars, what they rest on, and every run."""
    return {
        "bars": {name: asdict(bar) for found in weighed.values() for name, bar in found.bars.items()},
        "checks": {
            check: {
                "bars": list(found.bars),
                "runs": found.runs,
                "failures": found.failures,
                "tries": TRIES,
                "confidence": 0.95,
                "false_fail_bound": found.false_fail_bound,
                "told_apart": dict(found.told_apart),
                "alike": list(found.alike),
            }
            for check, found in weighed.items()
        },
        "runs": {check: {"right": _plain(right[check]), "wrong": _plain(wrong[check])} for check in weighed},
    }


def with_others(
    evidence: Mapping[str, Any], before: Mapping[str, Any], others: Sequence[str]
) -> dict[str, Any]:
    """``evidence`` and what the file ``before`` says of ``others``, with when and how those were measured."""
    kept = {other: before["checks"][other] for other in others}
    bars = {bar: before["bars"][bar] for found in kept.values() for bar in found["bars"]}
    said = {
        other: found | {"measured": found.get("measured", before["measured"])}
        for other, found in kept.items()
    }
    return {
        "measured": evidence["measured"],
        "bars": evidence["bars"] | bars,
        "checks": evidence["checks"] | said,
        "runs": evidence["runs"] | {other: before["runs"][other] for other in others},
    }


def reweigh(data: Mapping[str, Any], check: str) -> Weighed:
    """Weigh the committed evidence of one check again, with its bars as they are."""
    runs = data["runs"][check]
    wanted = {name: data["bars"][name]["bar"] for name in data["checks"][check]["bars"]}
    return weigh(runs["right"], runs["wrong"], wanted)


def _place(name: str, right: Cloud, best: Mapping[str, Mapping[str, Cloud]], wanted: float | None) -> Bar:
    """The bar at ``wanted`` if that lies between the clouds, else half way in standard deviations."""
    below = {answer: found[name] for answer, found in best.items() if found[name].max < right.min}
    apart = {
        answer: found
        for answer, found in below.items()
        if distance(bar_between(right, found), found) >= LEAST_DISTANCE
    }
    if not apart:
        raise Overlap(
            f"{name.replace('_', ' ')}: the clouds overlap. No wrong answer stays {LEAST_DISTANCE} standard "
            f"deviations below the right ones, which reach {right.mean:.3f} (got {len(below)} below at all)"
        )
    nearest = max(apart, key=lambda answer: apart[answer].mean)
    bar = round(bar_between(right, apart[nearest]), 3)
    if wanted is not None and -distance(wanted, right) >= LEAST_DISTANCE:
        under = {
            answer: found for answer, found in apart.items() if distance(wanted, found) >= LEAST_DISTANCE
        }
        if under:
            nearest, bar = max(under, key=lambda answer: under[answer].mean), wanted
    return Bar(
        bar=bar,
        right=right,
        sd_below_right=round(-distance(bar, right), 2),
        nearest_wrong=nearest,
        wrong=apart[nearest],
        sd_above_wrong=round(distance(bar, apart[nearest]), 2),
    )


def _best_of_three(runs: Sequence[Scores], names: Sequence[str]) -> dict[str, Cloud]:
    """For each bar the cloud of the best of three consecutive runs."""
    triples = [runs[i : i + TRIES] for i in range(0, len(runs) - TRIES + 1, TRIES)]
    return {name: cloud([max(run[name] for run in triple) for triple in triples]) for name in names}


def _plain(runs: Runs) -> dict[str, list[dict[str, float]]]:
    return {
        answer: [{k: round(v, 5) for k, v in run.items()} for run in found] for answer, found in runs.items()
    }
