"""Stand-ins: extensions in SQL alone, for a server that has not the real one.

A stand-in is a pair of files in the folder `standins`: a control file and its script, as PostgreSQL wants them (manual,
section 38.17). Comments of the control file say what is faithful and what is not. What a stand-in cannot do raises
`SQLSTATE`, so that a statement which executes it is unknown, not a defect.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

SQLSTATE = "PGP99"
"""Raised by what a stand-in cannot do; the message names the extension."""

_FOLDER = Path(__file__).parent / "standins"
_NOTE = re.compile(r"^# (faithful|lacks|index options|parameter namespaces): (.*(?:\n#   .*)*)", re.MULTILINE)
_SETTING = re.compile(r"^(\w+)\s*=\s*'?(.*?)'?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class StandIn:
    """A stand-in for an extension.

    Parameters
    ----------
    extension
        The extension's name.
    version
        The version that it stands in for.
    requires
        Extensions that it needs.
    faithful
        What is as in the real extension.
    lacks
        What is not; empty when nothing is known to lack.
    index_options
        Storage parameters of an index method that the stand-in knows the method of, but not these:
        `{"hnsw": ("m", …)}`. `with (m = 16)` fails with SQLSTATE 22023 although nothing is wrong with it.
    parameter_namespaces
        Namespaces of table parameters that only the real extension knows: `with (timescaledb.continuous)` fails in the
        same way.
    control
        The control file.
    script
        The script that makes it.
    """

    extension: str
    version: str
    requires: tuple[str, ...]
    faithful: str
    lacks: str
    index_options: Mapping[str, tuple[str, ...]]
    parameter_namespaces: tuple[str, ...]
    control: Path
    script: Path


@cache
def standins() -> tuple[StandIn, ...]:
    """Return all stand-ins, sorted by extension."""
    return tuple(map(_read, sorted(_FOLDER.glob("*.control"))))


def _read(control: Path) -> StandIn:
    text = control.read_text(encoding="utf-8")
    notes = {kind: re.sub(r"\n#\s*", " ", note) for kind, note in _NOTE.findall(text)}
    settings = dict(_SETTING.findall(text))
    version = settings["default_version"]
    return StandIn(
        control.stem,
        version,
        tuple(filter(None, re.split(r"[,\s]+", settings.get("requires", "")))),
        notes["faithful"],
        notes.get("lacks", ""),
        MappingProxyType(_index_options(notes.get("index options", ""))),
        tuple(notes.get("parameter namespaces", "").split()),
        control,
        control.with_name(f"{control.stem}--{version}.sql"),
    )


def _index_options(note: str) -> dict[str, tuple[str, ...]]:
    methods = (part.split() for part in note.split(",") if part)
    return {method: tuple(options) for method, *options in methods}
