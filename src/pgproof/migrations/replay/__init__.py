"""Migrations replayed on a private server, each statement observed."""

from pathlib import Path

from pgproof.migrations.replay.task import STATEMENT_LIMIT_S, Task

PREPARE = ((Path(__file__).parent / "observe.sql").read_text(),)
"""The scripts that the shadow of a replay is opened with."""

__all__ = ["PREPARE", "STATEMENT_LIMIT_S", "Task"]
