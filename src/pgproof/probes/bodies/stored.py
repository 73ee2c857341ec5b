"""Proved bodies as JSON values, for the cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, replace
from typing import Any

from pgproof.model import ObjectName
from pgproof.probes.bodies.proved import Defect, Proved, Remark, Untold, Uses


def encode(bodies: Sequence[Proved]) -> Any:
    """Return a JSON value."""
    return [
        [
            body.name.kind,
            body.name.parts,
            body.language,
            body.tried,
            body.security_definer,
            body.pins_search_path,
            [astuple(one) for one in body.defects],
            [astuple(one) for one in body.untold],
            [astuple(one) for one in body.remarks],
            astuple(body.uses),
            body.users,
            body.text,
        ]
        for body in bodies
    ]


def decode(value: Any) -> tuple[Proved, ...]:
    """Return what was encoded; TypeError or ValueError when it is something else."""
    return tuple(_body(*one) for one in value)


def _body(
    kind: str,
    parts: list[str],
    language: str,
    tried: int,
    definer: bool,
    pins: bool,
    defects: list[Any],
    untold: list[Any],
    remarks: list[Any],
    uses: list[Any],
    users: list[str],
    text: str,
) -> Proved:
    return Proved(
        ObjectName(kind, tuple(parts)),
        language,
        tried,
        definer,
        pins,
        tuple(_defect(*one) for one in defects),
        tuple(Untold(*one) for one in untold),
        tuple(Remark(*one) for one in remarks),
        Uses(*(tuple((schema, name) for schema, name in names) for names in uses)),
        tuple(users),
        text,
    )


def _defect(*parts: Any) -> Defect:
    found = Defect(*parts)
    return replace(found, relations=tuple(found.relations))
