"""What was measured so far: a JSON file that is written after every run, so that a benchmark that was
interrupted goes on where it was, on another machine too: each record says on which it was made.
"""

from __future__ import annotations

import functools
import json
import os
import platform
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.commands.measured import processor
from autograder.grading.content import engine_hash, versions
from tests.benchmark.meter import account


@dataclass
class Results:
    """Records by key; a key names the stage and what distinguishes the run.

    ``about`` holds what all records share, ``machines`` by name those they were made on.
    """

    file: Path
    about: dict[str, Any] = field(default_factory=dict)
    machines: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> Results:
        """What the file holds; nothing where there is none yet."""
        if not file.is_file():
            return cls(file)
        found = json.loads(file.read_text(encoding="utf-8"))
        return cls(file, found["about"], found["machines"], found["records"])

    def once(self, key: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The record of ``key``: measured now, unless it is there and the kit's code is the same."""
        if not self.has(key):
            load = os.getloadavg()[0]
            made = {"engine": engine(), "machine": self.here, "made": now(), "load_before": round(load, 2)}
            self.records[key] = {**work(), **made}
            self.write()
        return self.records[key]

    def has(self, key: str) -> bool:
        """Whether ``key`` was measured with the kit's code as it is now."""
        return bool(self.records.get(key, {}).get("engine") == engine())

    def together(self, keys: Collection[str]) -> None:
        """Forget those of ``keys`` that are to be compared with others made here, and were made elsewhere."""
        if not all(self.has(key) for key in keys):
            for key in keys:
                if self.records.get(key, {}).get("machine") != self.here:
                    self.records.pop(key, None)

    @property
    def here(self) -> str:
        """The name of this machine among ``machines``."""
        this = machine()
        return next((name for name, known in self.machines.items() if known == this), "")

    def begin(self, sizes: str, peers: dict[str, str]) -> None:
        """Note machine, versions and date; a file of other sizes or versions is not gone on with.

        Raises ValueError for such a file.
        """
        about = {"sizes": sizes, "versions": {**versions(), **peers}}
        if self.about and {**about, "begun": self.about["begun"]} != self.about:
            raise ValueError(f"these results are of another benchmark: remove them first (got {self.file})")
        self.about = self.about or {**about, "begun": now()}
        if not self.here:
            self.machines[chr(ord("A") + len(self.machines))] = machine()
        self.write()

    def write(self) -> None:
        """Whole or not at all."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        part = self.file.with_suffix(".part")
        kept = {"about": self.about, "machines": self.machines, "records": self.records}
        text = json.dumps(kept, indent=1, ensure_ascii=False)
        part.write_text(text + "\n", encoding="utf-8")
        part.replace(self.file)

    def below(self, *stage: str) -> Iterator[tuple[list[str], dict[str, Any]]]:
        """(rest of the key, record) of all keys that begin so."""
        for key, record in self.records.items():
            parts = key.split("/")
            if parts[: len(stage)] == list(stage):
                yield parts[len(stage) :], record


@functools.cache
def machine() -> dict[str, Any]:
    """What tells this machine from another one, and how CPU time is taken on it."""
    group = account()
    group.close()
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": processor(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "account": group.how,
    }


def engine() -> str:
    """The first digits of the hash of the kit's own code."""
    return engine_hash()[:12]


def now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
