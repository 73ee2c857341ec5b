"""SQL for what the contract misses, run on a private copy of the schema and judged again before anybody sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgproof.catalog.names import qualified
from pgproof.contract.access import ask_access
from pgproof.contract.answer import State
from pgproof.contract.contract import Said
from pgproof.contract.judge import judge
from pgproof.contract.need import Need, Path, Privilege, Together
from pgproof.contract.propose import Proposal, propose
from pgproof.contract.schema import Schema
from pgproof.evidence.contract import Features, Shortfall
from pgproof.evidence.contract_code import Obeyed
from pgproof.evidence.contract_copies import Copies
from pgproof.evidence.live import Connection
from pgproof.evidence.part import gathers
from pgproof.evidence.settings import Settings
from pgproof.evidence.wording import counted

if TYPE_CHECKING:
    from pgproof.server.session import Session
    from pgproof.shadow.database import Database

PLACES = 10
"""Places in the code that are shown."""
COUNTED = 10_000
"""Rows are counted up to this number."""


@dataclass(frozen=True, slots=True)
class Proved:
    """SQL that was run on a copy, after which the needs hold; `remarks` say what it means for the rows there are."""

    sql: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposals:
    """The proved SQL of each shortfall that has one; `copied` says what it was run on.

    `places` are those in the code that must write a missing column, because the contract says with which it is written.
    """

    proved: Mapping[Shortfall, Proved]
    copied: str = ""
    places: Mapping[Shortfall, tuple[str, ...]] = field(default_factory=dict)


@gathers(Proposals, None)
def prove_proposals(
    settings: Settings,
    features: Features,
    copies: Copies | None,
    connection: Connection | None,
    obeyed: Obeyed | None,
) -> Proposals:
    """Propose, run, read the schema again, judge again."""
    schema = features.schema
    needs = [said.need for one in features.items for said, _ in one.answers if isinstance(said, Said)]
    proposed = {
        shortfall: found
        for shortfall in features.shortfalls
        if schema and not shortfall.made_at and (found := propose(_needs(shortfall), schema, needs))
    }
    places = {one: tuple(_places(one, needs, obeyed)) for one in features.shortfalls}
    if not proposed or copies is None or schema is None:
        return Proposals({}, places=places)
    settings.progress("trying what would make the contract hold")
    copied = "live" if copies.live else "replayed"
    with copies.of_live() as database:
        done = _run(proposed, database)
        holding = _holding(done, database, schema)
    session = connection.session if connection else None
    proved = {one: _proved(proposed[one], session) for one in holding}
    return Proposals(proved, f"a copy of the {copied} schema", places)


def _places(shortfall: Shortfall, needs: Iterable[Need], obeyed: Obeyed | None) -> Iterator[str]:
    """Yield where the code writes the column with which a missing one is written."""
    cause = shortfall.cause
    if obeyed is None or cause is None or cause.kind != "column" or not shortfall.missing:
        return
    for need in dict.fromkeys(needs):
        if isinstance(need, Together) and need.also == cause.parts[2] and need.relation[-1] == cause.parts[1]:
            for place in obeyed.writers(need.relation, need.column)[:PLACES]:
                yield f"to be written with {need.column} at {place}"


def _needs(shortfall: Shortfall) -> list[Need]:
    return list(dict.fromkeys(said.need for _, said, _ in shortfall.items if isinstance(said, Said)))


def _run(proposed: Mapping[Shortfall, list[Proposal]], database: Database) -> list[Shortfall]:
    """Run each one in a transaction of its own, again after others when it failed; return those that succeeded."""
    from psycopg import Error

    waiting, done = list(proposed), list[Shortfall]()
    with database.connect() as connection:
        while True:
            failed = []
            for shortfall in waiting:
                try:
                    with connection.transaction():
                        for proposal in proposed[shortfall]:
                            for statement in proposal.statements:
                                connection.execute(statement.encode())
                except Error:
                    failed.append(shortfall)
                else:
                    done.append(shortfall)
            if not failed or len(failed) == len(waiting):
                return done
            waiting = failed


def _holding(done: Iterable[Shortfall], database: Database, before: Schema) -> list[Shortfall]:
    from pgproof.catalog import snapshot

    with database.admin() as session:
        schema = Schema(snapshot.read(session), canonical=before.canonical)
        return [one for one in done if all(_holds(need, schema, session) for need in _needs(one))]


def _holds(need: Need, schema: Schema, session: Session) -> bool:
    answer = ask_access([need], schema, session)[need] if isinstance(need, Privilege) else judge(need, schema)
    return answer.state is not State.FAILS


def _proved(proposals: Iterable[Proposal], session: Session | None) -> Proved:
    lines: list[str] = []
    remarks: list[str] = []
    for proposal in proposals:
        statements = list(proposal.statements)
        if proposal.refused_rows or proposal.lie:
            rows = _rows(proposal.table, session)
            remarks += _remarks(proposal, rows)
            if proposal.refused_rows and rows != "no rows":
                statements.insert(-1, f"-- {rows}: each needs its value before the next statement")
        lines += [one if one.startswith("--") else f"{one};" for one in statements]
    return Proved("\n".join(lines), tuple(remarks))


def _remarks(proposal: Proposal, rows: str) -> Iterator[str]:
    if rows == "no rows":
        yield "data checked: the table has no rows"
        return
    if not proposal.lie:
        yield f"data: {rows}; NOT NULL would be refused until each row has a value"
        return
    yield (
        f"data: {rows}; a column added with the default {proposal.lie} would claim that each of them dates from the "
        "migration, which is not true: so the default comes after the column, and older rows have no value until a "
        "true one is known"
    )


def _rows(table: Path, session: Session | None) -> str:
    from psycopg import Error

    if session is None:
        return "whether there are rows nobody looked"
    try:
        counting = f"select count(*) from (select from {qualified(table)} limit {COUNTED + 1}) counted"  # noqa: S608
        ((number,),) = session.rows(counting)
    except Error:
        return "whether there are rows the role may not see"
    if not number:
        return "no rows"
    return f"more than {COUNTED:,} rows are there" if number > COUNTED else f"{counted(number, 'row')} there"
