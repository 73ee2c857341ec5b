"""Failures that another major version of PostgreSQL, or another build of it, may not have.

The others are not worth a second replay.
"""

from __future__ import annotations

import re

from pgproof.evidence.chains import missing
from pgproof.evidence.limits import SYNTAX_ERROR, limit
from pgproof.migrations.observation import Observation

_OF_A_VERSION = {
    "0A000",  # feature_not_supported
    "0LP01",  # invalid_grant_operation
    "22023",  # invalid_parameter_value
    "42704",  # undefined_object: a type, a setting
    "42809",  # wrong_object_type
    "42883",  # undefined_function
    "42P13",  # invalid_function_definition
    "42P17",  # invalid_object_definition
    "42P22",  # indeterminate_collation
}
"""Not: a relation or a column that does not exist, an object that exists already, a row that is refused."""

NO_ICU = "ICU is not supported in this build"
_NEWER_THAN_THE_PARSER = re.compile(r"\b(?:virtual|period|overlaps|enforced|old|new|not\s+valid)\b", re.IGNORECASE)
"""Words of the syntax of PostgreSQL 18 (release notes, E.3): pgproof's parser is of 17."""


def depends_on_version(observation: Observation) -> bool:
    """Say whether a statement that failed may work on another major version, or in another build."""
    failure = observation.failure
    if failure and failure.message == NO_ICU:
        return True
    if failure is None or limit(observation):
        return False
    if failure.sqlstate == SYNTAX_ERROR:
        return bool(observation.node) or _NEWER_THAN_THE_PARSER.search(observation.text) is not None
    if failure.sqlstate not in _OF_A_VERSION:
        return False
    missed = missing(observation)
    if missed is None:
        return True
    built_in = missed.kind in (
        "function",
        "type",
        "operator",
        "access method",
        "operator class",
        "collation",
        "language",
    )
    return built_in and missed.schema in ("", "pg_catalog") and observation.node != "CreateTrigStmt"
