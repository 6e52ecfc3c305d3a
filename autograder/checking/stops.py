"""How a check ends early: the exceptions that carry an outcome, a sentence and a hint."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.checking.verdicts import Outcome


@dataclass(frozen=True)
class StudentError:
    """An exception of the student's code: its kind and place, never its text (it may hold hidden arguments).

    ``ancestors`` are the names of the built-in exceptions that it is or derives from.
    """

    type_name: str
    ancestors: tuple[str, ...]
    cell: str = ""
    line: int | None = None
    text: str = ""

    def sentence(self) -> str:
        own = not self.ancestors or self.ancestors[0] != self.type_name
        kind = "an exception of your own" if own else self.type_name
        place = f" in cell {self.cell}, line {self.line}" if self.cell and self.line else ""
        return f"raised {kind}{place}" + (f": `{self.text}`" if self.text else "")


class Stopped(Exception):
    """A check has its outcome; ``message`` may hold ``{call}``, which stands for the last call made."""

    def __init__(
        self, outcome: Outcome, message: str, *, hint: str = "", error: StudentError | None = None
    ) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.message = message
        self.hint = hint
        self.error = error


def failed(message: str, *, hint: str) -> Stopped:
    """The student's function answered, and the answer is not right."""
    return Stopped(Outcome.FAILED, message, hint=hint)
