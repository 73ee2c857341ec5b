"""What a filter compares, `relation.column->a->>b`, and plain lists of columns."""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.code.postgrest.scan import HOLE, PostgrestSyntaxError, Scanner


@dataclass(frozen=True, slots=True)
class Path:
    """A column, the embedded relations to go through, and the path into its JSON value.

    `at` is where the column's name stands, `known` false when a part of a name is filled in at run time.
    """

    column: str
    at: int
    relation: tuple[str, ...] = ()
    json: str = ""
    known: bool = True


def parse_path(text: str) -> Path:
    """Return what a filter's column names.

    Raises
    ------
    PostgrestSyntaxError
        When PostgREST refuses it. What follows the path is ignored there, and refused here.
    """
    scanner = Scanner(text)
    names: list[str] = []
    while True:
        at = scanner.at
        name = scanner.name()
        if name is None:
            raise scanner.malformed("a column")
        names.append(name)
        if not scanner.take("."):
            break
    json = scanner.json()
    if not scanner.ended():
        raise scanner.malformed("the end of the column")
    return Path(names[-1], at, tuple(names[:-1]), json, all(HOLE not in name for name in names))


def parse_names(text: str) -> tuple[tuple[str, int], ...]:
    """Return the columns of a list as in `on_conflict`, each with its offset; a name may hold a `HOLE`.

    Raises
    ------
    PostgrestSyntaxError
        When PostgREST refuses it.
    """
    scanner = Scanner(text)
    names: list[tuple[str, int]] = []
    while True:
        scanner.blank()
        at = scanner.at
        name = scanner.name()
        if name is None:
            raise scanner.malformed("a column")
        names.append((name, at))
        scanner.blank()
        if scanner.ended():
            return tuple(names)
        if not scanner.take(","):
            raise PostgrestSyntaxError(scanner.at, "no comma between two columns", HOLE not in text)
