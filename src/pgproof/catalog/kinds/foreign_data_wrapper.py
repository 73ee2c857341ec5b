"""Foreign-data wrappers (pg_foreign_data_wrapper; manual, CREATE FOREIGN DATA WRAPPER)."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.catalog.fragments import (
    comments,
    function_of,
    masked_options,
    no_member,
    options_clause,
    privileges,
    role,
)
from pgproof.catalog.kind import Effect, Kind
from pgproof.catalog.names import own, routine_of
from pgproof.catalog.object import Object
from pgproof.model import ObjectName

QUERY = f"""
select w.oid, 0 as subid, array[w.fdwname] as name,
  {function_of("w.fdwhandler")} as handler,
  {function_of("w.fdwvalidator")} as validator,
  {masked_options("w.fdwoptions")} as options,
  {role("w.fdwowner")} as owner,
  {privileges("F", "w.fdwacl", "w.fdwowner")} as privileges,
  d.description as comment
from pg_catalog.pg_foreign_data_wrapper w
{comments("w.oid", "pg_foreign_data_wrapper")}
where {no_member("w.oid", "pg_foreign_data_wrapper")}
"""


def create(wrapper: Object) -> Iterator[str]:
    """Make the wrapper; its functions are named without their arguments."""
    value = wrapper.attributes
    words = [f"create foreign data wrapper {own(wrapper.name)}"]
    for what in ("handler", "validator"):
        if value[what]:
            words.append(f"{what} {str(value[what]).removesuffix(f'({routine_of(str(value[what]))[-1]})')}")
    yield " ".join(words) + options_clause(value["options"])


def belongs(wrapper: Object) -> Iterator[ObjectName]:
    """A wrapper goes with its functions."""
    for what in ("handler", "validator"):
        if wrapper.attributes[what]:
            yield ObjectName("function", routine_of(str(wrapper.attributes[what])))


KIND = Kind(
    "foreign data wrapper",
    catalog="pg_foreign_data_wrapper",
    query=lambda _: QUERY,
    attributes={
        "handler": Effect.INTEGRITY,
        "validator": Effect.INTEGRITY,
        "options": Effect.INTEGRITY,
        "owner": Effect.SECURITY | Effect.ROLE,
        "privileges": Effect.SECURITY | Effect.ROLES,
        "comment": Effect.COSMETIC,
    },
    create=create,
    belongs=belongs,
    grant="foreign data wrapper",
)
