"""Every constraint refuses a row that breaks it."""

from __future__ import annotations

from pgproof.catalog.names import qualified
from pgproof.model import ObjectName
from pgproof.probes.observed import Outcome, Rejection
from pgproof.probes.refusal import Refusal
from pgproof.probes.rows.breaking import CHECK, EXCLUSION, UNIQUE, Constraint, constraints, domain_trials, proposals
from pgproof.probes.rows.judging import Row
from pgproof.probes.rows.table import Table
from pgproof.probes.rows.world import World
from pgproof.probes.rows.writing import DEFAULT, insert, update, where


def reject(world: World, table: Table) -> list[Rejection]:
    """Try a row against every constraint of a table that holds rows."""
    found: list[Rejection] = []
    fresh, stored = world.fresh(table.name), len(world.stored[table.name])
    for constraint in constraints(table):
        proposed = list(proposals(world, table, constraint))
        if len(world.stored[table.name]) != stored:  # what was fresh may be stored now
            fresh, stored = world.fresh(table.name), len(world.stored[table.name])
        found.append(_try(world, table, constraint, proposed, fresh))
    return found


def reject_domains(world: World, names: set[ObjectName]) -> list[Rejection]:
    """Try values against every check of these domains."""
    found = []
    for domain in world.catalog.of("domain"):
        if domain.name in names:
            for constraint, casts in domain_trials(world, domain):
                found.append(_cast(world, constraint, casts))
    return found


def _try(world: World, table: Table, constraint: Constraint, proposed: list[Row], fresh: Row | None) -> Rejection:
    rejection = Rejection(constraint.name, constraint.kind, Outcome.UNTRIED)
    waiting = [(changes, False) for changes in proposed]
    while waiting:
        changes, is_whole = waiting.pop(0)
        rejection = _one(world, table, constraint, changes, fresh)
        if rejection.outcome is Outcome.REJECTED or (
            rejection.outcome is Outcome.ACCEPTED and constraint.sqlstate not in (UNIQUE, EXCLUSION)
        ):
            break
        by_other = rejection.other is not None and rejection.other.sqlstate in (CHECK, UNIQUE)
        if by_other and not is_whole and (whole := _whole(world, table, constraint, changes)):
            waiting.insert(0, (whole, True))  # the other columns as this change needs them
    return rejection


def _whole(world: World, table: Table, constraint: Constraint, changes: Row) -> Row | None:
    given = {name: value for name, value in changes.items() if value is not DEFAULT}
    return world.compose(table.name, given, constraint.name)


def _one(world: World, table: Table, constraint: Constraint, changes: Row, fresh: Row | None) -> Rejection:
    """Try one change of a valid row: of a fresh one, or of a stored one when the table takes no more."""
    if fresh is not None:
        tried = insert(table, {**fresh, **changes})
    elif constraint.sqlstate in (UNIQUE, EXCLUSION):  # no other row than this one, once more
        stored = world.stored[table.name][0]
        tried = insert(table, {column.name: stored[column.name] for column in table.filled})
    else:
        tried = update(table, world.stored[table.name][0], changes)
    answer = world.session.ask(tried)
    refusal = answer.refusal
    if refusal and _is_this_one(refusal, constraint, table):
        outcome = Outcome.REJECTED
    elif refusal:
        outcome = Outcome.IMPLIED if _implies(refusal, constraint, table) else Outcome.OTHERWISE
    elif not answer.rows:
        outcome = Outcome.REPAIRED  # a trigger keeps the row out
    else:
        now = dict(zip(table.columns, answer.rows[0], strict=True))
        kept = all(now[name] == value for name, value in changes.items() if value is not DEFAULT)
        if kept and constraint.kind == "foreign key":
            kept = _is_orphan(world, table, constraint, tried, now)
        elif kept and constraint.kind in ("check", "partition bound"):
            kept = _breaks(world, table, constraint, now)
        outcome = Outcome.ACCEPTED if kept else Outcome.REPAIRED
    return Rejection(constraint.name, constraint.kind, outcome, refusal)


def _is_this_one(refusal: Refusal, constraint: Constraint, table: Table) -> bool:
    if refusal.sqlstate != constraint.sqlstate:
        return False
    if constraint.kind == "not null":
        return refusal.column == constraint.named
    if constraint.kind == "partition bound":
        return not refusal.constraint
    if refusal.constraint == constraint.named:
        return True
    # a partition's own copy of a key has a name of its own, below the partitioned table's
    return table.partitioned and refusal.table in table.partitions and constraint.kind != "check"


def _implies(refusal: Refusal, constraint: Constraint, table: Table) -> bool:
    """Whether what refused the row refuses every row that would break this one."""
    if constraint.kind == "not null" and refusal.sqlstate == CHECK and not refusal.constraint:
        return True  # no partition takes NULL
    if refusal.sqlstate != UNIQUE or constraint.sqlstate != UNIQUE:
        return False
    return any(
        key.name.parts[-1] == refusal.constraint and not key.predicate and set(key.columns) <= set(constraint.columns)
        for key in table.keys
    )


def _breaks(world: World, table: Table, constraint: Constraint, row: Row) -> bool:
    """Whether the row that was taken breaks the check: a default such as `now()` may have another value by then."""
    check = next(check for check in table.checks if check.name == constraint.name)
    return world.judge.verdicts(table, [check], [row])[0][0] is False


def _is_orphan(world: World, table: Table, constraint: Constraint, tried: str, row: dict[str, str | None]) -> bool:
    """Whether the row that was taken refers to nothing: a trigger may have made what it refers to."""
    key = next(key for key in table.foreign_keys if key.name == constraint.name)
    target = dict(zip(key.referenced, (row[name] for name in key.columns), strict=True))
    if None in target.values():
        return False
    question = f"select 1 from {qualified(key.references)} where {where(target, target)}"
    answer = world.session.ask(tried, question)
    return answer.refusal is None and not answer.rows


def _cast(world: World, constraint: Constraint, casts: list[str]) -> Rejection:
    outcome, other = Outcome.UNTRIED, None
    for cast in casts:
        refusal = world.session.ask(cast).refusal
        if refusal is None:
            outcome = Outcome.ACCEPTED
        elif refusal.sqlstate == constraint.sqlstate and constraint.named in ("", refusal.constraint):
            return Rejection(constraint.name, constraint.kind, Outcome.REJECTED)
        else:
            outcome, other = Outcome.OTHERWISE, refusal
    return Rejection(constraint.name, constraint.kind, outcome, other)
