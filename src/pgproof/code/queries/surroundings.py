"""What is known besides the server's answer to a text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from pgproof.catalog.object import Catalog
from pgproof.code.match.doubts import Doubts
from pgproof.code.queries.examine import Tried, parsed
from pgproof.code.queries.runtime import Made
from pgproof.code.queries.tree import relations
from pgproof.code.queries.verdict import Kind, Missing
from pgproof.code.reading import Reading
from pgproof.code.source import Role
from pgproof.model.spelling import slip

RELATIONS = ("table", "view", "materialized view", "foreign table", "sequence")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known besides the server's answer.

    `made` is what the code of each role makes while it runs; `bookkeeping` the tables of migration tools; `brought`
    says whether an extension that the replay does not really have makes a `relation`, `function` or `type` of a name;
    `past` whether the migrations dropped or renamed a relation, a column or a function; `other` whether the migrations
    of another database of the repository name a table and a column. `base_is_missing`: the migrations build on tables
    that none of them makes, so that a table which is not there says nothing. `is_part`: the program makes
    its tables itself, and may use those of another, too. `kept`: another directory of migrations
    makes a relation and does not drop it, or loose SQL makes it as a view. `common` tells whether a file's text defines
    a name in WITH. `nearer` tells whether SQL that is nearer to a file than the migrations gives a table a column, or
    makes it (`""`). `declared` tells whether types that were generated from a database have a relation, a function or a
    column (by parts). `loose` tells whether SQL that is no migration gives a table a column, `modelled` whether the
    models of an ORM that makes tables have a table or a column. `other_system` tells whether a file, or one of its
    package (`nearby`), works with another database system.
    """

    catalog: Catalog
    doubts: Doubts
    made: Mapping[Role, Made]
    bookkeeping: Collection[str]
    brought: Callable[[str, str, str], bool]
    past: Callable[..., object | None]
    other: Callable[[str, str], bool]
    base_is_missing: bool = False
    kept: Callable[[str], bool] = lambda _: False
    common: Callable[[str, str], bool] = lambda *_: False
    nearer: Callable[[str, str, str], bool] = lambda *_: False
    declared: Callable[..., bool] = lambda *_: False
    loose: Callable[[str, str], bool] = lambda *_: False
    modelled: Callable[[str, str], bool] = lambda *_: False
    other_system: Callable[..., bool] = lambda *_, **__: False
    is_part: bool = False

    @property
    def schemas(self) -> set[str]:
        """The names of the schemas that the migrations make or use."""
        return {thing.name.parts[0] for thing in self.catalog.objects.values() if len(thing.name.parts) > 1}

    @property
    def relations(self) -> set[tuple[str, ...]]:
        """The names of all relations, with their schemas."""
        return {thing.name.parts for thing in self.catalog.of(*RELATIONS)}


def is_meant(tried: Tried, missing: Missing, around: Surroundings) -> bool:
    """Whether what is missing is surely of this database: it was there once, or a table's name is misspelt."""
    if missing.kind is Kind.COLUMN:
        of = [missing.of] if missing.of and missing.of[1] else relations(parsed(tried.attempt.text))
        return bool(missing.name) and any(around.past(schema or "public", name, missing.name) for schema, name in of)
    if around.past(missing.schema or "public", missing.name):
        return True
    return bool(tried.query.client and slip(missing.name, (parts[-1] for parts in around.relations)))


def is_part(missing: Missing, reading: Reading, around: Surroundings) -> bool:
    """Whether what is missing is a name of WITH, so that the text is likely the rest of another."""
    if missing.kind is not Kind.TABLE or missing.schema or around.past("public", missing.name):
        return False
    return around.common(reading.path, missing.name)
