"""Whether a refusal can be believed: the text may be for another database system, the name made at run time."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from pgproof.catalog.object import Catalog
from pgproof.code.match.doubts import Doubts
from pgproof.code.queries.dialect import foreign_syntax, foreign_words
from pgproof.code.queries.examine import Tried, parsed
from pgproof.code.queries.runtime import Made
from pgproof.code.queries.tokens import masked
from pgproof.code.queries.tree import relations
from pgproof.code.queries.verdict import Kind, Missing
from pgproof.code.reading import Reading
from pgproof.code.source import Role
from pgproof.code.usage import Query

RELATIONS = ("table", "view", "materialized view", "foreign table", "sequence")
POSTGRESQL_ONLY = frozenset({"asyncpg", "pgx", "psycopg", "node-postgres", "postgres.js", "pgtyped", "slonik"})
"""Clients of no other database system."""

ELSEWHERE = "it goes nobody knows where, and names no table that the migrations make"
AT_RUN_TIME = "the code makes what it names while it runs"
FAILED = "statements of the migrations that failed may have made what it names"
OF_ANOTHER_SCHEMA = "it names a schema that the migrations never make: another tool's"
OF_ANOTHER_DATABASE = "the repository's migrations for another database make what it names"
OF_THE_SYSTEM = "it reads system catalogs, which differ between versions and extensions"
OF_AN_EXTENSION = "it needs an extension that the migrations do not create, or that a stand-in plays"
FOREIGN = "it is written for another database system: {}"

_SYSTEM = ("pg_catalog", "information_schema", "pg_toast")
_VERSION = frozenset(
    {"uuidv7", "uuidv4", "json_table", "any_value", "gamma", "lgamma", "casefold", "crc32", "crc32c", "random_normal"}
    | {
        "array_sample",
        "array_shuffle",
        "array_sort",
        "array_reverse",
        "date_bin",
        "to_bin",
        "to_oct",
        "erf",
        "merge_action",
    }
)
"""Functions that came with a later PostgreSQL (release notes of 14 to 18)."""
_PARTIAL = re.compile(
    r"_?st_|postgis|time_bucket|hypertable|chunk|compress|h3_|pgr_|cypher|pgroonga|bm25|paradedb", re.I
)
_PARTIAL_TYPES = re.compile(r"\b(?:geometry|geography|raster|box[23]d|h3index|vector|halfvec|sparsevec|agtype)\b")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known besides the server's answer.

    `made` is what the code of each role makes while it runs; `bookkeeping` the tables of migration tools; `brought`
    says whether an extension that the replay does not really have makes a `relation`, `function` or `type` of a name;
    `past` whether the migrations dropped or renamed a relation, a column or a function; `other` whether the migrations
    of another database of the repository name a table and a column.
    """

    catalog: Catalog
    doubts: Doubts
    made: Mapping[Role, Made]
    bookkeeping: Collection[str]
    brought: Callable[[str, str, str], bool]
    past: Callable[..., object | None]
    other: Callable[[str, str], bool]

    def reached(self, accepted: Iterable[tuple[Reading, Query]]) -> Collection[str]:
        """Return the files and the packages with a statement that names a relation of the migrations."""
        found: set[str] = set()
        own = {one[-1] for one in self._names}
        for reading, query in accepted:
            if reading.path not in found and any(word in own for word in re.findall(r"\w+", query.text.lower())):
                found |= {reading.path, f"{reading.package}/"}
        return found

    @property
    def schemas(self) -> set[str]:
        """The names of the schemas that the migrations make or use."""
        return {thing.name.parts[0] for thing in self.catalog.objects.values() if len(thing.name.parts) > 1}

    @property
    def _names(self) -> set[tuple[str, ...]]:
        return {thing.name.parts for thing in self.catalog.of(*RELATIONS)}


def doubt(tried: Tried, reading: Reading, around: Surroundings, reached: Collection[str]) -> str:
    """Return why a refusal proves nothing, or `""`."""
    query = tried.query
    if foreign := foreign_syntax(masked(query.text, query.holes)):
        return FOREIGN.format(foreign)
    if query.client not in POSTGRESQL_ONLY and (foreign := foreign_words(reading.path)):
        return FOREIGN.format(foreign)
    if query.client in ("", "sql file") and reading.path not in reached and not _is_past(tried, around):
        return ELSEWHERE
    made = around.made[reading.role]
    missing = tried.verdict.missing
    if tried.verdict.kind is Kind.TABLE and missing:
        return _of_table(missing, around, made)
    if tried.verdict.kind in (Kind.FUNCTION, Kind.TYPE) and missing:
        return _of_member(missing, around, made)
    return _of_statement(tried, around, made)


def _is_past(tried: Tried, around: Surroundings) -> bool:
    missing = tried.verdict.missing
    return bool(missing and missing.kind is Kind.TABLE and around.past(missing.schema or "public", missing.name))


def _of_table(missing: Missing, around: Surroundings, made: Made) -> str:
    schema, name = missing.schema, missing.name
    if schema in _SYSTEM or name.startswith("pg_"):
        return OF_THE_SYSTEM
    if name in around.bookkeeping:
        return AT_RUN_TIME
    if name and around.other(name, ""):
        return OF_ANOTHER_DATABASE
    if around.past(schema or "public", name):
        return ""
    if ("relation", name) in made.names or (not name and ("schema", schema) in made.names):
        return AT_RUN_TIME
    if around.doubts.whether_exists("relation", schema, name):
        return FAILED
    if schema and schema not in around.schemas:
        return OF_ANOTHER_SCHEMA
    return OF_AN_EXTENSION if around.brought("relation", schema, name) else ""


def _of_member(missing: Missing, around: Surroundings, made: Made) -> str:
    schema, name = missing.schema, missing.name
    kind = missing.kind.value
    if schema in _SYSTEM or name.startswith("pg_") or name in _VERSION:
        return OF_THE_SYSTEM
    if (kind, name) in made.names:
        return AT_RUN_TIME
    if around.doubts.whether_exists(kind, schema, name):
        return FAILED
    if around.brought(kind, schema, name) or _PARTIAL.match(name):
        return OF_AN_EXTENSION
    return ""


def _of_statement(tried: Tried, around: Surroundings, made: Made) -> str:
    """What is wrong with a column, a type or a literal depends on how the statement's relations are made."""
    missing = tried.verdict.missing
    named = [missing.of] if missing and missing.of and missing.of[1] else sorted(relations(parsed(tried.attempt.text)))
    if any(schema in _SYSTEM or name.startswith("pg_") for schema, name in named):
        return OF_THE_SYSTEM
    if _PARTIAL_TYPES.search(tried.refusal.message):
        return OF_AN_EXTENSION
    column = missing.name if missing else ""
    for schema, name in named:
        if column and around.other(name, column):
            return OF_ANOTHER_DATABASE
        if around.past(schema or "public", name, column):
            continue
        if (name, column) in made.columns or (name, "*") in made.columns:
            return AT_RUN_TIME
        unsure = around.doubts.whether_has(schema, name, column) if column else around.doubts.about_shape(schema, name)
        if unsure or (not schema and _in_doubt(around, name, column)):
            return FAILED
    return ""


def _in_doubt(around: Surroundings, name: str, column: str) -> bool:
    """The same in whichever schema a table of this name is."""
    schemas = {thing.name.parts[0] for thing in around.catalog.of(*RELATIONS) if thing.name.parts[-1] == name}
    if column:
        return any(around.doubts.whether_has(schema, name, column) for schema in schemas)
    return any(around.doubts.about_shape(schema, name) for schema in schemas)
