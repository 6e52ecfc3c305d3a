"""Slow, for ``make attacks``: each hostile or broken submission in a class of its own, at each level."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from autograder.errors import IsolationError
from autograder.worker.launcher import WarmServer
from autograder.worker.levels import RESTRICTED, SANDBOX
from tests.attacks.cases import CASES
from tests.attacks.classroom import faults, grade_class


@pytest.fixture(scope="module", params=[SANDBOX, RESTRICTED])
def one_level(request):
    """A level, or a skip with what this machine lacks for it."""
    try:
        WarmServer.start(("numpy",), level=request.param).close()
    except IsolationError as error:
        pytest.skip(str(error))
    return request.param


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_alone_is_fair_and_harmless(case, one_level, monkeypatch):
    if one_level == RESTRICTED:
        monkeypatch.setenv("PATH", os.devnull)  # no bubblewrap is found there: the best is the next level
    with tempfile.TemporaryDirectory(prefix="alone-") as name:
        graded = grade_class(Path(name), one_level, [case], jobs=2)
    assert graded.reports[case.name].isolation == one_level
    assert faults(case, graded) == []
