"""Values of PostgreSQL's own types, and of extensions' well-known ones, as text that their input functions read.

The first value of a type is the plainest one; the others differ from it and from each other in what constraints tend
to look at: sign, size, length, order in time (manual, chapter 8).
"""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Iterator

_INTEGERS = ("1", "2", "3", "0", "10", "100", "5", "50", "-1", "7", "12", "30", "1000", "2024", "443", "90", "20")
_TEXTS = (
    "a",
    "b",
    "abc",
    "a1b2c3",
    "",
    "someone@example.com",
    "https://example.com/a",
    "a-b",
    "+15551234567",
    "en",
    "USD",
    "#aabbcc",
    "A",
    "1",
    "2024-01-15",
    "10:30",
    "#fff",
    "AB12",
    "example.com",
    "0x" + "ab" * 20,
    "{}",
    "Name With Spaces",
    "abcdefgh12345678",
    "a" * 64,
    "a_b",
    "1.0.0",
    "en-US",
    "/a/b",
    "00000000-0000-4000-8000-000000000001",
    "x" * 300,
    " a ",
)
_TIMES = (
    "2024-01-15 12:00:00",
    "2024-01-15 13:00:00",
    "2024-01-16 12:00:00",
    "2024-01-18 12:00:00",
    "2024-01-22 12:00:00",
    "2024-02-15 12:00:00",
    "2025-01-15 12:00:00",
    "2001-01-01 00:00:00",
    "2099-01-01 00:00:00",
    "2098-12-31 00:00:00",
    "now",
    "tomorrow",
    "yesterday",
)
_DATES = tuple(time.split(" ")[0] for time in _TIMES)
_JSON = ("{}", "[]", '{"a": 1}', '"a"', "1", "true", "null", '["a"]', '[{"a": 1}]', '{"b": "c"}')

_LISTED: dict[str, tuple[str, ...]] = {
    "boolean": ("true", "false"),
    **dict.fromkeys(("smallint", "integer", "bigint", "oid", "xid", "xid8"), _INTEGERS),
    **dict.fromkeys(("numeric", "real", "double precision"), (*_INTEGERS, "0.5", "0.25", "99.99", "-0.5", "0.01")),
    "money": ("1.00", "0", "10.00", "-1.00"),
    **dict.fromkeys(("text", "character varying", "character", "name", "citext"), _TEXTS),
    '"char"': ("a", "b", "c", "i", "r"),
    **dict.fromkeys(("timestamp without time zone", "timestamp with time zone"), _TIMES),
    "date": _DATES,
    **dict.fromkeys(("time without time zone", "time with time zone"), ("09:00", "17:00", "00:00", "23:59", "12:30")),
    "interval": ("1 day", "1 hour", "00:00", "7 days", "30 days", "-1 day", "1 year"),
    "json": _JSON,
    "jsonb": _JSON,
    "bytea": ("\\x01", "\\x02", "\\x", "\\x" + "ab" * 32, "\\x" + "ab" * 16, "\\x" + "cd" * 20, "\\x" + "ab" * 64),
    "inet": ("192.0.2.1", "192.0.2.2", "192.0.2.0/24", "2001:db8::1", "::/0"),
    "cidr": ("192.0.2.0/24", "198.51.100.0/24", "2001:db8::/32", "192.0.2.1/32"),
    "macaddr": ("02:00:00:00:00:01", "02:00:00:00:00:02"),
    "macaddr8": ("02:00:00:ff:fe:00:00:01", "02:00:00:ff:fe:00:00:02"),
    "bit": ("1", "0", "101"),
    "bit varying": ("1", "0", "101", ""),
    "point": ("(1,2)", "(0,0)", "(3,4)"),
    "line": ("{1,2,3}", "{1,-1,0}"),
    "lseg": ("[(0,0),(1,1)]", "[(0,0),(2,3)]"),
    "box": ("(2,2),(1,1)", "(9,9),(5,5)"),
    "path": ("((0,0),(1,1),(1,0))", "[(0,0),(1,1)]"),
    "polygon": ("((0,0),(1,1),(1,0))", "((5,5),(6,6),(6,5))"),
    "circle": ("<(0,0),1>", "<(9,9),2>"),
    "tsvector": ("'a'", "'b':1", ""),
    "tsquery": ("'a'", "'b'"),
    "xml": ("<a/>", "<b/>"),
    "jsonpath": ("$", "$.a"),
    "pg_lsn": ("0/1", "0/2"),
    "txid_snapshot": ("1:1:", "1:2:"),
    "pg_snapshot": ("1:1:", "1:2:"),
    "tid": ("(0,1)", "(0,2)"),
    "cid": ("1", "2"),
    "refcursor": ("a", "b"),
    "int2vector": ("1", "1 2"),
    "oidvector": ("1", "1 2"),
    "regclass": ("pg_catalog.pg_class", "pg_catalog.pg_type"),
    "regtype": ("integer", "text"),
    "regproc": ("pg_catalog.now", "pg_catalog.version"),
    "regprocedure": ("pg_catalog.now()", "pg_catalog.version()"),
    "regoper": ("pg_catalog.||/", "pg_catalog.|/"),
    "regoperator": ("pg_catalog.+(integer,integer)", "pg_catalog.-(integer,integer)"),
    "regnamespace": ("pg_catalog", "public"),
    "regrole": ("postgres", "pg_monitor"),
    "regcollation": ('pg_catalog."C"', 'pg_catalog."default"'),
    "regconfig": ("pg_catalog.simple", "pg_catalog.english"),
    "regdictionary": ("pg_catalog.simple",),
    "hstore": ("a=>1", "b=>2", ""),
    "ltree": ("a.b", "c", "a.b.c"),
    "lquery": ("a.*", "*"),
    "ltxtquery": ("a", "b"),
    "cube": ("(0)", "(1,2)"),
    "seg": ("1", "2 .. 3"),
    **dict.fromkeys(
        ("geometry", "geography"),
        (
            "POINT(1 2)",
            "POINT(3 4)",
            "LINESTRING(0 0,1 1)",
            "POLYGON((0 0,1 1,1 0,0 0))",
            "MULTIPOLYGON(((0 0,1 1,1 0,0 0)))",
        ),
    ),
    "isbn13": ("978-0-306-40615-7",),
    "semver": ("1.0.0", "2.0.0"),
}
_UNKNOWN = ("1", "a", "{}", "(1,2)", "")
"""Tried for a type that this list does not know."""

_FRESH_INTEGERS = frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision", "oid", "money"})
_FRESH_TEXTS = frozenset({"text", "character varying", "character", "name", "citext"})


def listed(name: str, modifier: str) -> Iterator[str]:
    """Yield values of a type that is called `name` (without schema), `modifier` is the text in its parentheses."""
    if name in ("vector", "halfvec", "sparsevec"):
        yield from _vectors(name, int(modifier) if modifier.isdigit() else 3)
    elif name == "uuid":
        yield from (fresh("uuid", str(number)) for number in range(6))
    elif name in ("bit", "bit varying"):
        length = int(modifier) if modifier.isdigit() else 1
        yield from ("1" * length, "0" * length)
    else:
        yield from _LISTED.get(name, _UNKNOWN)


def is_listed(name: str) -> bool:
    """Whether this is a type of the system by its name."""
    return name in _LISTED or name == "uuid"


def fresh(name: str, what: str) -> str:
    """Return a value that is in no list, the same for the same `what`; `""` for a type with few values."""
    number = int.from_bytes(hashlib.sha256(what.encode()).digest()[:4])
    if name == "uuid":
        return str(uuid.UUID(int=random.Random(what).getrandbits(128), version=4))
    if name in _FRESH_INTEGERS:
        return str(3_000 + number % 25_000)
    if name in _FRESH_TEXTS:
        return f"v{number}"
    if name.startswith("timestamp"):
        return f"2024-03-{1 + number % 28:02} {number % 24:02}:{number % 60:02}:00"
    if name == "date":
        return f"20{10 + number % 80}-{1 + number % 12:02}-{1 + number % 28:02}"
    if name in ("jsonb", "json"):
        return f'{{"a": {number}}}'
    if name == "bytea":
        return f"\\x{number:08x}"
    if name in ("inet", "cidr"):
        return f"10.{number % 256}.{number // 256 % 256}.{number // 65536 % 256}"
    if name.startswith("time "):
        return f"{number % 24:02}:{number // 24 % 60:02}:{number // 1440 % 60:02}"
    if name == "interval":
        return f"{number} seconds"
    if name == "macaddr":
        return "02:00:" + ":".join(f"{byte:02x}" for byte in number.to_bytes(4))
    return ""


def _vectors(name: str, dimensions: int) -> Iterator[str]:
    if name == "sparsevec":
        yield f"{{1:1}}/{dimensions}"
        yield f"{{1:2}}/{dimensions}"
    else:
        for first in ("1", "2", "0.5"):
            yield "[" + ",".join([first, *["0"] * (dimensions - 1)]) + "]"
