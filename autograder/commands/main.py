"""The command line's entry: a mistake of the user's ends in one sentence and exit code 2."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from autograder.commands.cli import assurance, course, grading, results  # noqa: F401 -- each adds its commands
from autograder.commands.cli.app import app
from autograder.errors import AutograderError


def main() -> None:
    """Run a command."""
    # nbgrader calls the alembic executable: the environment's own must be the first that is found
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    # jsonschema compiles 38 grammars of web addresses when it is imported, for 1.5 s, and no notebook's
    # schema asks for one; where the package that holds them cannot be imported it does without
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    try:
        app()
    except AutograderError as error:
        sys.stderr.write(f"autograder: {error}\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.stderr.write("autograder: stopped; what was graded so far is kept\n")
        sys.exit(130)
