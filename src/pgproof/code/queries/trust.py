"""Whether a refusal can be believed: the text may be for another database system, the name made at run time."""

from __future__ import annotations

import re
from collections import Counter
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
from pgproof.model.spelling import slip

RELATIONS = ("table", "view", "materialized view", "foreign table", "sequence")
POSTGRESQL_ONLY = frozenset(
    {"asyncpg", "pgx", "psycopg", "node-postgres", "pg-promise", "postgres.js", "pgtyped", "slonik"}
)
"""Clients of no other database system."""

ELSEWHERE = "it goes nobody knows where, and names no table that the migrations make"
AT_RUN_TIME = "the code makes what it names while it runs"
BASE = "the migrations build on something that none of them makes, and this may be part of it"
NOT_REPLAYED = "something that was not replayed may make what it names"
FAILED = "statements of the migrations that failed may have made what it names"
OF_ANOTHER_SCHEMA = "it names a schema that the migrations never make: another tool's"
OF_ANOTHER_DATABASE = "the repository's migrations for another database make what it names"
PART = "it names what WITH defines in another text of its file, of which it may be the rest"
OF_NEARER_DDL = "a file of SQL that is nearer to it than the migrations makes what it names"
OF_LOOSE_SQL = "a file of SQL that is no migration gives the table what it names"
OF_AN_ORM = "an ORM that makes the project's tables has what it names"
OF_ANOTHER_CONNECTION = "all of its tables are missing, and the program works with another database system, too"
DECLARED = "types that were generated from a database have what it names: made by hand there"
FILLED_IN = "a value of it is a stand-in for one that a person writes before the file is run"
OF_THE_SYSTEM = "it reads system catalogs, which differ between versions and extensions"
OF_AN_EXTENSION = "it needs an extension that the migrations do not create, or that a stand-in plays"
FOREIGN = "it is written for another database system: {}"

_KIN = re.compile(
    r"(?:^|[/_.-])(cockroach(?:db)?|crdb\w*|redshift|yugabyte(?:db)?|greenplum|risingwave|questdb|materialize|spanner)(?=[/_.-])",
    re.I,
)
"""Systems that a client of PostgreSQL works with, too, as a file's path names them."""
_NAMED = re.compile(r"""\b(?:from|join|into|update|only)\s+(?:"?\w+"?\s*\.\s*)?"?(\w+)""", re.IGNORECASE)
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
_STAND_IN = re.compile(
    r"""[:=] "(?:.*\b(?:your|replace|paste|insert)[\s_-].*|<.*>|\[.*\]|.*\{.*\}.*|.*%\(?\w.*|.*[\s_-]here\W*)"$""", re.I
)
"""How people write, at the end of the server's message, that another value is to be put there: `REPLACE_WITH_ID`."""
_FILLED = ("", "sql file")
"""Texts of which nobody knows who runs them, and what he puts in before."""
_PARTIAL_TYPES = re.compile(r"\b(?:geometry|geography|raster|box[23]d|h3index|vector|halfvec|sparsevec|agtype)\b")


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


@dataclass(frozen=True, slots=True)
class Reach:
    """Which database each file and folder talks to: how many statements name tables of the migrations, how many not.

    A repository may work with several databases. `mixed` are the packages of which that is likely, `other` the folders
    of whose tables the migrations make the lesser part: they are not the whole schema, or another's.
    """

    present: Mapping[str, int]
    absent: Mapping[str, int]
    mixed: Collection[str]
    other: Collection[str] = ()

    def of_file(self, path: str) -> bool:
        """Whether a file certainly talks to this database."""
        return self.present.get(path, 0) > 0 and self.present.get(path, 0) >= self.absent.get(path, 0)

    def elsewhere(self, path: str) -> bool:
        """Whether more of a file's statements name tables that are not there than tables that are."""
        return self.absent.get(path, 0) > self.present.get(path, 0)

    def of_surroundings(self, reading: Reading) -> bool:
        """Whether the files beside it do, or the whole package."""
        if reading.package in self.mixed:
            return False
        return any(
            self.present.get(one, 0) > self.absent.get(one, 0)
            for one in (_folder(reading.path), f"{reading.package}/*")
        )


_SEVERAL = 4
"""As many tables that nobody makes say that a package talks to another database, too."""


def reach(
    around: Surroundings, accepted: Iterable[tuple[Reading, Query]], refused: Iterable[tuple[Reading, Tried]]
) -> Reach:
    """Count by file (`a/b.py`), folder (`a/`) and package (`a/*`)."""
    own = {parts[-1].lower() for parts in around.relations}
    present: Counter[str] = Counter()
    absent: Counter[str] = Counter()
    names: dict[str, set[str]] = {}
    lacking: dict[str, set[str]] = {}
    known: dict[str, set[str]] = {}
    for reading, query in accepted:
        if found := own.intersection(map(str.lower, _NAMED.findall(query.text))):
            present.update((reading.path, _folder(reading.path), f"{reading.package}/*"))
            known.setdefault(_folder(reading.path), set()).update(found)
    for reading, tried in refused:
        places = (reading.path, _folder(reading.path), f"{reading.package}/*")
        missing = tried.verdict.missing
        found = own.intersection(map(str.lower, _NAMED.findall(tried.query.text)))
        known.setdefault(_folder(reading.path), set()).update(found)
        if tried.verdict.kind is not Kind.TABLE or missing is None or _is_meant(tried, missing, around):
            continue
        if _is_part(missing, reading, around) or around.modelled(missing.name, ""):
            continue
        if not _of_table(missing, around, around.made[reading.role]):
            absent.update(places)
            names.setdefault(reading.package, set()).add(missing.name)
            lacking.setdefault(_folder(reading.path), set()).add(missing.name)
    mixed = frozenset(one for one, several in names.items() if len(several) >= _SEVERAL)
    other = {one: several for one, several in lacking.items() if len(several) >= _SEVERAL}
    return Reach(present, absent, mixed, frozenset(one for one in other if len(other[one]) > len(known.get(one, ()))))


def _folder(path: str) -> str:
    return path.rpartition("/")[0] + "/"


def _is_meant(tried: Tried, missing: Missing, around: Surroundings) -> bool:
    """Whether what is missing is surely of this database: it was there once, or a table's name is misspelt."""
    if missing.kind is Kind.COLUMN:
        of = [missing.of] if missing.of and missing.of[1] else relations(parsed(tried.attempt.text))
        return bool(missing.name) and any(around.past(schema or "public", name, missing.name) for schema, name in of)
    if around.past(missing.schema or "public", missing.name):
        return True
    return bool(tried.query.client and slip(missing.name, (parts[-1] for parts in around.relations)))


def doubt(tried: Tried, reading: Reading, around: Surroundings, reached: Reach) -> str:
    """Return why a refusal proves nothing, or `""`."""
    query = tried.query
    if foreign := foreign_syntax(masked(query.text, query.holes)):
        return FOREIGN.format(foreign)
    if kin := _KIN.search(reading.path):
        return FOREIGN.format(kin[1])
    if query.client not in POSTGRESQL_ONLY and (foreign := foreign_words(f"{reading.path} {query.function}")):
        return FOREIGN.format(foreign)
    made = around.made[reading.role]
    missing = tried.verdict.missing
    if missing and _is_part(missing, reading, around):
        return PART
    if _is_of_nearer(tried, reading.path, around):
        return OF_NEARER_DDL
    if missing and _is_declared(tried, missing, around):
        return DECLARED
    if missing and (made_by := _made_beside(tried, missing, around)):
        return made_by
    if not query.client and around.other_system(reading.path, nearby=False):
        return OF_ANOTHER_CONNECTION
    if missing and _is_of_another(tried, missing, reading, around, reached):
        return OF_ANOTHER_CONNECTION
    if tried.verdict.kind is Kind.LITERAL and query.client in _FILLED and _STAND_IN.search(tried.refusal.message):
        return FILLED_IN
    is_table = missing is not None and missing.kind is Kind.TABLE
    if around.is_part and missing and is_table and not _is_meant(tried, missing, around):
        return BASE
    of_base = around.base_is_missing and missing is not None and missing.kind is not Kind.COLUMN
    if of_base and missing and not around.past(missing.schema or "public", missing.name):
        return BASE
    if not (missing and missing.kind in (Kind.TABLE, Kind.COLUMN) and _is_meant(tried, missing, around)):
        known = reached.of_file(reading.path)
        if reached.elsewhere(reading.path) or _folder(reading.path) in reached.other:
            return ELSEWHERE
        if query.client in ("", "sql file") and not known and not _is_beside(tried, reading, around, reached):
            return ELSEWHERE
        if tried.verdict.kind is Kind.TABLE and not known and not reached.of_surroundings(reading):
            return ELSEWHERE
    if tried.verdict.kind is Kind.TABLE and missing:
        return _of_table(missing, around, made)
    if tried.verdict.kind in (Kind.FUNCTION, Kind.TYPE) and missing:
        return _of_member(missing, around, made)
    return _of_statement(tried, around, made)


def _is_beside(tried: Tried, reading: Reading, around: Surroundings, reached: Reach) -> bool:
    """Whether product code names only tables that are there, among files that work with this database."""
    if tried.query.client or reading.role is not Role.PRODUCT or tried.verdict.kind is Kind.TABLE:
        return False
    named = {name for _, name in relations(parsed(tried.attempt.text))}
    return bool(named) and named <= {parts[-1] for parts in around.relations} and reached.of_surroundings(reading)


def _is_part(missing: Missing, reading: Reading, around: Surroundings) -> bool:
    """Whether what is missing is a name of WITH, so that the text is likely the rest of another."""
    if missing.kind is not Kind.TABLE or missing.schema or around.past("public", missing.name):
        return False
    return around.common(reading.path, missing.name)


def _is_declared(tried: Tried, missing: Missing, around: Surroundings) -> bool:
    """Whether a database had it from which types were generated, and the migrations did not drop it."""
    named: list[tuple[str, ...]] = [(missing.schema or "public", missing.name)]
    if missing.kind is Kind.COLUMN:
        of = [missing.of] if missing.of and missing.of[1] else sorted(relations(parsed(tried.attempt.text)))
        named = [(schema or "public", name, missing.name) for schema, name in of]
    return any(around.declared(*one) and not around.past(*one) for one in named)


def _made_beside(tried: Tried, missing: Missing, around: Surroundings) -> str:
    """Return what beside the migrations makes what is missing, unless they dropped it: loose SQL, an ORM."""
    if missing.kind is Kind.TABLE:
        unmade = not around.past(missing.schema or "public", missing.name) and around.modelled(missing.name, "")
        return OF_AN_ORM if unmade else ""
    if missing.kind is not Kind.COLUMN or not missing.name:
        return ""
    of = [missing.of] if missing.of and missing.of[1] else sorted(relations(parsed(tried.attempt.text)))
    for schema, name in of:
        if around.past(schema or "public", name, missing.name):
            continue
        if around.loose(name, missing.name):
            return OF_LOOSE_SQL
        if around.modelled(name, missing.name):
            return OF_AN_ORM
    return ""


_WHOLE_SCHEMA = 3
"""As many tables, all of them missing, are those of another database."""


def _is_of_another(tried: Tried, missing: Missing, reading: Reading, around: Surroundings, reached: Reach) -> bool:
    """Whether a statement that may go to another database system names no table of this one."""
    if missing.kind is not Kind.TABLE or tried.query.client in POSTGRESQL_ONLY or _is_meant(tried, missing, around):
        return False
    named = {name for _, name in relations(parsed(tried.attempt.text))}
    own = {parts[-1] for parts in around.relations} | {name for _, name in around.made[reading.role].names}
    if not named or not named.isdisjoint(own):
        return False
    nearby = not reached.of_file(reading.path)
    return len(named) >= _WHOLE_SCHEMA or around.other_system(reading.path, nearby=nearby)


def _is_of_nearer(tried: Tried, path: str, around: Surroundings) -> bool:
    """Whether all tables of a statement, and the column that is missing, are those of a file nearer to the code.

    A program may keep a second database, as a cache, with tables of the same names.
    """
    missing = tried.verdict.missing
    if missing and missing.kind is Kind.COLUMN and missing.of and missing.of[1]:
        return around.nearer(path, missing.of[1], missing.name)
    named = {name for _, name in relations(parsed(tried.attempt.text))}
    column = missing.name if missing and missing.kind is Kind.COLUMN else ""
    return bool(named) and all(around.nearer(path, name, column) for name in named)


def _of_table(missing: Missing, around: Surroundings, made: Made) -> str:
    schema, name = missing.schema, missing.name
    if schema in _SYSTEM or name.startswith("pg_"):
        return OF_THE_SYSTEM
    if name in around.bookkeeping:
        return AT_RUN_TIME
    if name and around.other(name, ""):
        return OF_ANOTHER_DATABASE
    if around.past(schema or "public", name):
        return OF_ANOTHER_DATABASE if around.kept(name) else ""
    if ("relation", name) in made.names or (not name and ("schema", schema) in made.names):
        return AT_RUN_TIME
    if around.doubts.whether_exists("relation", schema, name):
        return FAILED if around.doubts.failed else NOT_REPLAYED
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
        return FAILED if around.doubts.failed else NOT_REPLAYED
    if schema and schema not in {thing.name.parts[0] for thing in around.catalog.of("function", "procedure", "type")}:
        return OF_ANOTHER_SCHEMA
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
        if not schema and around.doubts.elsewhere("relation", "", name) and ("public", name) not in around.relations:
            return OF_ANOTHER_DATABASE  # a table of that name in another schema, and one that something else makes
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
