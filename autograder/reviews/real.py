"""Real reviews, prepared (`prepare.py`): how a judge's process holds them, small and read in a moment."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Part:
    """The training set or the test set: review i is the ids from ends[i - 1] up to ends[i]."""

    words: np.ndarray  # (V,) object, the words by id
    ids: np.ndarray  # (all words of all reviews,) int32
    ends: np.ndarray  # (n,) int64
    labels: np.ndarray  # (n,) int64

    def tokens(self, i: int) -> list[str]:
        """The words of review i."""
        start = int(self.ends[i - 1]) if i else 0
        found: list[str] = self.words[self.ids[start : self.ends[i]]].tolist()
        return found


def read(target: Path) -> dict[str, Part]:
    """The parts "train" and "test" of a prepared file."""
    with np.load(target, allow_pickle=False) as held:
        words = np.array(json.loads(held["words"].tobytes()), dtype=object)
        return {
            which: Part(words, held[f"{which}_ids"], held[f"{which}_ends"], held[f"{which}_labels"])
            for which in ("train", "test")
        }
