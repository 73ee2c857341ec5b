"""What else may make what a text names and the schema lacks."""

from __future__ import annotations

import re

from pgproof.code.queries.examine import Tried, parsed
from pgproof.code.queries.reasons import (
    AT_RUN_TIME,
    FAILED,
    NOT_REPLAYED,
    OF_AN_EXTENSION,
    OF_ANOTHER_DATABASE,
    OF_ANOTHER_SCHEMA,
    OF_THE_SYSTEM,
)
from pgproof.code.queries.runtime import Made
from pgproof.code.queries.surroundings import RELATIONS, Surroundings
from pgproof.code.queries.tree import relations
from pgproof.code.queries.verdict import Missing

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


def of_table(missing: Missing, around: Surroundings, made: Made) -> str:
    """Return what may make the table that is missing, as a reason for doubt, or `""`."""
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


def of_member(missing: Missing, around: Surroundings, made: Made) -> str:
    """Return what may make the function or type that is missing, or `""`."""
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


def of_statement(tried: Tried, around: Surroundings, made: Made) -> str:
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
