"""The name of a database object, unique in its database without OIDs."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")
ROUTINES = ("function", "procedure", "aggregate")
WITHOUT_SCHEMA = ("cast", "default privileges", "security label", "user mapping")
"""The kinds whose names have several parts, the first of which is no schema."""


@dataclass(frozen=True, slots=True, order=True)
class ObjectName:
    """A kind and the parts that make the object unique in its database.

    The parts of the kinds: `schema` (name); `table`, `view`, `sequence`, `index`, `type`… (schema, name); `column`,
    `constraint`, `trigger`, `policy` (schema, table, name); `function`, `procedure`, `aggregate` (schema, name,
    argument types as `integer, text`); `operator` likewise; `operator class`, `operator family` (schema, name, access
    method); `publication table` (schema, table, publication); `publication schema` (schema, publication); `extension`,
    `event trigger`, `publication`, `server`… (name); `cast` (source type, target type); `user mapping` (server, role);
    `default privileges` (role, schema or "", object type); `security label` (type, identity, provider).
    """

    kind: str
    parts: tuple[str, ...]

    @property
    def schema(self) -> str:
        """The schema's name, or `""` for an object that lives in none."""
        if self.kind in WITHOUT_SCHEMA:
            return ""
        return self.parts[0] if len(self.parts) > 1 or self.kind == "schema" else ""

    @property
    def spelled(self) -> str:
        """The name as SQL writes it, with line feeds and all."""
        form = _FORMS.get(self.kind, "")
        if form.count("{") != len(self.parts):
            return ".".join(map(quoted, self.parts))
        plain, sql = zip(*((part, quoted(part)) for part in self.parts), strict=True)
        if self.kind == "default privileges" and not plain[1]:
            form = form.replace(" in schema {q[1]}", "")
        return form.format(p=plain, q=sql)

    def __str__(self) -> str:
        """Return the name as SQL would write it, control characters escaped so that it stays on its line."""
        return _one_line(self.spelled)


def quoted(identifier: str) -> str:
    """Quote an identifier where its spelling needs it (key words are left alone: this is for people, not for SQL)."""
    return identifier if _PLAIN.fullmatch(identifier) else '"' + identifier.replace('"', '""') + '"'


_FORMS = {
    **dict.fromkeys(ROUTINES, "{q[0]}.{q[1]}({p[2]})"),
    "operator": "{q[0]}.{p[1]}({p[2]})",
    **dict.fromkeys(("operator class", "operator family"), "{q[0]}.{q[1]} using {q[2]}"),
    "cast": "({p[0]} as {p[1]})",
    "user mapping": "for {q[1]} server {q[0]}",
    "default privileges": "for role {q[0]} in schema {q[1]} on {p[2]}",
    "security label": "for {q[2]} on {p[0]} {p[1]}",
}
"""How SQL spells the names that are more than parts with dots; `p` are the parts as they are, `q` quoted."""


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
