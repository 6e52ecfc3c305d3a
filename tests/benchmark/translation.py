"""Hidden checks as plain tests, for graders that run tests where the student's code runs.

From the tape of the reference: the calls that the checks make, with the same arguments and seeds, each answer
compared with the reference's.  The first assert that fails ends an exercise's test, as in any notebook.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from autograder.wire.values import Handle, LayerSpec
from tests.benchmark.tape import Step, Tape

HELPERS = Path(__file__).with_name("helpers.txt")
LONGEST_LITERAL = 300
INDENT = "    "


@dataclass
class Test:
    """The text of one exercise's test, and the values that are too long to be part of it."""

    lines: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    trained: set[int] = field(default_factory=set)
    weighted: set[int] = field(default_factory=set)


def translated(tape: Tape, folder: Path) -> dict[str, str]:
    """By exercise the text of ``def hidden(env)`` with its helpers; long values go to files in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    by_exercise: dict[str, dict[str, list[Step]]] = {}
    for step in tape.steps:
        function = step.check.partition("[")[0].removeprefix("test_")
        exercise = tape.exercises[function]
        by_exercise.setdefault(exercise, {}).setdefault(step.check, []).append(step)
    return {
        exercise: _text(checks, folder / f"{exercise}.pickle") for exercise, checks in by_exercise.items()
    }


def _text(checks: Mapping[str, list[Step]], file: Path) -> str:
    test = Test()
    for name, steps in checks.items():
        test.trained.clear()
        test.weighted.clear()
        test.lines.append(f"# {name}")
        runs = list(_runs(steps))
        if len(runs) == 1:
            for step in runs[0]:
                test.lines += _lines(step, test)
            continue
        names = []
        for number, run in enumerate(runs):
            names.append(f"run_{number}")
            test.lines.append(f"def run_{number}():")
            for step in run:
                test.lines += [INDENT + line for line in _lines(step, test)]
        test.lines.append(f"one_of([{', '.join(names)}])")
    file.write_bytes(pickle.dumps(test.values, protocol=5))
    head = ["def hidden(env):", f"{INDENT}with open({str(file)!r}, 'rb') as stream:"]
    head += [f"{INDENT * 2}V = pickle.load(stream)"]
    body = [INDENT + line for line in test.lines]
    return HELPERS.read_text(encoding="utf-8") + "\n\n" + "\n".join([*head, *body]) + "\n"


def _runs(steps: list[Step]) -> Iterable[list[Step]]:
    """The trainings of a trained check, each begun by a call with another seed; else all steps together."""
    if not any(step.question["ask"] == "fit" for step in steps):
        yield steps
        return
    run: list[Step] = []
    last = None
    for step in steps:
        seed = step.question.get("seed") if step.question["ask"] == "call" else None
        if seed is not None and seed != last and run:
            yield run
            run = []
        last = seed if seed is not None else last
        run.append(step)
    yield run


def _lines(step: Step, test: Test) -> list[str]:
    question, reply = step.question, step.reply
    if question["ask"] == "call":
        return _call(question, reply, test)
    if question["ask"] == "forget":
        return [f"del m{question['handle'].number}"]
    number = question["model"].number
    model, value = f"m{number}", reply.get("value")
    match question["ask"]:
        case "describe":
            shape = value.get("output_shape")
            asked = tuple(shape) if isinstance(shape, list | tuple) and not _nested(shape) else None
            return [f"looks({model}, {value['parameters']}, {asked!r})"]
        case "weights":
            return [f"shaped({model}.get_weights(), {_shown(value, test)})"]
        case "set_weights":
            test.weighted.add(number)
            return [f"{model}.set_weights({_shown(question['weights'], test)})"]
        case "fit":
            test.trained.add(number)
            given = ", ".join(_shown(question[name], test) for name in ("inputs", "targets", "recipe"))
            return [
                f"train({model}, {given}, {question['seed']}, {question['epochs']}, {question['resume']})"
            ]
        case "predict":
            given = f"{_shown(question['inputs'], test)}, batch_size={question['batch_size']}"
            got = f"{model}.predict({given}, verbose=0)"
            how = "agrees" if number in test.trained else "same" if number in test.weighted else "shaped"
            return [f"{how}({got}, {_shown(value, test)})"]
    raise ValueError(f"this question has no translation (got {question['ask']})")


def _call(question: Mapping[str, Any], reply: Mapping[str, Any], test: Test) -> list[str]:
    args = [_shown(value, test) for value in question["args"]]
    args += [f"{name}={_shown(value, test)}" for name, value in question["kwargs"].items()]
    call = f"env[{question['function']!r}]({', '.join(args)})"
    lines = [] if question["seed"] is None else [f"seed({question['seed']})"]
    if reply["outcome"] == "raised":
        kind = reply["type"] if reply["builtin"] else "Exception"
        return [*lines, f"raises({kind}, lambda: {call})"]
    value = reply["value"]
    if isinstance(value, Handle):
        return [*lines, f"m{value.number} = {call}"]
    if question["measure_memory"]:
        call = f"small(lambda: {call}, {2 * int(reply['peak_bytes']) + 10**6})"
    return [*lines, f"same({call}, {_shown(value, test)})"]


def _shown(value: Any, test: Test) -> str:
    """The value as Python text; long ones, and arrays, by their place among the values of the file."""
    if isinstance(value, Handle):
        return f"m{value.number}"
    if isinstance(value, LayerSpec):
        parts = (value.class_name, dict(value.config), value.input_shape, value.weights)
        return f"layer({', '.join(_shown(part, test) for part in parts)})"
    if isinstance(value, list | tuple) and _holds_token(value):
        items = ", ".join(_shown(item, test) for item in value)
        return f"[{items}]" if isinstance(value, list) else f"({items},)"
    if not _holds_array(value):
        text = repr(value)
        if len(text) <= LONGEST_LITERAL and "nan" not in text and "inf" not in text:
            return text
    test.values.append(value)
    return f"V[{len(test.values) - 1}]"


def _nested(shape: Iterable[Any]) -> bool:
    return any(isinstance(item, list | tuple) for item in shape)


def _holds_token(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_holds_token, value))
    return isinstance(value, Handle | LayerSpec)


def _holds_array(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_array, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_holds_array, value))
    return isinstance(value, np.ndarray | np.generic)
