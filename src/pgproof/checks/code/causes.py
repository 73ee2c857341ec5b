"""Mismatches of one cause as one finding: where it counts most first, all other places with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from pgproof.code.match.mismatch import Kind, Mismatch
from pgproof.code.source import Role
from pgproof.code.usage import Action, Call, Handling
from pgproof.evidence.live import Live
from pgproof.evidence.mismatches import Mismatches, Misplaced
from pgproof.evidence.renames import Past
from pgproof.migrations.observation import Replay
from pgproof.model import Finding, Location, ObjectName, Severity
from pgproof.model.spelling import did_you_mean

SHOWN = 8
_SEVERITIES = {Role.PRODUCT: Severity.ERROR, Role.SCRIPT: Severity.WARNING}
_ORDER = list(Role)
_CHECKS = {
    Kind.TABLE: {"COD101", "missing-table"},
    Kind.COLUMN: {"COD102", "missing-column"},
    Kind.FUNCTION: {"COD103", "missing-function"},
    Kind.ARGUMENTS: {"COD104", "wrong-arguments"},
    Kind.RELATIONSHIP: {"COD105", "missing-relationship"},
    Kind.VALUE: {"COD106", "impossible-value"},
    Kind.OMITTED: {"COD107", "omitted-column"},
    Kind.GENERATED: {"COD108", "generated-column"},
    Kind.CONFLICT: {"COD109", "conflict-target"},
    Kind.OPERATOR: {"COD110", "impossible-operator"},
}
"""What a comment may call the check of each kind."""


class Cause(NamedTuple):
    """All places of one cause, the one that counts most first."""

    places: Sequence[Misplaced]

    @property
    def first(self) -> Mismatch:
        """The mismatch at the place that counts most."""
        return self.places[0].mismatch

    @property
    def severity(self) -> Severity:
        """How bad it is at that place; what generated types have was made by hand in some database, and works there."""
        found = severity_of(self.places[0].role, self.first.use.handling)
        return Severity.WARNING if found is Severity.ERROR and self.places[0].declared else found


def severity_of(role: Role, handling: Handling) -> Severity:
    """Return an error for the product, a warning for a script, a note for a test and where the code expects it."""
    return Severity.NOTE if handling is Handling.EXPECTED else _SEVERITIES.get(role, Severity.NOTE)


def causes(mismatches: Mismatches, kind: Kind) -> Iterator[Cause]:
    """Yield the causes of a kind, but for what only scripts and tests do that expect just this error.

    A place beside which a comment ignores the check stands for itself, so that the comment hides no other one.
    """
    grouped: defaultdict[tuple[ObjectName, str, Location | None], list[Misplaced]] = defaultdict(list)
    for one in mismatches.of(kind):
        alone = one.mismatch.location if one.ignored & _CHECKS[kind] else None
        grouped[one.mismatch.subject, one.mismatch.detail, alone].append(one)
    for places in grouped.values():
        cause = Cause(sorted(places, key=_rank))
        if cause.first.use.handling is not Handling.EXPECTED or cause.places[0].role is Role.PRODUCT:
            yield cause


def misnamed(mismatches: Mismatches) -> dict[tuple[Location, str], list[str]]:
    """Return for each write that names a column which is not there the NOT NULL columns that it omits.

    The one is most often the other under a wrong name, and no row is written before the name is right. Where generated
    types have the column it is right somewhere, and what is omitted a mistake of its own.
    """
    missing = (one for one in mismatches.of(Kind.COLUMN) if not one.declared)
    wrong = {_write(one.mismatch) for one in missing if one.mismatch.code == _UNKNOWN_KEY}
    found: dict[tuple[Location, str], list[str]] = {write: [] for write in wrong}
    for one in mismatches.of(Kind.OMITTED):
        if (write := _write(one.mismatch)) in wrong:
            found[write].append(one.mismatch.subject.parts[-1])
    return found


def omitted(cause: Cause, found: Mapping[tuple[Location, str], Sequence[str]]) -> Iterator[str]:
    """Yield what a call that names a missing column omits."""
    names = sorted({name for one in cause.places for name in found.get(_write(one.mismatch), ())})
    if names:
        yield f"rows that name it lack {', '.join(names)}: NOT NULL, without a default (23502)"


def elsewhere(cause: Cause, found: Collection[tuple[Location, str]]) -> Cause | None:
    """Return the cause without the places of some calls, `None` when nothing is left of it."""
    places = [one for one in cause.places if _write(one.mismatch) not in found]
    return Cause(places) if places else None


def _write(mismatch: Mismatch) -> tuple[Location, str]:
    use = mismatch.use
    return use.location, use.name if isinstance(use, Call) else use.table


_UNKNOWN_KEY = "PGRST204"
_ANOTHER = 3
"""As many columns that one call names and its table lacks say that the call means another table."""


def follow(found: Sequence[Cause]) -> dict[ObjectName, frozenset[ObjectName | str]]:
    """Return for some columns those that are missing in the same calls only: together they are one mistake."""
    by_call: defaultdict[Location, set[ObjectName]] = defaultdict(set)
    calls: dict[ObjectName, set[Location]] = {}
    for cause in found:
        calls[cause.first.subject] = {one.mismatch.use.location for one in cause.places}
        for call in calls[cause.first.subject]:
            by_call[call].add(cause.first.subject)
    explained: dict[ObjectName, frozenset[ObjectName | str]] = {}
    taken: set[ObjectName] = set()
    for name in sorted(calls, key=lambda name: (-len(calls[name]), name)):
        if name in taken:
            continue
        others = {other for call in calls[name] for other in by_call[call] if calls[other] <= calls[name]} - {name}
        others -= taken
        if len(others) >= _ANOTHER - 1:
            explained[name] = frozenset(others)
            taken |= others | {name}
    return explained


def _rank(one: Misplaced) -> tuple[bool, int, bool, object]:
    use = one.mismatch.use
    return use.handling is Handling.EXPECTED, _ORDER.index(one.role), not one.mismatch.code, one.mismatch.location


def finding(
    cause: Cause,
    problem: str,
    *,
    reproduce: str,
    fix: str = "",
    seen: Sequence[str] = (),
    explains: frozenset[ObjectName | str] = frozenset(),
) -> Finding:
    """Return the finding of a cause: what is wrong, and what happens at run time."""
    return Finding(
        cause.first.subject,
        "; ".join(filter(None, (problem, _answer(cause.first)))),
        location=cause.first.location,
        seen=(*seen, *_declared(cause), *_others(cause)),
        reproduce=reproduce,
        fix=fix,
        severity=cause.severity,
        explains=explains,
        detail=cause.first.detail,
    )


def told(live: Live | None, replay: Replay | None) -> str:
    """Return the beginning of a sentence: where that was seen."""
    return "in the live database, " if live is not None else "" if replay is None else "as the migrations make it, "


def lacking(live: Live | None, replay: Replay | None, thing: str) -> str:
    """Return in words that something is not there."""
    return (
        f"no migration makes a {thing}" if live is None and replay is not None else f"the live database has no {thing}"
    )


def became(past: Past | None) -> str:
    """Return what to write instead of a name that the migrations changed."""
    return f"it is called {past.new} now" if past and past.new else ""


def happened(past: Past) -> str:
    """Return what the migrations did to a name, and where."""
    return f"renamed to {past.new} at {past.location}" if past.new else f"dropped at {past.location}"


def meant(wrong: str, near: Sequence[str]) -> str:
    """Return what was probably meant, as the end of a sentence."""
    return did_you_mean(wrong, near)


def _answer(mismatch: Mismatch) -> str:
    """Return what the call answers, and what the code makes of that."""
    if not mismatch.code:
        return "nothing fails, and no row is ever found"
    who = "PostgREST" if mismatch.code.startswith("PGRST") else "the server"
    use = mismatch.use
    within = f"{use.function}()" if use.function else "the program"
    made = {
        Handling.THROWN: ", and the code fails with it",
        Handling.LOGGED: f", which is only logged: {within} goes on {_without(mismatch)}",
        Handling.IGNORED: f", and nobody looks at the error: {within} goes on {_without(mismatch)}",
        Handling.EXPECTED: ", which the code expects",
    }
    return f"{who} answers {mismatch.code}{made.get(use.handling, '')}"


def _without(mismatch: Mismatch) -> str:
    use = mismatch.use
    if isinstance(use, Call):
        return "as if the function had run"
    return "without data" if use.action is Action.SELECT else "as if the rows were written"


def _declared(cause: Cause) -> Iterator[str]:
    if place := cause.places[0].declared:
        has = "may leave it out" if cause.first.kind is Kind.OMITTED else "has it"
        yield f"{place}, generated from a database, {has}: made by hand there, and missing wherever migrations run"


def _others(cause: Cause) -> Iterator[str]:
    rest = {one.mismatch.location: _what(one) for one in reversed(cause.places)}
    rest.pop(cause.first.location)
    places = [f"also at {place}{what}" for place, what in reversed(rest.items())]
    yield from places[:SHOWN]
    if len(places) > SHOWN:
        yield f"and at {len(places) - SHOWN} more places"


def _what(one: Misplaced) -> str:
    expected = "expected there" if one.mismatch.use.handling is Handling.EXPECTED else ""
    role = one.role.value if one.role is not Role.PRODUCT else ""
    said = ", ".join(filter(None, (role, expected)))
    return f" ({said})" if said else ""
