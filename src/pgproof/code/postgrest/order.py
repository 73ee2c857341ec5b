"""Order lists: `name.desc.nullslast,author(name).asc`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pgproof.code.postgrest.scan import HOLE, Scanner

_DIRECTION = re.compile(r"(?:\.(?:asc|desc))?(?:\.(?:nullsfirst|nullslast))?(?=[ \t]*(?:,|$))")


@dataclass(frozen=True, slots=True)
class Term:
    """A column that rows are ordered by, of the table itself or of an embedded `relation`.

    `known` is false when a name is filled in at run time.
    """

    column: str
    at: int
    relation: str = ""
    json: str = ""
    known: bool = True


def parse_order(text: str) -> tuple[Term, ...]:
    """Return the terms of an `order` parameter.

    Raises
    ------
    PostgrestSyntaxError
        When PostgREST refuses it.
    """
    scanner = Scanner(text)
    terms: list[Term] = []
    while True:
        terms.append(_term(scanner))
        scanner.blank()
        if scanner.ended():
            return tuple(terms)
        if not scanner.take(","):
            raise scanner.malformed("a comma or the end")


def _term(scanner: Scanner) -> Term:
    scanner.blank()
    at = scanner.at
    name = scanner.name()
    if name is None:
        raise scanner.malformed("a column")
    relation = ""
    if scanner.take("("):
        relation, at = name, scanner.at
        name = scanner.name()
        if name is None:
            raise scanner.malformed("a column")
        json = scanner.json()
        if not scanner.take(")"):
            raise scanner.malformed(")")
    else:
        json = scanner.json()
    if scanner.match(_DIRECTION) is None:
        raise scanner.malformed(".asc, .desc, .nullsfirst or .nullslast")
    return Term(name, at, relation, json, HOLE not in name and HOLE not in relation)
