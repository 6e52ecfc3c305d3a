"""A hundred damaged hand-ins; ``make fuzz`` tries a thousand others."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.intake import fuzz

CASES, SEED = 100, 20

known = cache(fuzz.bases)


@pytest.mark.parametrize("number", range(CASES))
def test_a_damaged_hand_in_keeps_what_is_whole_and_harms_nothing(number: int, tmp_path: Path) -> None:
    fuzz.examine(known()[number % len(known())], number, SEED, tmp_path)


def test_the_facts_are_held_against_something(tmp_path: Path) -> None:
    """A whole hand-in has all its answers found, and a lost one is noticed."""
    base = known()[1]
    content = fuzz.json.dumps(base.notebook).encode()
    whole, _ = fuzz.intact_answers(base, content)
    assert whole == base.answers
    (tmp_path / "a.ipynb").write_bytes(content)
    intake = fuzz.read_submission(tmp_path / "a.ipynb", base.assignment)
    fuzz._kept(base, intake, whole)
    with pytest.raises(AssertionError, match="is not what its author wrote"):
        fuzz._kept(base, intake, dict.fromkeys(whole, "another text"))
    with fuzz.watched() as written, pytest.raises(FileExistsError):
        (tmp_path / "a.ipynb").mkdir()
    assert written
