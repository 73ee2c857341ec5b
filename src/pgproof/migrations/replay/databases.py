r"""Scripts that go from one database to another (`\connect`): which is the project's, and what is for the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from pgproof.sql.step import Broken, Refused, Step

FIRST = ""
"""Stands for the database that a script is run in, as long as it goes nowhere."""
_CONNECTS = re.compile(r"^\s*\\c(?:onnect)?(?=\s|$)[ \t]*(?P<to>[^\n]*)", re.MULTILINE)
_DBNAME = re.compile(r"\bdbname\s*=\s*(?:'([^']*)'|([^\s'\"]+))")
_MAKES = re.compile(
    r"\bcreate\s+(?:or\s+replace\s+)?(?:\w+\s+){0,2}?(?:table|view|function|procedure|type|domain|index|sequence|trigger"
    r"|policy|schema)\b|\balter\s+table\b",
    re.IGNORECASE,
)
_OF_THE_SERVER = frozenset({"postgres", "template0", "template1"})
"""Databases that every server has: other ones are made from there."""


def main_database(texts: Iterable[str]) -> str:
    r"""Return the database that the scripts are about: the first one, or the one that most is made in.

    psql connects each script to the first one; what makes something there is the project's.
    """
    made: Counter[str] = Counter()
    for text in texts:
        place, begins = FIRST, 0
        for found in _CONNECTS.finditer(text) if "\\c" in text else ():
            made[place] += len(_MAKES.findall(text, begins, found.start()))
            place, begins = _target(found["to"], place), found.end()
        if place != FIRST or begins:
            made[place] += len(_MAKES.findall(text, begins))
        elif not made[FIRST] and _MAKES.search(text):
            made[FIRST] = 1
    if made[FIRST] or not made.total():
        return FIRST
    own = {name: count for name, count in made.items() if name not in _OF_THE_SERVER} or made
    return max(own, key=lambda name: (own[name], name))


def in_database(steps: Iterable[Step], main: str) -> Iterator[Step]:
    r"""Yield the steps that are for the database `main`; those for another one are refused.

    A `\connect` that leads to it leads nowhere else, so that nothing is said of it.
    """
    place = FIRST
    for step in steps:
        if isinstance(step, Refused) and (found := _CONNECTS.match(step.text)):
            place = _target(found["to"], place)
            if place != main or main == FIRST:
                yield step
        elif place in (FIRST, main) or isinstance(step, Refused):
            yield step
        else:
            text = step.text if isinstance(step, Broken) else step.statement.text
            yield Refused(f"it is for another database, {place}", step.location, text)


def _target(arguments: str, place: str) -> str:
    """Return the database that the arguments of a command name; `-` and no name stand for the one that is left."""
    for word in arguments.split("--")[0].split():
        if word.startswith("-reuse-previous"):
            continue
        if inner := _DBNAME.search(arguments):
            return inner[1] or inner[2]
        name = word.strip("'\";")
        return place if name in ("-", "") else name
    return place
