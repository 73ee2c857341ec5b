"""The database that the code is matched with: the live one, else what the migrations make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from pgproof.catalog.object import Catalog
from pgproof.code.match.doubts import Doubts, Failed
from pgproof.code.match.relation import Relation
from pgproof.code.match.schema import RELATIONS, Schema
from pgproof.code.match.tables import DEFAULT_SCHEMA
from pgproof.code.usage import TableUse
from pgproof.evidence.directories import Migrations
from pgproof.evidence.elsewhere import Elsewhere
from pgproof.evidence.live import Live
from pgproof.evidence.part import Unavailable, gathers
from pgproof.evidence.usages import SHIPPED, Usages
from pgproof.evidence.wording import counted
from pgproof.migrations.observation import Replay
from pgproof.model import Gap
from pgproof.platforms import Platform
from pgproof.platforms.members import extensions_with
from pgproof.sql.mentions import mentions_in

_MOST = 1 / 3
"""The share of tables that are absent from which on the base is missing, and not each of them."""
_FEW = 4
"""As many absent tables are no sign of anything."""


@dataclass(frozen=True, slots=True)
class Target:
    """What the code is matched with.

    `live` says which of the two it is. `absent` are the tables that the code uses and nobody knows, when they are so
    many that the base is missing: then nothing can be said of the code.
    """

    schema: Schema
    live: bool
    absent: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


@gathers(Target, None)
def choose_target(
    usages: Usages,
    platform: Platform,
    elsewhere: Elsewhere,
    live: Live | None,
    replay: Replay | None,
    migrations: Migrations | None,
) -> Target:
    """Take the live catalog if there is one, else that of the replay with what it cannot tell.

    Code that asks no database for anything needs none.
    """
    if live is None and replay is None:
        if not usages:
            return Target(Schema(Catalog(0, "", {})), live=False)
        raise Unavailable(
            Gap(
                f"what the code expects in {counted(len(usages), 'place')}: there is nothing to compare it with",
                way_out='name the migrations (migrations = "DIR" in pgproof.toml) or a database (--live)',
            )
        )
    if live is not None:
        schema = Schema(live.catalog, Doubts(elsewhere=_members(live.catalog.objects)))
    else:
        assert replay is not None
        schema = Schema(replay.catalog, _doubts(replay, platform, elsewhere, migrations))
    target = Target(schema, live is not None)
    names = sorted({one for _, one in _named(usages)})
    absent = tuple(name for name in names if not isinstance(schema.relation(DEFAULT_SCHEMA, name), Relation))
    something = live is not None or any(schema.names(DEFAULT_SCHEMA, *RELATIONS))
    if something and (len(absent) < _FEW or len(absent) <= len(names) * _MOST):
        absent = ()  # migrations that make no table at all tell nothing of any
    return replace(target, absent=absent, gaps=tuple(_gaps(target, absent, names)))


def _named(usages: Usages) -> Iterator[tuple[str, str]]:
    """Yield the tables that code names in the schema that the API shows."""
    for reading, use in usages.of(TableUse):
        if reading.role in SHIPPED and use.schema in ("", DEFAULT_SCHEMA):
            yield DEFAULT_SCHEMA, use.table


def _doubts(replay: Replay, platform: Platform, elsewhere: Elsewhere, migrations: Migrations | None) -> Doubts:
    member = _members(replay.catalog.objects)

    def made(kind: str, schema: str, name: str) -> bool:
        return member(kind, schema, name) or elsewhere.place(kind, name) is not None

    failed = [Failed(one.mentions, one.node, one.text) for one in replay.observations if one.failure or one.refused]
    if migrations:
        failed += _skipped(replay, migrations)
    return Doubts(failed, frozenset(platform.schemas), made)


def _skipped(replay: Replay, migrations: Migrations) -> Iterator[Failed]:
    """Yield the definitions that were skipped because of what is assumed to be older: it may be what came of them."""
    before = {str(name.parts[-1]) for name, place in replay.created.items() if migrations.were_there(place)}
    for one in replay.observations if before else ():
        if one.skipped:
            mentions = frozenset(mentions_in(one.text))
            if not before.isdisjoint(name for _, name in mentions):
                yield Failed(mentions, one.node, one.text)


def _members(objects: object) -> Callable[[str, str, str], bool]:
    """Return what says whether an extension that is installed makes something: a catalog leaves that out."""
    assert isinstance(objects, Mapping)
    installed = {name.parts[-1] for name in objects if name.kind == "extension"}

    def member(kind: str, schema: str, name: str) -> bool:
        return not installed.isdisjoint(extensions_with(kind, schema, name))

    return member


def _gaps(target: Target, absent: tuple[str, ...], names: list[str]) -> Iterator[Gap]:
    if absent:
        shown = ", ".join(absent[:5]) + " …" * (len(absent) > 5)
        are = "is" if len(absent) == 1 else "are"
        where = "in the live database" if target.live else "made by the migrations"
        yield Gap(
            f"the code: {len(absent)} of the {counted(len(names), 'table')} that it uses {are} not {where} ({shown})",
            blocking=True,
            way_out="is it the right database?"
            if target.live
            else "name the live database (--live), or a dump of what was there first (--base dump.sql)",
        )
