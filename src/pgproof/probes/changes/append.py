"""Rows of a table changed and removed, as each of some roles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgproof.catalog.names import qualified
from pgproof.probes.changes.attempt import PUBLIC, Attempt, Outcome, is_meant, refused_by
from pgproof.probes.refusal import Refusal
from pgproof.probes.rows.judging import Row
from pgproof.probes.rows.table import Table
from pgproof.probes.rows.world import World
from pgproof.probes.rows.writing import insert, the_row, value
from pgproof.probes.session import Session
from pgproof.probes.trips.policies import READER
from pgproof.probes.trips.writes import alternatives
from pgproof.sql.quote import identifier, literal

COMMANDS = ("update", "delete", "truncate")
NO_ROW = "no row was found for it"

RIGHTS = """
select pg_catalog.has_table_privilege({role}, c.oid, 'select'),
  array(select a.attname::text from pg_catalog.pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      and pg_catalog.has_column_privilege({role}, c.oid, a.attnum, 'update') order by a.attnum)
from pg_catalog.pg_class c where c.oid = {table}::regclass
"""


def change(world: World, table: Table, roles: Sequence[str]) -> Iterator[Attempt]:
    """Yield what becomes of UPDATE, DELETE and TRUNCATE as each role (`""`: the owner, `public`: any role).

    Each is tried on a row of its own and undone.
    """
    world.fill([table.name])
    for role in roles:
        for command in COMMANDS:
            yield _try(world, table, role, command)


def _try(world: World, table: Table, role: str, command: str) -> Attempt:
    session = world.session
    with session.undone():
        if role == PUBLIC and (refusal := _make_reader(session, table)):
            return Attempt(role, command, Outcome.UNTRIED, f"no role could be made ({refusal.sqlstate})")
        acting = READER if role == PUBLIC else role or _owner(world, table)
        rights = session.ask(RIGHTS.format(role=literal(acting), table=literal(qualified(table.name))))
        if rights.refusal:
            return Attempt(role, command, Outcome.UNTRIED, f"there is no role {role}")
        row = _own_row(world, table)
        place = _place(session, table, row) if row is not None else None
        if row is None or place is None:
            return Attempt(role, command, Outcome.UNTRIED, NO_ROW)
        reads, columns = rights.rows[0]
        return _tried(
            world, table, (role, acting, command), _statements(world, table, row, command, reads, columns), place
        )
    return Attempt(role, command, Outcome.UNTRIED, "it ended the session")


def _tried(
    world: World, table: Table, who: tuple[str, str, str], statements: Iterator[tuple[str, str]], place: str
) -> Attempt:
    """Run the statements until one has an effect."""
    session, (role, acting, command) = world.session, who
    meant: Refusal | None = None
    other: Refusal | None = None
    touched = False
    for column, text in statements:
        if refusal := _become(session, acting):
            return Attempt(role, command, Outcome.UNTRIED, f"nobody could act as {acting} ({refusal.sqlstate})")
        answer = session.ask(text, keep=True)
        session.ask("set local role none", keep=True)
        if answer.refusal is None:
            if not session.ask(place).rows:
                return Attempt(role, command, Outcome.DONE, column=column)
            touched = True
        elif is_meant(answer.refusal):
            meant = meant or answer.refusal
        else:
            other = other or answer.refusal
    if touched:
        return Attempt(role, command, Outcome.UNTOUCHED)
    if meant is not None:
        return Attempt(role, command, Outcome.REFUSED, refused_by(meant))
    return Attempt(role, command, Outcome.UNTRIED, refused_by(other) if other else NO_ROW)


def _statements(
    world: World, table: Table, row: Row, command: str, reads: bool, columns: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield statements of a command that would change or remove the row, with the column that they change.

    They have a condition where the role may read.
    """
    name = qualified(table.name)
    condition = f" where {the_row(table, row)}" if reads else ""
    if command == "truncate":
        yield from (("", f"truncate {name}"), ("", f"truncate {name} cascade"))
    elif command == "delete":
        yield "", f"delete from {name}{condition}"
        if condition:
            yield "", f"delete from {name}"
    else:
        keys = {name for key in table.keys for name in key.columns}
        keys |= {name for key in table.foreign_keys for name in key.columns}
        filled = [one.name for one in table.filled if one.identity != "always"]
        able = sorted((one for one in filled if one in columns), key=lambda one: one in keys)
        for changes in alternatives(world, table, row, tuple(able)) if able else ():
            [(column, new)] = changes.items()
            yield column, f"update {name} set {identifier(column)} = {value(new)}{condition}"
        for column in able[:1] or filled[:1]:
            yield column, f"update {name} set {identifier(column)} = {value(row[column])}{condition}"


def _own_row(world: World, table: Table) -> Row | None:
    """Put a row of its own into the table or, when it takes no more, return one that is there."""
    fresh = world.fresh(table.name)
    if fresh is not None:
        answer = world.session.ask(insert(table, fresh), keep=True)
        if answer.rows:
            return dict(zip(table.columns, answer.rows[0], strict=False))
    return next(iter(world.stored[table.name]), None)


def _place(session: Session, table: Table, row: Row) -> str | None:
    """Return a query that finds this version of the row; `None` when it is not to be found."""
    name = qualified(table.name)
    found = session.ask(f"select tableoid::oid::text, ctid::text from {name} where {the_row(table, row)}").rows
    if not found:
        return None
    oid, place = found[0]
    return f"select 1 from {name} where tableoid = {literal(oid)}::oid and ctid = {literal(place)}::tid"


def _owner(world: World, table: Table) -> str:
    return str(world.catalog.objects[table.object_name].attributes["owner"])


def _become(session: Session, role: str) -> Refusal | None:
    """Act as a role in this transaction; its member first, if it has to be."""
    become = f"set local role {identifier(role)}"
    if session.ask(become, keep=True).refusal is None:
        return None
    session.ask(f"grant {identifier(role)} to current_user", keep=True)
    return session.ask(become, keep=True).refusal


def _make_reader(session: Session, table: Table) -> Refusal | None:
    """Make a role that has what every role has."""
    return session.ask(f"create role {READER}", f"grant {READER} to current_user", keep=True).refusal
