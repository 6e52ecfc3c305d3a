"""The names of the isolation levels, weakest first; known on both ends of the worker room."""

from __future__ import annotations

PROCESS, RESTRICTED, SANDBOX = LEVELS = ("process", "restricted", "sandbox")
