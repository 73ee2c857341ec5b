"""One root cause gives one finding: what a finding explains becomes its consequence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pgproof.model import Finding, ObjectName


@dataclass(frozen=True, slots=True)
class Grouped:
    """A finding that stands for itself, and the findings that it explains."""

    code: str
    finding: Finding
    consequences: tuple[Finding, ...] = ()


def group(findings: Iterable[tuple[str, Finding]]) -> list[Grouped]:
    """Attach each finding to the one that explains its subject; the rest stand for themselves.

    A finding never explains itself, and a chain (A explains B, B explains C) ends at its root. When two findings
    explain the same one, the one that explains more comes first: it is the wider cause.
    """
    found = list(findings)
    explainers = _explainers(found)
    members: dict[int, list[Finding]] = {}
    roots: list[int] = []
    for number in range(len(found)):
        root = _root(number, found, explainers)
        if root == number:
            roots.append(number)
        else:
            members.setdefault(root, []).append(found[number][1])
    return [Grouped(found[n][0], found[n][1], tuple(members.get(n, ()))) for n in roots]


def _explainers(found: list[tuple[str, Finding]]) -> Mapping[tuple[str, ObjectName | str], int]:
    explainers: dict[tuple[str, ObjectName | str], int] = {}
    for number in sorted(range(len(found)), key=lambda n: len(found[n][1].explains)):
        for subject in found[number][1].explains:
            explainers[found[number][1].database, subject] = number  # the widest is written last and stays
    return explainers


def _root(number: int, found: list[tuple[str, Finding]], explainers: Mapping[tuple[str, ObjectName | str], int]) -> int:
    """Follow the explanations to their end; a finding whose explanations run in a circle stands for itself."""
    current, seen = number, {number}
    database = found[number][1].database
    while (above := _above(current, found[current][1], database, explainers)) != current:
        if above in seen:
            return number
        seen.add(above)
        current = above
    return current


def _above(number: int, finding: Finding, database: str, explainers: Mapping[tuple[str, ObjectName | str], int]) -> int:
    """Return the finding that explains one: its subject, or else the cause that it names; itself when none does."""
    own = explainers.get((database, finding.subject), number)
    return own if own != number or finding.cause is None else explainers.get((database, finding.cause), number)
