"""libpg_query by ctypes: PostgreSQL's own parser, from the library that postgast brings.

Two C functions are enough. `pg_query_split_with_parser` parses and gives offsets; `pg_query_parse` gives JSON, which
has no depth limit, where postgast's protobuf stops at about 50 nested operators. postgast itself is never imported: it
would load protobuf, which costs 40 ms.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from pgproof.model.errors import PgproofError


class LibraryError(Exception):
    """What the C parser says: `position` counts characters from 0 (statements and nodes are placed in bytes)."""

    def __init__(self, message: str, position: int) -> None:
        """Keep the message and the position."""
        super().__init__(message)
        self.message = message
        self.position = position


class _Error(ctypes.Structure):
    _fields_ = (
        ("message", ctypes.c_char_p),
        ("funcname", ctypes.c_char_p),
        ("filename", ctypes.c_char_p),
        ("lineno", ctypes.c_int),
        ("cursorpos", ctypes.c_int),
        ("context", ctypes.c_char_p),
    )


class _ParseResult(ctypes.Structure):
    _fields_ = (
        ("parse_tree", ctypes.c_char_p),
        ("stderr_buffer", ctypes.c_char_p),
        ("error", ctypes.POINTER(_Error)),
    )


class _SplitStatement(ctypes.Structure):
    _fields_ = (("location", ctypes.c_int), ("length", ctypes.c_int))


class _SplitResult(ctypes.Structure):
    _fields_ = (
        ("statements", ctypes.POINTER(ctypes.POINTER(_SplitStatement))),
        ("count", ctypes.c_int),
        ("stderr_buffer", ctypes.c_char_p),
        ("error", ctypes.POINTER(_Error)),
    )


def parse_json(source: bytes) -> bytes:
    """Return the parse tree of `source` (UTF-8 without NUL) as JSON; LibraryError when it does not parse."""
    library = _library()
    result = library.pg_query_parse(source)
    try:
        if result.error:
            raise _raised(result.error.contents)
        return bytes(result.parse_tree)
    finally:
        library.pg_query_free_parse_result(result)


def split_offsets(source: bytes) -> list[tuple[int, int]]:
    """Return start and end of each statement of `source` in bytes; LibraryError when it does not parse."""
    library = _library()
    result = library.pg_query_split_with_parser(source)
    try:
        if result.error:
            raise _raised(result.error.contents)
        pieces = (result.statements[i].contents for i in range(result.count))
        return [(piece.location, piece.location + piece.length) for piece in pieces]
    finally:
        library.pg_query_free_split_result(result)


def _raised(error: _Error) -> LibraryError:
    return LibraryError(error.message.decode("utf-8", "replace"), max(error.cursorpos - 1, 0))


@cache
def _library() -> ctypes.CDLL:
    name = "libpg_query.dylib" if sys.platform == "darwin" else "libpg_query.so"
    found = find_spec("postgast")
    folders = found.submodule_search_locations if found else None
    if not folders:
        raise PgproofError("the SQL parser is not installed", "Install it: pip install postgast==0.2.0")
    try:
        library = ctypes.CDLL(str(Path(folders[0]) / name))
    except OSError as error:
        raise PgproofError(
            f"the SQL parser cannot be loaded: {error}",
            "pgproof needs the wheels of postgast for Linux with glibc, or macOS; on musl (Alpine) there is none.",
        ) from error
    for function, result in (("pg_query_parse", _ParseResult), ("pg_query_split_with_parser", _SplitResult)):
        getattr(library, function).argtypes = [ctypes.c_char_p]
        getattr(library, function).restype = result
    for function, result in (
        ("pg_query_free_parse_result", _ParseResult),
        ("pg_query_free_split_result", _SplitResult),
    ):
        getattr(library, function).argtypes = [result]
        getattr(library, function).restype = None
    return library
