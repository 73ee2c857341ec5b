"""Laying the base: what was there before the first migration is made, and not observed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pgproof.catalog import ddl, owners
from pgproof.migrations.file import MigrationFile
from pgproof.migrations.layout import Transaction
from pgproof.migrations.replay.file import replay_file
from pgproof.model import Gap
from pgproof.shadow.sandbox import OWNER
from pgproof.sql.parse import parse
from pgproof.sql.script import read_script

if TYPE_CHECKING:
    from pgproof.catalog.object import Catalog
    from pgproof.migrations.base import Base
    from pgproof.migrations.observation import Observation
    from pgproof.migrations.replay.stage import Stage
    from pgproof.migrations.replay.task import Task

_NAMED_AT_MOST = 5
_QUOTED_AT_MOST = 200
_THERE_ALREADY = {"42P06", "42P07", "42710", "42723"}
"""Duplicate schema, relation, object, function: the platform or the server had it before the dump."""
_UNKNOWN_SETTING = "42704"


def lay(stage: Stage, base: Base, task: Task) -> tuple[Gap, ...]:
    """Make what a base holds and return what of it could not be made. What the platform has already stays as it is."""
    if base.catalog is not None:
        failed = [f for f in _make(stage, _own(base.catalog, task)) if f.sqlstate not in _THERE_ALREADY]
        problems = [f"{failure.message}: {failure.statement[:_QUOTED_AT_MOST]}" for failure in failed]
    else:
        problems = list(_problems(_run(stage, base, task)))
    way_out = f"Without them, migrations that build on them fail. Look at {base.name}."
    gaps = [Gap(f"the base {base.name}: {problem}", True, way_out=way_out) for problem in problems[:_NAMED_AT_MOST]]
    if len(problems) > _NAMED_AT_MOST:
        more = len(problems) - _NAMED_AT_MOST
        gaps.append(Gap(f"the base {base.name}: {more} more statements failed", blocking=True))
    return tuple(gaps)


def _own(catalog: Catalog, task: Task) -> Catalog:
    """Return a catalog without the platform's schemas."""
    kept = {name: thing for name, thing in catalog.objects.items() if name.schema not in task.platform.schemas}
    return replace(catalog, objects=kept)


def _run(stage: Stage, base: Base, task: Task) -> list[Observation]:
    """Run a dump as psql would."""
    steps = read_script(base.script, base.name, task.root)
    traces = replay_file(stage, MigrationFile(base.name, "", "", base.script), steps, Transaction.STATEMENT)
    return [trace.observation for trace in traces()]


def _problems(observations: Sequence[Observation]) -> Iterator[str]:
    for observation in observations:
        failure = observation.failure
        setting = observation.node in ("VariableSetStmt", "SelectStmt")  # of a newer pg_dump
        if failure is None or failure.sqlstate in _THERE_ALREADY or (setting and failure.sqlstate == _UNKNOWN_SETTING):
            continue
        yield f"{failure.message} (line {observation.location.line})"


def _make(stage: Stage, catalog: Catalog) -> Sequence[ddl.Failure]:
    """Make a catalog; whoever owns most of it becomes the owner of the shadow's database."""
    held = Counter(str(o) for thing in catalog.objects.values() if (o := thing.attributes.get("owner")))
    (owner, _), *_ = held.most_common(1) or [(catalog.owner, 0)]
    objects = owners.with_live_roles(catalog, {owner: OWNER, catalog.owner: OWNER})
    mapped = replace(catalog, objects=objects, owner=OWNER)
    there = {name for (name,) in stage.admin.rows("select rolname from pg_catalog.pg_roles")}
    for role in owners.roles(mapped):
        if role not in there:
            stage.roles.assume(stage.admin, role)
    connection = stage.wire.connection
    failed = ddl.apply(ddl.create_all(mapped, OWNER), connection)
    elevated = [failure for failure in failed if stage.database.needs_elevation(parse(failure.statement)[0])]
    for failure in elevated:
        with connection.transaction():
            stage.database.elevate(connection, failure.statement)
    stage.relations.read()
    return ddl.apply([f.statement for f in failed if f not in elevated], connection) if failed else failed
