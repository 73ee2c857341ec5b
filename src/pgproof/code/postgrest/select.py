"""Select lists: `id,total:amount.sum(),author:users!fk!inner(name,...team(*))`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pgproof.code.postgrest.scan import HOLE, PostgrestSyntaxError, Scanner

_AGGREGATE = re.compile(r"\.(sum|avg|count|max|min)\(\)")
_CAST = re.compile(r"::([\w $]+)")
_DEPTH = 60
"""Relations in relations that are read; nobody writes more, and each costs a call of the reader."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a select list; `name` is `*` for all of them, and for `count()`, which has `aggregate` only.

    `count` alone, without an alias of its own or parentheses, is PostgreSQL's functional notation: the number of rows
    unless there is such a column.
    """

    name: str
    at: int
    alias: str = ""
    json: str = ""
    cast: str = ""
    aggregate: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """An embedded relation; `hint` is a foreign key, a column or a relation between the two."""

    name: str
    at: int
    alias: str = ""
    hint: str = ""
    hint_at: int = 0
    inner: bool = False
    spread: bool = False
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """An item, or several, whose names are filled in at run time."""

    at: int


Item = Column | Relation | Filled


def parse_select(text: str) -> tuple[Item, ...]:
    """Return the items of a select list; white space outside quotes has no meaning (both clients remove it).

    Raises
    ------
    PostgrestSyntaxError
        When PostgREST refuses it.
    """
    kept = _kept(text)
    try:
        scanner = Scanner("".join(text[i] for i in kept))
        items = _items(scanner, 0)
        if not scanner.ended():
            raise scanner.malformed("a comma or the end")
    except PostgrestSyntaxError as error:
        at = kept[error.at] if error.at < len(kept) else len(text)
        raise PostgrestSyntaxError(at, error.reason, error.certain) from None
    return tuple(_placed(item, kept) for item in items)


def _kept(text: str) -> list[int]:
    """Return the offsets of what is left when the clients have removed white space."""
    kept: list[int] = []
    quoted = False
    for i, character in enumerate(text):
        if character.isspace() and not quoted:
            continue
        if character == '"':
            quoted = not quoted
        kept.append(i)
    return kept


def _placed(item: Item, kept: list[int]) -> Item:
    if isinstance(item, Column):
        return Column(item.name, kept[item.at], item.alias, item.json, item.cast, item.aggregate)
    if isinstance(item, Filled):
        return Filled(kept[item.at])
    inside = tuple(_placed(one, kept) for one in item.items)
    hint_at = kept[item.hint_at]
    return Relation(item.name, kept[item.at], item.alias, item.hint, hint_at, item.inner, item.spread, inside)


def _items(scanner: Scanner, depth: int) -> list[Item]:
    """Read items up to a closing parenthesis or the end (both clients send an empty list as it is)."""
    if depth > _DEPTH:
        raise PostgrestSyntaxError(scanner.at, "relations are nested too deeply to be read", certain=False)
    items: list[Item] = []
    if scanner.ended() or scanner.sees(")"):
        return items
    while True:
        items.append(_item(scanner, depth))
        if not scanner.take(","):
            return items


def _item(scanner: Scanner, depth: int) -> Item:
    start = scanner.at
    if scanner.take("..."):
        return _relation(scanner, start, "", depth, spread=True)
    if scanner.take("*"):
        return _ended(scanner, Column("*", start))
    name = scanner.name()
    alias = ""
    if name is not None and scanner.sees(":") and not scanner.sees("::"):
        scanner.at += 1
        alias, start = name, scanner.at
        name = scanner.name()
    if name is None:
        raise scanner.malformed("a column or a relation")
    if name == "count" and scanner.take("()"):
        cast = scanner.match(_CAST)
        return _ended(scanner, Column("*", start, alias, cast=cast[1] if cast else "", aggregate="count"))
    if scanner.sees("(") or scanner.sees("!"):
        scanner.at = start
        return _relation(scanner, start, alias, depth, spread=False)
    json = scanner.json()
    cast = scanner.match(_CAST)
    aggregate = scanner.match(_AGGREGATE)
    scanner.match(_CAST)
    column = Column(name, start, alias, json, cast[1] if cast else "", aggregate[1] if aggregate else "")
    return _ended(scanner, Filled(start) if HOLE in name else column)


def _ended(scanner: Scanner, item: Item) -> Item:
    if scanner.ended() or scanner.sees(",") or scanner.sees(")"):
        return item
    raise scanner.malformed("a comma or the end of the column")


def _relation(scanner: Scanner, start: int, alias: str, depth: int, spread: bool) -> Item:
    at = scanner.at
    name = scanner.name()
    if name is None:
        raise scanner.malformed("a relation")
    hint, hint_at, inner = "", at, False
    for _ in range(2):
        if not scanner.take("!"):
            break
        place = scanner.at
        word = scanner.name()
        if word is None:
            raise scanner.malformed("a hint, inner or left")
        if word in ("inner", "left"):
            inner = inner or word == "inner"
        elif not hint:
            hint, hint_at = word, place
    if not scanner.take("("):
        raise scanner.malformed("(")
    items = _items(scanner, depth + 1)
    if not scanner.take(")"):
        raise scanner.malformed(")")
    if HOLE in name or HOLE in hint:
        return Filled(start)
    return Relation(name, at, alias, hint, hint_at, inner, spread, tuple(items))
