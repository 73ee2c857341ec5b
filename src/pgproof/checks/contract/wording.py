"""How shortfalls of a contract are worded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pgproof.checks.drift.wording import show
from pgproof.contract.access import held
from pgproof.contract.contract import Feature, Question, Said
from pgproof.contract.need import Need, Privilege
from pgproof.contract.rows import shown
from pgproof.contract.wording import sentence
from pgproof.evidence.contract import Features, Shortfall
from pgproof.evidence.contract_proposals import Proposals
from pgproof.evidence.contract_tried import Tried
from pgproof.model import Finding, ObjectName, Severity

SHOWN = 8
"""Needs and features of one finding that are told."""


def findings(
    features: Features, proposals: Proposals | None, *, required: bool, tried: Tried | None = None
) -> Iterator[Finding]:
    """Yield a finding for each shortfall that blocks a feature, or that only takes something optional from it.

    With `tried` only those that rows showed, without it only the others.
    """
    by_name = {one.feature.name: one.feature for one in features.items}
    for shortfall in features.shortfalls:
        if shortfall.required is not required or shortfall.executed is (tried is None):
            continue
        finding = _finding(shortfall, by_name, proposals, "blocks" if required else "is missed by")
        said = shortfall.items[0][1]
        if tried is not None and isinstance(said, Said):
            trial = tried.trials[said.need]
            severity = None if required else Severity.WARNING
            finding = replace(finding, seen=(*trial.seen(), *finding.seen), reproduce=trial.sql, severity=severity)
        yield finding


def _finding(shortfall: Shortfall, by_name: dict[str, Feature], proposals: Proposals | None, verb: str) -> Finding:
    _, first, answer = shortfall.items[0]
    assert isinstance(first, Said)
    proved = proposals.proved.get(shortfall) if proposals else None
    fix, seen = "", [*_needs(shortfall)] if shortfall.missing else []
    if shortfall.made_at:
        fix = f"the migrations make it, and the live database has not got it: apply {shortfall.made_at}"
    elif proved and proposals:
        fix = f"{proved.sql}\n(schema proved: run on {proposals.copied}, read again, and the needs hold)"
        seen += proved.remarks
    seen += proposals.places.get(shortfall, ()) if proposals else ()
    problem = answer.problem if shortfall.missing else f"needed: {sentence(first.need)}; it {answer.problem}"
    return Finding(
        shortfall.cause or first.location.path,
        f"{problem}; this {verb} {_some(shortfall.features)}",
        location=first.location,
        seen=tuple(seen),
        reproduce=_reproduce(first.need, shortfall.cause),
        fix=fix,
        explains=frozenset({shortfall.cause}) if shortfall.cause and shortfall.missing else frozenset(),
        consequences=tuple(_of_feature(by_name[name]) for name in shortfall.features),
        detail="" if shortfall.missing else sentence(first.need),
    )


def _reproduce(need: Need, cause: ObjectName | None) -> str:
    if cause is None:
        return ""
    return held(need, cause) if isinstance(need, Privilege) else show(cause)


def _needs(shortfall: Shortfall) -> Iterator[str]:
    """Yield what was needed, each need once, with what became of it."""
    lines = dict.fromkeys(f"needed: {_said(said)}: {answer.problem}" for _, said, answer in shortfall.items)
    yield from list(lines)[:SHOWN]
    if len(lines) > SHOWN:
        yield f"… and {len(lines) - SHOWN} more needs of the same"


def _said(said: Said | Question) -> str:
    return shown(said.need if isinstance(said, Said) else said)


def _of_feature(feature: Feature) -> str:
    """Return a feature in one line, which begins as a finding about it would."""
    described = "; ".join(
        filter(
            None,
            (
                feature.title,
                feature.owner and f"owner {feature.owner}",
                feature.tier and f"tier {feature.tier}",
                ", ".join((*feature.files, *feature.routes)[:SHOWN]),
            ),
        )
    )
    return f"feature {feature.name}: {described or 'needs it'}"


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:3]) + (f" and {len(listed) - 3} more features" if len(listed) > 3 else "")
