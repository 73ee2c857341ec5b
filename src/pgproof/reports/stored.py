"""A stored result, read back."""

from __future__ import annotations

import json

from pgproof.judge.result import SCHEMA_VERSION, Result
from pgproof.model.errors import UsageError
from pgproof.reports.codec import DecodeError, decode

_WAY_OUT = "Store a result with: pgproof check --format json=result.json"


def load(text: str) -> Result:
    """Return the result that `text`, made by the format `json`, holds.

    Raises UsageError, naming the place, for what is no such document or has another schema version.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"this is not a stored result: it is not JSON ({error})", _WAY_OUT) from error
    version = document.pop("schema_version", None) if isinstance(document, dict) else None
    if type(version) is not int or version != SCHEMA_VERSION:
        raise UsageError(f"this is not a stored result of schema version {SCHEMA_VERSION}: {_found(version)}", _WAY_OUT)
    try:
        return decode(Result, document)
    except DecodeError as error:
        raise UsageError(f"this is not a stored result: {error.path} {error.problem}", _WAY_OUT) from error


def _found(version: object) -> str:
    if type(version) is int:
        return f"{'a newer' if version > SCHEMA_VERSION else 'an older'} pgproof wrote it, with version {version}"
    return "it names no version" if version is None else f"it says {json.dumps(version)[:60]}"
