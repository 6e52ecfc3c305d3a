"""Who may read what a run leaves in the state folder: its owner, or the group that shares the course."""

from __future__ import annotations

import stat
from pathlib import Path

SHARED = stat.S_ISGID | stat.S_IWGRP


def mode_inside(folder: Path) -> int:
    """The mode of a private file in this folder.

    A folder that its group may write, and that hands its group on (``chmod g+ws``), is shared: what
    one of the group has graded, the others have to be able to read.
    """
    shared = folder.stat().st_mode & SHARED == SHARED
    return 0o660 if shared else 0o600
