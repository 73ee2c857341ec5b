"""The use map for the result."""

from __future__ import annotations

from pgproof.evidence.store import Evidence
from pgproof.evidence.usages import Usages
from pgproof.evidence.usemap import UseMap
from pgproof.judge.result import CodeUse


def code_uses(evidence: Evidence) -> list[CodeUse]:
    """Return every place where the code touches the database, when this run has read the code."""
    if evidence.known(Usages) is None:
        return []
    found = evidence.get(UseMap)
    assert isinstance(found, UseMap)
    return [
        CodeUse(
            one.location, one.kind, one.name, one.action, one.reads, one.writes, one.client, one.function, one.route
        )
        for one in found.items
    ]
