"""The keys of the configuration: each with what it may hold and the field of Config that it fills."""

from __future__ import annotations

import codecs
import json
import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.util import find_spec
from typing import Any, TypeVar

from pgproof.model import Severity
from pgproof.model.spelling import did_you_mean
from pgproof.project.comments import day

T = TypeVar("T")
REQUIRABLE = ("live",)
_DURATION = re.compile(r"([1-9][0-9]{0,5}) ?(ms|s|min)")
_MILLISECONDS = {"ms": 1, "s": 1_000, "min": 60_000}
_SIZE = re.compile(r"([1-9][0-9]{0,5}) ?(MB|GB)")
_BYTES = {"MB": 1 << 20, "GB": 1 << 30}


class Unfit(Exception):  # noqa: N818 - half of a sentence, not an error that anyone sees
    """What a value should be, and what was probably meant."""

    def __init__(self, expected: str, hint: str = "") -> None:
        """`expected` follows "should be"."""
        super().__init__(expected)
        self.expected = expected
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Key:
    """A key that fills `field`. `read` returns its value or raises Unfit; a `secret` value is in no message."""

    field: str
    read: Callable[[Any], Any]
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A section whose keys are the project's own words: together they fill `field`, a mapping."""

    field: str
    read: Callable[[Any], Any]
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Entries:
    """A section whose keys are the project's own words, each with one or several tables of `keys`.

    A text stands for a table that has nothing but the key `short`, which none may lack. Together they fill `field`: a
    mapping from the word to the values of each of its tables.
    """

    field: str
    short: str
    keys: Keys


@dataclass(frozen=True, slots=True)
class Tables:
    """A section whose keys are the project's own words, each with a table of `keys`: `field` maps word to values."""

    field: str
    keys: Keys


@dataclass(frozen=True, slots=True)
class Section:
    """A section with `keys`, whose values stay together: they fill `field`, a mapping."""

    field: str
    keys: Keys


@dataclass(frozen=True, slots=True)
class Listed:
    """Sections of one name, `[[query]]`, each with `keys`: together they fill `field`, a list."""

    field: str
    keys: Keys


Keys = Mapping[str, "Key | Named | Entries | Tables | Section | Listed | Keys"]


def text(value: Any) -> str:
    """Read a string with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise Unfit("a string")
    return value


def texts(value: Any) -> tuple[str, ...]:
    """Read a list of strings."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise Unfit("a list of strings")
    return tuple(value)


def text_or_texts(value: Any) -> str | tuple[str, ...]:
    """Read a string, or a list of at least two different ones."""
    if not isinstance(value, list):
        return text(value)
    read = texts(value)
    if len(set(read)) < max(len(read), 2):
        raise Unfit("a string, or a list of several different strings")
    return read


def table_name(value: Any) -> tuple[str, str]:
    """Return the schema and the name of a table."""
    schema, _, name = text(value).rpartition(".")
    if not name or "." in schema:
        raise Unfit('the name of a table, with its schema unless that is public: "ops.migrations"')
    return schema or "public", name


def one_of(words: Iterable[str], make: Callable[[str], T]) -> Callable[[Any], T]:
    """Read one of some words."""
    known = tuple(words)

    def read(value: Any) -> T:
        if value not in known:
            hint = did_you_mean(value, known) if isinstance(value, str) else ""
            raise Unfit(f"one of {', '.join(map(json.dumps, known))}", hint)
        return make(value)

    return read


def some_of(words: Iterable[str]) -> Callable[[Any], frozenset[str]]:
    """Read a list of some words."""
    known = tuple(words)

    def read(value: Any) -> frozenset[str]:
        for item in texts(value):
            if item not in known:
                raise Unfit(f"a list of {', '.join(map(json.dumps, known))}", did_you_mean(item, known))
        return frozenset(value)

    return read


def major(value: Any) -> int:
    """Read a major version."""
    if not isinstance(value, int) or isinstance(value, bool) or not 10 <= value <= 99:
        raise Unfit("a major version as a number, such as 16")
    return value


def flag(value: Any) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise Unfit("true or false")
    return value


def until(value: Any) -> date:
    """Read the last day on which something holds: a date of TOML, or the same as a string."""
    read = day(value) if isinstance(value, str) else value
    if not isinstance(read, date) or isinstance(read, datetime):
        raise Unfit("a day, such as 2027-01-31")
    return read


def codec(value: Any) -> str:
    """Read the name of an encoding of text: Python calls transformations (rot13, base64) codecs too."""
    try:
        name = codecs.lookup(text(value)).name
        b"text".decode(name)
    except (LookupError, ValueError):
        raise Unfit('the name of an encoding, such as "utf-8" or "latin1"') from None
    return name


def milliseconds(value: Any) -> int:
    """Read a duration with its unit, one of PostgreSQL's (manual, 20.1.1)."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise Unfit('a duration with its unit, such as "500ms", "30s" or "2min"')
    return int(match[1]) * _MILLISECONDS[match[2]]


def size(value: Any) -> int:
    """Read a size with its unit, one of PostgreSQL's (manual, 20.1.1); return the bytes."""
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise Unfit('a size with its unit, such as "512MB" or "4GB"')
    return int(match[1]) * _BYTES[match[2]]


def count(value: Any) -> int:
    """Read a number of things, at least one."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise Unfit("a number of at least 1")
    return value


def layout_names() -> tuple[str, ...]:
    """Return the names of all layouts; none is imported."""
    package = find_spec("pgproof.migrations.layouts")
    assert package is not None
    return tuple(sorted(module.name for module in pkgutil.iter_modules(package.submodule_search_locations)))


def platform_names() -> tuple[str, ...]:
    """Return the names of all platforms."""
    from pgproof import platforms

    return platforms.names()


IGNORE = Entries(
    "ignore", "reason", {"subject": Key("subject", text), "reason": Key("reason", text), "until": Key("until", until)}
)
KEYS: Keys = {
    "extends": Key("extends", text),
    "migrations": Key("migrations", text_or_texts),
    "layout": Key("layout", lambda value: one_of(layout_names(), str)(value)),
    "history": Key("history", table_name),
    "encoding": Key("encoding", codec),
    "live": Key("live", text, secret=True),
    "base": Key("base", text, secret=True),
    "fail_on": Key("fail_on", one_of(Severity, Severity)),
    "require": Key("require", some_of(REQUIRABLE)),
    "server": Key("server", major),
    "platform": Key("platform", lambda value: one_of(platform_names(), str)(value)),
    "ignore_schemas": Key("ignore_schemas", texts),
    "ignore": IGNORE,
    "baseline": Key("baseline", text),
    "roles": Named("roles", text),
    "replay": {
        "command": Key("replay_command", text),
        "environment": Named("replay_environment", text, secret=True),
        "statement_timeout": Key("statement_timeout_ms", milliseconds),
        "timeout": Key("replay_timeout_ms", milliseconds),
        "memory": Key("memory_bytes", size),
        "disk": Key("disk_bytes", size),
        "output": Key("output_bytes", size),
        "objects": Key("objects", count),
        "extensions": Key("replay_extensions", texts),
        "search_path": Key("search_path", text),
        "plpgsql_check": Key("plpgsql_check", flag),
    },
}
