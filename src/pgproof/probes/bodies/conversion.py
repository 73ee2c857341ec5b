"""Assignments that fail for every value: without a cast PL/pgSQL converts through text (manual, section 43.5.2)."""

from __future__ import annotations

_COMPOSITE = ("c",)
_ROW = "record"
_DATETIME, _TIMESPAN, _BOOLEAN, _ARRAY = "D", "T", "B", "A"
_INTEGERS = ("smallint", "integer", "bigint")
_JSON = ("json", "jsonb")
_DATETIMES_OF_TEXT = ("date", "timestamp without time zone", "timestamp with time zone")


def never_converts(here: str, kind: str, source: str, wanted: str, target: str) -> tuple[str, str]:
    """Return the SQLSTATE and a message when no value of `source` can become one of `target`, else two empty texts.

    `here` is the source's category (pg_type.typcategory), `kind` and `wanted` are the two types' own kinds (typtype).
    """
    to_row = wanted in _COMPOSITE or target == _ROW
    of_row = kind in _COMPOSITE or source == _ROW
    if to_row and not of_row and kind == "b" and here not in ("S", "X"):
        return "42804", f"a value of type {source} is no row, as {target} needs one"
    if to_row or wanted == "p":
        return "", ""
    if source in _JSON and target.endswith("[]"):
        return "22P02", f"no {source} array can become {target}: its text is [...], not {{...}}"
    if _never(here, source, of_row, target):
        return "22P02", f"no value of type {source} can become {target}: there is no cast, and its text is none"
    return "", ""


def _never(here: str, source: str, of_row: bool, target: str) -> bool:
    is_number = target in (*_INTEGERS, "numeric", "real", "double precision")
    if of_row:
        return is_number or target in ("boolean", "uuid", *_JSON, *_DATETIMES_OF_TEXT)
    if here == _ARRAY:
        return is_number or target in ("boolean", "uuid", *_DATETIMES_OF_TEXT)
    if here in (_DATETIME, _TIMESPAN):
        return is_number or target in ("boolean", "uuid") or target.endswith("[]")
    if here == _BOOLEAN:
        return is_number or target in ("uuid", *_DATETIMES_OF_TEXT)
    if source == "uuid":
        return is_number or target in ("boolean", *_DATETIMES_OF_TEXT, *_JSON)
    if source in _JSON:
        return target in ("uuid", *_DATETIMES_OF_TEXT)
    return source in _INTEGERS and target == "uuid"
