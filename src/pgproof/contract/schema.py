"""A catalog as a contract looks at it: names without schemas are found, and what belongs to a table is at hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from pgproof.catalog.object import Catalog, Object
from pgproof.contract.answer import Answer, fails, unknown
from pgproof.contract.canonical import Ask
from pgproof.contract.need import Path
from pgproof.contract.wording import path as written
from pgproof.model import ObjectName
from pgproof.model.spelling import did_you_mean

PUBLIC = "public"
IN_DOUBT = "what the replay could not run mentions it"
MAY_BE_OLDER = "it may be one of those that were there before the first migration"
OF_A_RELATION = ("column", "constraint", "index", "policy", "trigger")
HINTS = 100
"""Names are looked up for what they may have meant so often at most: in a wrong database everything is missing."""
RELATIONS = ("table", "view", "materialized view", "foreign table")
ROUTINES = ("function", "procedure", "aggregate")
OF_A_TABLE = ("policy", "trigger", "constraint")


@dataclass(slots=True)
class Schema:
    """The index of a catalog; made once a run.

    `unknown` are the names, as (schema or "", name), that nobody knows the state of: what is not there under such a
    name may be there. `incomplete` says that more is there than anybody could read: what came before the first
    migration. `brought` says which extension that is installed makes an object, as (kind, schema, name): the members
    of extensions are in no catalog. `canonical` holds what a server said of spellings, `asked` what it is to be asked.
    """

    catalog: Catalog
    unknown: Collection[tuple[str, str]] = frozenset()
    incomplete: bool = False
    brought: Callable[[str, str, str], str] = lambda *_: ""
    canonical: Mapping[Ask, str] = field(default_factory=dict)
    asked: dict[Ask, None] = field(default_factory=dict)
    _by_name: dict[str, list[ObjectName]] = field(default_factory=dict)
    _columns: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    _hints: int = HINTS
    _of_table: dict[tuple[str, ...], list[Object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index the names."""
        for name in self.catalog.objects:
            if name.kind in RELATIONS or name.kind in ROUTINES:
                self._by_name.setdefault(name.parts[1], []).append(name)

    def get(self, kind: str, *parts: str) -> Object | None:
        """Return the object of that very name."""
        return self.catalog.objects.get(ObjectName(kind, parts))

    def relation(self, path: Path, kind: str = "") -> Object | Answer:
        """Return the relation that a name means, or why there is none."""
        kinds = (kind,) if kind else RELATIONS
        found = [name for name in self._named(path, RELATIONS) if name.kind in kinds]
        if len(found) == 1:
            return self.catalog.objects[found[0]]
        if found:
            return unknown(f"{written(path)} is in several schemas: {', '.join(map(str, sorted(found)))}", found[0])
        missing = ObjectName(kind or "table", self.full(path))
        other = [name for name in self._named(path, RELATIONS) if name.kind not in kinds]
        if other:
            return fails(other[0], f"is a {other[0].kind}, not a {kind}")
        return fails(missing, f"is not there{self.similar_relation(path)}")

    def column(self, path: Path, name: str) -> Object | Answer:
        """Return the column that a name means, or why there is none."""
        relation = self.relation(path)
        if isinstance(relation, Answer):
            if len(path) == 1 and not self._by_name.get(path[0]) and self.get("schema", path[0]):
                told = f"{path[0]} is a schema; a table or view in it is written: relation {path[0]}.{name}"
                return fails(relation.cause, f"is not there ({told})")
            return relation
        full = ObjectName("column", (*relation.name.parts, name))
        found = self.catalog.objects.get(full)
        if found is not None:
            return found
        return fails(full, f"is not there{did_you_mean(name, self.columns(relation))}")

    def columns(self, relation: Object) -> list[str]:
        """Return the names of a relation's columns."""
        if not self._columns:
            self._columns[()] = []
            for name in self.catalog.objects:
                if name.kind == "column":
                    self._columns.setdefault(name.parts[:2], []).append(name.parts[2])
        return self._columns.get(relation.name.parts, [])

    def routines(self, path: Path) -> list[Object]:
        """Return the functions, procedures and aggregates of that name."""
        return [self.catalog.objects[name] for name in self._named(path, ROUTINES)]

    def of_table(self, kind: str, table: Object) -> Iterator[Object]:
        """Yield what belongs to a table: policies, triggers, constraints, indexes."""
        if not self._of_table:
            self._of_table[()] = []
            for name, thing in self.catalog.objects.items():
                if name.kind in OF_A_TABLE:
                    self._of_table.setdefault(name.parts[:2], []).append(thing)
                elif name.kind == "index":
                    key = (name.parts[0], str(thing.attributes["table"]))
                    self._of_table.setdefault(key, []).append(thing)
        return (one for one in self._of_table.get(table.name.parts, ()) if one.name.kind == kind)

    def operators(self) -> list[Object]:
        """Return the operators that users made."""
        return self.catalog.of("operator")

    def ask(self, question: Ask) -> str | None:
        """Return what a server said of a spelling; what nobody asked it yet is noted."""
        if question not in self.canonical:
            self.asked[question] = None
        return self.canonical.get(question)

    def in_doubt(self, name: ObjectName) -> bool:
        """Whether what failed or was refused in the replay mentions that name, or the table that it belongs to."""
        own = {name.parts[-1], *name.parts[1:2]}
        return any((schema, part) in self.unknown for schema in ("", name.schema) for part in own)

    def may_be_older(self, name: ObjectName) -> bool:
        """Whether an object that is not there may be one that no migration makes: it is no part of a known table."""
        return name not in self.catalog.objects and name.kind not in OF_A_RELATION

    def full(self, path: Path) -> Path:
        """Return a name with its schema: the one that was written, else `public`."""
        return path if len(path) == 2 else (PUBLIC, *path)

    def similar_relation(self, path: Path) -> str:
        """Return the relation that was probably meant."""
        return self._similar(path[-1], RELATIONS)

    def similar_routine(self, path: Path) -> str:
        """Return the function that was probably meant."""
        return self._similar(path[-1], ROUTINES)

    def _similar(self, word: str, kinds: Collection[str]) -> str:
        self._hints -= 1
        if self._hints < 0:
            return ""
        return did_you_mean(word, [name for name, all_ in self._by_name.items() if any(o.kind in kinds for o in all_)])

    def _named(self, path: Path, kinds: Collection[str]) -> list[ObjectName]:
        """Return what has that name: in the schema that was written, else in `public`, else in any."""
        found = [name for name in self._by_name.get(path[-1], ()) if name.kind in kinds]
        if len(path) == 2:
            return [name for name in found if name.parts[0] == path[0]]
        return [name for name in found if name.parts[0] == PUBLIC] or found
