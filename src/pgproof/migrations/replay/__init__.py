"""Migrations replayed on a private server, each statement observed."""

from pathlib import Path

from pgproof.migrations.replay.limits import Limits
from pgproof.migrations.replay.task import Task

PREPARE = ((Path(__file__).parent / "observe.sql").read_text(),)
"""The scripts that the shadow of a replay is opened with."""

__all__ = ["PREPARE", "Limits", "Task"]
