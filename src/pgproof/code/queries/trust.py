"""Whether a refusal can be believed: the text may be for another database system, the name made at run time."""

from __future__ import annotations

import re

from pgproof.code.queries.dialect import foreign_syntax, foreign_words
from pgproof.code.queries.examine import Tried, parsed
from pgproof.code.queries.makers import of_member, of_statement, of_table
from pgproof.code.queries.reach import Reach, folder
from pgproof.code.queries.reasons import (
    BASE,
    DECLARED,
    ELSEWHERE,
    FILLED_IN,
    FOREIGN,
    OF_AN_ORM,
    OF_ANOTHER_CONNECTION,
    OF_LOOSE_SQL,
    OF_NEARER_DDL,
    PART,
)
from pgproof.code.queries.surroundings import Surroundings, is_meant, is_part
from pgproof.code.queries.tokens import masked
from pgproof.code.queries.tree import relations
from pgproof.code.queries.verdict import Kind, Missing
from pgproof.code.reading import Reading
from pgproof.code.source import Role

POSTGRESQL_ONLY = frozenset(
    {"asyncpg", "pgx", "psycopg", "node-postgres", "pg-promise", "postgres.js", "pgtyped", "slonik"}
)
"""Clients of no other database system."""

_KIN = re.compile(
    r"(?:^|[/_.-])(cockroach(?:db)?|crdb\w*|redshift|yugabyte(?:db)?|greenplum|risingwave|questdb|materialize|spanner)(?=[/_.-])",
    re.I,
)
"""Systems that a client of PostgreSQL works with, too, as a file's path names them."""
_STAND_IN = re.compile(
    r"""[:=] "(?:.*\b(?:your|replace|paste|insert)[\s_-].*|<.*>|\[.*\]|.*\{.*\}.*|.*%\(?\w.*|.*[\s_-]here\W*)"$""", re.I
)
"""How people write, at the end of the server's message, that another value is to be put there: `REPLACE_WITH_ID`."""
_FILLED = ("", "sql file")
"""Texts of which nobody knows who runs them, and what he puts in before."""


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
    if missing and is_part(missing, reading, around):
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
    if around.is_part and missing and is_table and not is_meant(tried, missing, around):
        return BASE
    of_base = around.base_is_missing and missing is not None and missing.kind is not Kind.COLUMN
    if of_base and missing and not around.past(missing.schema or "public", missing.name):
        return BASE
    if not (missing and missing.kind in (Kind.TABLE, Kind.COLUMN) and is_meant(tried, missing, around)):
        known = reached.of_file(reading.path)
        if reached.elsewhere(reading.path) or folder(reading.path) in reached.other:
            return ELSEWHERE
        if query.client in ("", "sql file") and not known and not _is_beside(tried, reading, around, reached):
            return ELSEWHERE
        if tried.verdict.kind is Kind.TABLE and not known and not reached.of_surroundings(reading):
            return ELSEWHERE
    if tried.verdict.kind is Kind.TABLE and missing:
        return of_table(missing, around, made)
    if tried.verdict.kind in (Kind.FUNCTION, Kind.TYPE) and missing:
        return of_member(missing, around, made)
    return of_statement(tried, around, made)


def _is_beside(tried: Tried, reading: Reading, around: Surroundings, reached: Reach) -> bool:
    """Whether product code names only tables that are there, among files that work with this database."""
    if tried.query.client or reading.role is not Role.PRODUCT or tried.verdict.kind is Kind.TABLE:
        return False
    named = {name for _, name in relations(parsed(tried.attempt.text))}
    return bool(named) and named <= {parts[-1] for parts in around.relations} and reached.of_surroundings(reading)


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
    if missing.kind is not Kind.TABLE or tried.query.client in POSTGRESQL_ONLY or is_meant(tried, missing, around):
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
