"""The name of a database object, unique in its database without OIDs."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")
ROUTINES = ("function", "procedure", "aggregate")


@dataclass(frozen=True, slots=True, order=True)
class ObjectName:
    """A kind and the parts that make the object unique in its database.

    The parts of the kinds: `schema` (name); `table`, `view`, `sequence`, `index`, `type`… (schema, name); `column`,
    `constraint`, `trigger`, `policy` (schema, table, name); `function`, `procedure`, `aggregate` (schema, name,
    argument types as `integer, text`); `extension` (name).
    """

    kind: str
    parts: tuple[str, ...]

    @property
    def schema(self) -> str:
        """The schema's name, or `""` for an object that lives in none."""
        return self.parts[0] if len(self.parts) > 1 or self.kind == "schema" else ""

    @property
    def spelled(self) -> str:
        """The name as SQL writes it, with line feeds and all."""
        if self.kind in ROUTINES:
            *path, arguments = self.parts
            return f"{'.'.join(map(quoted, path))}({arguments})"
        return ".".join(map(quoted, self.parts))

    def __str__(self) -> str:
        """Return the name as SQL would write it, control characters escaped so that it stays on its line."""
        return _one_line(self.spelled)


def quoted(identifier: str) -> str:
    """Quote an identifier where its spelling needs it (key words are left alone: this is for people, not for SQL)."""
    return identifier if _PLAIN.fullmatch(identifier) else '"' + identifier.replace('"', '""') + '"'


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
