"""The use map for the result."""

from __future__ import annotations

from pgproof.evidence.directories import Directories
from pgproof.evidence.store import Evidence
from pgproof.evidence.usages import Code
from pgproof.evidence.usemap import UseMap
from pgproof.judge.judge import ROOT
from pgproof.judge.result import CodeUse


def code_uses(evidence: Evidence, *, several: bool) -> list[CodeUse]:
    """Return every place where the code touches a database, when this run has read the code.

    `several`: there are several databases, and each place says with which it works.
    """
    code, directories = evidence.known(Code), evidence.known(Directories)
    if code is None:
        return []
    found = evidence.get(UseMap)
    assert isinstance(found, UseMap)

    def database(path: str) -> str:
        directory = code.ownership.directory_of(path) if several else ""
        return (directories.places.get(directory, "") or ROOT) if directory and directories else ""

    return [
        CodeUse(
            one.location,
            one.kind,
            one.name,
            one.action,
            one.reads,
            one.writes,
            one.client,
            one.function,
            one.route,
            one.routes,
            database=database(one.location.path),
        )
        for one in found.items
    ]
