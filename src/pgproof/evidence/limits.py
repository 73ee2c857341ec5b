"""What a replay cannot do although nothing is wrong with the files."""

from __future__ import annotations

import re

from pgproof.evidence.scope import BOOKKEEPING
from pgproof.migrations.observation import Observation

_NAMED = re.compile(
    r"(?:relation|type|function|schema|constraint|extension|role|operator class|text search configuration|table|view|"
    r"publication|trigger|policy|index|sequence|materialized view|procedure|aggregate|foreign-data wrapper|server|"
    r'column .+ of relation) "?([^"(]+)"?'
)
STAND_IN = "PGP99"
INSUFFICIENT_PRIVILEGE = "42501"
QUERY_CANCELED = "57014"
_TEMPLATE = re.compile(r"\{\{|\$\{|<%|%\(\w+\)s|/\*\s*TEMPLATE\b|@\w+@")
_NO_EXTENSION = re.compile(r'extension "(.+)" is not available|could not open extension control file')


def limit(observation: Observation) -> str:
    """Return why the sandbox and not the file is to blame for a failure, or `""`."""
    failure = observation.failure
    if failure is None:
        return observation.refused
    if failure.sqlstate == STAND_IN:
        return failure.message
    if failure.sqlstate == QUERY_CANCELED:
        return "a statement did not end in the time allowed"
    if failure.sqlstate == INSUFFICIENT_PRIVILEGE:
        return f"{failure.message} in the sandbox, where migrations are no superuser"
    if _NO_EXTENSION.search(failure.message):
        return failure.message
    if missing_name(observation) in BOOKKEEPING:
        return "the migration tool's own table is not there in a replay"
    if _TEMPLATE.search(observation.text):
        return "the text is a template that some program fills in"
    return ""


def missing_name(observation: Observation) -> str:
    """Return the name of the object that the server says does not exist, without its schema, or `""`."""
    failure = observation.failure
    if failure is None or "does not exist" not in failure.message:
        return ""
    match = _NAMED.search(failure.message)
    return match[1].strip().rpartition(".")[2].strip('"') if match else ""
