"""The judge: runs an assignment's hidden checks with pytest against one submission.

It is a pytest plug-in object: it gives checks their fixtures and turns each outcome into a
Verdict.  It never runs a student's code, and it knows no grade cell and no gradebook.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.checking.exercise import bars_for, running_check
from autograder.checking.hearsay import printable
from autograder.checking.stops import Stopped
from autograder.checking.submission import Submission, wall_of
from autograder.checking.verdicts import Outcome, Verdict, worst

BROKEN_MESSAGE = (
    "This check could not do its work. That is our fault, not yours: "
    "no points are lost by it, and the course staff are told."
)
SEEDS_OF_A_TRAINED_CHECK = 3
LONGEST_SENTENCE = 2000


@dataclass(frozen=True)
class Settled:
    """An exercise whose checks need not run: the stub is untouched, or nothing could be read."""

    outcome: Outcome
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Judgement:
    """The verdicts by exercise, in the order of the checks, and what staff must know of our own faults.

    ``drew_reviews``: whether a check drew from the corpus of the course.
    """

    verdicts: Mapping[str, list[Verdict]]
    faults: tuple[str, ...] = ()
    drew_reviews: bool = False


def judge(
    checks: Path,
    submission: Submission,
    secret: bytes,
    *,
    more: Sequence[Path] = (),
    settled: Mapping[str, Settled] | None = None,
    only: frozenset[str] | None = None,
    named: frozenset[str] | None = None,
    corpus: Path | None = None,
) -> Judgement:
    """Run the checks of one assignment against ``submission``.

    Args:
        checks: ``tests/hidden/test_<assignment>.py``.
        submission: the student's functions, in their worker.
        secret: the course's secret; with a check's id it gives the check's seed.
        more: further files of checks, such as the instructor's private one.
        settled: exercises whose checks are not run, with the verdict that all of them get.
        only: the exercises to look at; None for all.
        named: the checks to run, by their ids; None for all.
        corpus: the film reviews of the course, for checks that ask for them; None for generated ones.
    """
    plugin = Judge(
        lambda _: submission,
        secret,
        settled=settled or {},
        only=only,
        named=named,
        corpus_of=lambda _: corpus,
    )
    options = ["--import-mode=importlib", "--noconftest", "--strict-markers", "-q", "-W", "ignore"]
    switched_off = ["autograder", "cacheprovider", "warnings", "logging", "faulthandler"]
    # these two collect all garbage at the end of each run, a fifth of the judge's time
    switched_off += ["unraisableexception", "threadexception"]
    quiet = [option for name in switched_off for option in ("-p", f"no:{name}")]
    quiet.append("--tb=no")  # nobody reads tracebacks here, and rendering them costs more than the checks
    quiet.append("--assert=plain")  # nor what an assert compared: no check has to be rewritten for it
    place = ["-c", str(Path("/dev/null")), "--rootdir", str(checks.parent), str(checks), *map(str, more)]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = pytest.main([*options, *quiet, *place], plugins=[plugin])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        plugin.faults.append(f"{checks.name} could not be run: pytest ended with {code!r}")
    return Judgement(plugin.verdicts(), tuple(plugin.faults), plugin.drew_reviews)


def check_seed(secret: bytes, check: str) -> int:
    """The seed of one check: 48 bits of a keyed hash, so that reading the check gives no inputs away."""
    return int.from_bytes(hashlib.blake2b(check.encode(), key=secret[:64], digest_size=6).digest(), "big")


@dataclass(eq=False)  # pluggy keeps plug-ins in sets
class Judge:
    """The plug-in object.

    ``submission_of`` gives the submission that a file of checks is run against, ``corpus_of`` the reviews
    that its trained checks draw from (None: generated ones).
    """

    submission_of: Callable[[Path], Submission]
    secret: bytes
    settled: Mapping[str, Settled] = field(default_factory=dict)
    only: frozenset[str] | None = None
    named: frozenset[str] | None = None
    corpus_of: Callable[[Path], Path | None] = lambda _: None
    drew_reviews: bool = False
    faults: list[str] = field(default_factory=list)
    _lines: dict[tuple[str, str], list[Verdict]] = field(default_factory=dict)

    def verdicts(self) -> dict[str, list[Verdict]]:
        """By exercise, one verdict a check: of its cases, the worst, and the seconds of all."""
        result: dict[str, list[Verdict]] = {}
        for (name, _), cases in self._lines.items():
            line = replace(worst(cases), seconds=round(sum(case.seconds for case in cases), 4))
            result.setdefault(name, []).append(line)
        return result

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "exercise(name, weight=1.0): the function that a check looks at")

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        marked = [item for item in items if item.get_closest_marker("exercise")]
        dropped = [
            item
            for item in marked
            if (self.only is not None and exercise_of(item) not in self.only)
            or (self.named is not None and function_name(item) not in self.named)
        ]
        if dropped:
            config.hook.pytest_deselected(items=dropped)
            items[:] = [item for item in items if item not in dropped]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file of checks that cannot be imported is our fault."""
        if report.failed:
            self.faults.append(f"{report.nodeid}: {report.longrepr}"[:2000])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Note the verdict of a settled exercise without running the check."""
        name = exercise_of(item)
        if name not in self.settled:
            return None
        settled = self.settled[name]
        self._note(item, Outcome(settled.outcome), settled.message, settled.hint, 0.0)
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, None, None]:
        if item.get_closest_marker("exercise") is None:
            return (yield)
        token = running_check.set(item.path)
        real = "corpus" in getattr(item, "fixturenames", ()) and self.corpus_of(item.path) is not None
        kind = bars_for.set("imdb" if real else "generated")
        started = time.monotonic()
        try:
            result = yield
        except BaseException as error:
            outcome, message, hint = self._explain(item, error)
            self._note(item, outcome, message, hint, time.monotonic() - started)
            raise
        else:
            self._note(item, Outcome.PASSED, "", "", time.monotonic() - started)
            return result
        finally:
            bars_for.reset(kind)
            running_check.reset(token)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """A check's fixture that fails is our fault; a stopped check shows its sentence, not our code."""
        report = yield
        if call.excinfo is not None and item.get_closest_marker("exercise") is not None:
            if call.when == "setup":
                self.faults.append(f"{item.name}: {call.excinfo.exconly()}")
                self._note(item, Outcome.BROKEN, BROKEN_MESSAGE, "", 0.0)
            elif isinstance(call.excinfo.value, Stopped):
                case = self._lines[exercise_of(item), function_name(item)][-1]
                report.longrepr = f"{case.outcome}: {case.message}\n{case.hint}"
        return report

    @pytest.fixture
    def submission(self, request: pytest.FixtureRequest) -> Submission:
        """The student's functions, by name."""
        return self.submission_of(request.path)

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """A generator that is seeded from the course's secret and the check's id."""
        return np.random.default_rng(check_seed(self.secret, check_id(request.node)))

    @pytest.fixture
    def seeds(self, request: pytest.FixtureRequest) -> tuple[int, ...]:
        """The seeds of a trained check: it passes if one of them passes."""
        first = check_seed(self.secret, check_id(request.node)) % 2**31
        return tuple((first + i) % 2**31 for i in range(SEEDS_OF_A_TRAINED_CHECK))

    @pytest.fixture
    def corpus(self, request: pytest.FixtureRequest) -> Path | None:
        """The film reviews of the course: prepared real ones, or None for generated ones.

        A check that asks for it has bars for both; any other draws generated reviews, whatever is chosen.
        """
        self.drew_reviews = True
        return self.corpus_of(request.path)

    def _explain(self, item: pytest.Item, error: BaseException) -> tuple[Outcome, str, str]:
        if isinstance(error, Stopped):
            last_call = wall_of(self.submission_of(item.path)).last_call
            return error.outcome, _sentence(error.message.replace("{call}", last_call)), error.hint
        if isinstance(error, AssertionError):
            return Outcome.FAILED, "", ""  # a bare assert says no more than the claim
        self.faults.append(f"{item.name}: {type(error).__name__}: {error}")
        return Outcome.BROKEN, BROKEN_MESSAGE, ""

    def _note(self, item: pytest.Item, outcome: Outcome, message: str, hint: str, seconds: float) -> None:
        verdict = Verdict(
            check=function_name(item),
            claim=claim(item),
            outcome=outcome,
            message=message,
            hint=hint,
            weight=weight(item),
            seed=check_seed(self.secret, check_id(item)),
            seconds=seconds,
        )
        self._lines.setdefault((exercise_of(item), verdict.check), []).append(verdict)


def exercise_of(item: pytest.Item) -> str:
    """The function that a check looks at, or "" for a test that is no check."""
    marker = item.get_closest_marker("exercise")
    return str(marker.args[0]) if marker else ""


def weight(item: pytest.Item) -> float:
    marker = item.get_closest_marker("exercise")
    return float(marker.kwargs["weight"]) if marker else 0.0


def function_name(item: pytest.Item) -> str:
    """The check's id: the name of its function without ``test_`` and without the case."""
    name: str = getattr(item, "originalname", None) or item.name
    return name.removeprefix("test_")


def check_id(item: pytest.Item) -> str:
    """What a check's seed depends on: the file, the function, and the case."""
    return f"{item.path.stem}::{item.name}"


def claim(item: pytest.Item) -> str:
    """The first paragraph of the check's docstring, on one line: the sentence that the student reads."""
    documented: Any = getattr(item, "function", None)
    text = (documented.__doc__ or "") if documented is not None else ""
    return " ".join(text.strip().split("\n\n")[0].split())


def _sentence(text: str) -> str:
    """A full stop at the end, where the sentence has none; nothing in it that acts on a screen."""
    text = printable(text[:LONGEST_SENTENCE])
    return text if not text or text[-1] in ".?" else text + "."
