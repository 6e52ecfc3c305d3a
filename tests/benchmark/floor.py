"""The floor: each submission's own cells and the calls of the checks, in one warm process, and nothing else.

    python -m tests.benchmark.floor RESULT TAPE …

No wall, no judge, no comparison, no gradebook: what is left is the students' own computation.  Reading the
tapes and clearing up between two submissions is not counted.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.wire.values import Handle, LayerSpec

_BEGUN = time.monotonic(), time.process_time()


def main() -> None:
    """Play every tape; {"start": [wall, CPU], "submissions": [[wall, CPU], …]} in seconds to a file."""
    result, *tapes = map(Path, sys.argv[1:])
    import keras
    import matplotlib.pyplot  # noqa: F401 -- a warm process has it
    import tensorflow  # noqa: F401

    from autograder.worker.shell import make_shell
    from tests.benchmark import tape

    shell = make_shell()
    shell.enable_matplotlib("inline")
    start = [time.monotonic() - _BEGUN[0], time.process_time() - _BEGUN[1]]
    spent = []
    for path in tapes:
        loaded = tape.load(path)
        shell.reset(new_session=True)
        keras.backend.clear_session()
        gc.collect()
        before = time.monotonic(), time.process_time()
        play(shell, loaded)
        spent.append([time.monotonic() - before[0], time.process_time() - before[1]])
    result.write_text(json.dumps({"start": start, "submissions": spent}), encoding="utf-8")


def play(shell: Any, tape: Any) -> None:
    """Run the cells, then make every call that was made."""
    from autograder.worker.calls import seed_everything

    seed_everything(0)
    for _, source in tape.cells:
        shell.run_cell(source, silent=True)
    kept: dict[int, Any] = {}
    for step in tape.steps:
        try:
            answer = do(step.question, shell.user_ns, kept)
        except Exception:  # a call that is to raise, and a wrong answer that does
            continue
        given = step.reply.get("value")
        if isinstance(given, Handle):
            kept[given.number] = answer


def do(question: Mapping[str, Any], names: Mapping[str, Any], kept: dict[int, Any]) -> Any:
    """The bare work of one question to a worker."""
    from autograder.worker import models
    from autograder.worker.calls import seed_everything
    from autograder.worker.describe import describe

    ask = question["ask"]
    if ask == "call":
        args = [resolved(value, kept) for value in question["args"]]
        kwargs = {name: resolved(value, kept) for name, value in question["kwargs"].items()}
        if question["seed"] is not None:
            seed_everything(question["seed"])
        return names[question["function"]](*args, **kwargs)
    if ask == "forget":
        return kept.pop(question["handle"].number, None)
    model = kept[question["model"].number]
    if ask == "predict":
        return models.predict(model, question["inputs"], question["batch_size"])
    if ask == "fit":
        wanted = {name: question[name] for name in ("seed", "epochs", "resume")}
        return models.fit(model, question["inputs"], question["targets"], question["recipe"], **wanted)
    if ask == "set_weights":
        return models.set_weights(model, question["weights"])
    return {"weights": models.weights, "describe": describe}[ask](model)


def resolved(value: Any, kept: Mapping[int, Any]) -> Any:
    """An argument as the student's function gets it."""
    from autograder.worker.models import build_layer

    if isinstance(value, list | tuple):
        return type(value)(resolved(item, kept) for item in value)
    if isinstance(value, Handle):
        return kept[value.number]
    return build_layer(value, lambda inner: inner) if isinstance(value, LayerSpec) else value


if __name__ == "__main__":
    main()
