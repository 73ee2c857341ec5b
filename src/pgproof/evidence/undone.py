"""What statements that failed in the replay would have made or altered, by name: it may be there in truth."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pgproof.migrations.observation import Observation
from pgproof.platforms.members import extensions_with
from pgproof.probes.bodies.dynamic import UNKNOWN, constant, likeness
from pgproof.probes.bodies.parse import NotRead
from pgproof.probes.bodies.parse import parse as parse_body
from pgproof.probes.bodies.surroundings import ANYTHING, KEYS
from pgproof.probes.bodies.tree import Dynamic
from pgproof.probes.bodies.walk import dynamics, expressions, statements, whole
from pgproof.sql.mentions import mentions_in
from pgproof.sql.parse import SyntaxProblem, parse

_NAME = r'(?:(?:"(?:[^"]|"")+"|[\w$]+)\s*\.\s*)?("(?:[^"]|"")+"|[\w$]+)'
_MAKES = re.compile(
    rf"""\bcreate\s+(?:or\s+replace\s+)?(?:(?:unlogged|foreign|materialized|recursive|temp|temporary|global|local)\s+)*
    (?:table|view|type|domain|function|procedure|sequence|schema|extension)\s+(?:if\s+not\s+exists\s+)?{_NAME}
    |\brename\s+to\s+{_NAME}""",
    re.IGNORECASE | re.VERBOSE,
)
_ALTERS = re.compile(
    rf"""\balter\s+(?:(?:foreign|materialized)\s+)?(?:table|view|type|domain)\s+(?:if\s+exists\s+)?(?:only\s+)?{_NAME}
    |\bcreate\s+unique\s+index\s.*?\son\s+(?:only\s+)?{_NAME}""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_ELSEWHERE = re.compile(r"\*|\b(?:like|inherits?|of|procedure|function)\b", re.IGNORECASE)
"""What gives a relation columns that the statement does not name, and what may run anything."""
_WORD = re.compile(r"[\w$]+")
_HARMLESS = frozenset(
    {"CommentStmt", "CopyStmt", "CreatePolicyStmt", "CreateTrigStmt", "DeleteStmt", "GrantStmt", "GrantRoleStmt"}
    | {"InsertStmt", "UpdateStmt", "AlterPolicyStmt", "AlterOwnerStmt", "VariableSetStmt", "AlterDefaultPrivilegesStmt"}
    | {"TransactionStmt", "RefreshMatViewStmt", "TruncateStmt", "LockStmt", "VacuumStmt"}
)
"""Statements whose failure leaves no relation, function or type other than it should be."""
_SAME_COLUMNS = frozenset(
    {"AT_DropConstraint", "AT_DropColumn", "AT_ValidateConstraint", "AT_EnableRowSecurity", "AT_DisableRowSecurity"}
    | {"AT_ForceRowSecurity", "AT_NoForceRowSecurity", "AT_ChangeOwner", "AT_SetNotNull", "AT_DropNotNull"}
    | {"AT_SetStatistics", "AT_SetOptions", "AT_SetRelOptions", "AT_ResetRelOptions", "AT_SetStorage", "AT_EnableTrig"}
    | {"AT_DisableTrig", "AT_EnableTrigAll", "AT_DisableTrigAll", "AT_ReplicaIdentity", "AT_ClusterOn"}
    | {"AT_SetTableSpace", "AT_AlterConstraint", "AT_SetLogged", "AT_SetUnLogged", "AT_ColumnDefault"}
)
"""What of ALTER TABLE leaves the names and types of the columns, and their keys, as they are."""
_EXECUTES = re.compile(r"\bexecute\b(?!\s+(?:function|procedure|on)\b)", re.IGNORECASE)
_BEGINS_HARMLESS = re.compile(
    r"""(?:format\s*\(\s*)?[eE]?'\s*(?:(?:create|drop|alter)\s+policy|grant|revoke|drop|comment|create\s+index
    |create\s+(?:constraint\s+)?trigger|insert|update|delete|truncate|analyze|vacuum|refresh
    |alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?\S+\s+(?:enable|disable|force|no|owner|drop|validate|replica))\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""How the text of a dynamic command begins that changes no names, types or keys, whatever follows."""
_MAKERS = frozenset({"addgeometrycolumn", "dropgeometrycolumn", "populate_geometry_columns", "create_hypertable"}) | {
    "create_distributed_table", "create_reference_table", "create_parent", "dblink", "dblink_exec"
}  # fmt: skip
"""Functions of extensions that make or alter something."""
_NOTHING_MADE = ("pg_catalog", "public", "auth", "extensions")
"""Schemas whose functions are the system's, a platform's or the project's own: what these make is known."""
_KEY = ("CONSTR_UNIQUE", "CONSTR_PRIMARY", "CONSTR_EXCLUSION")


@dataclass(frozen=True, slots=True)
class Undone:
    """Names, without schemas, of what failed statements would have made, and of what they would have altered.

    `altered` maps both to the columns that they would have got, `KEYS` for keys, and to `ANYTHING` where nobody knows:
    a column that is not among them would not be there either.
    """

    made: frozenset[str]
    altered: Mapping[str, frozenset[str]]


def undone(observations: Iterable[Observation]) -> Undone:
    """Collect the names from the statements that failed or were refused."""
    observations = tuple(observations)
    found = _Found(_makers(observations))
    for one in observations:
        if (one.failure or one.refused) and one.node not in _HARMLESS:
            found.mentioned = {name for _, name in one.mentions}
            if one.refused:
                found.anything()
            else:
                found.text(one.text)
    return Undone(frozenset(found.made), {name: frozenset(words) for name, words in found.altered.items()})


def _makers(observations: Sequence[Observation]) -> frozenset[str]:
    """Return the names of the routines that make or alter something when they are called."""
    found = set(_MAKERS)
    for one in observations:
        if _EXECUTES.search(one.text) or _ALTERS.search(one.text) or len(_MAKES.findall(one.text)) > 1:
            found.update(
                effect.identity.partition("(")[0].rpartition(".")[2].strip('"')
                for effect in one.effects
                if effect.object_type in ("function", "procedure")
            )
            if one.failure:
                found.update(_named(_MAKES, one.text))
    return frozenset(found)


@dataclass(slots=True)
class _Found:
    """What was found so far; `mentioned` are the names in the statement that is looked at.

    `makers` are routines that make or alter something.
    """

    makers: Collection[str]
    made: set[str] = field(default_factory=set)
    altered: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    mentioned: Collection[str] = ()

    def anything(self) -> None:
        """Note that the statement may make or alter all that it mentions."""
        self.make(self.mentioned, ANYTHING)

    def make(self, names: Collection[str], *columns: str) -> None:
        self.made.update(self._known(names))
        self.alter(names, *columns)

    def alter(self, names: Collection[str], *columns: str) -> None:
        if columns:
            for name in self._known(names):
                self.altered[name].update(columns)

    def _known(self, names: Collection[str]) -> Collection[str]:
        """Return the names; for one that is made at run time all that are mentioned."""
        return self.mentioned if any(UNKNOWN in name for name in names) else names

    def text(self, text: str) -> None:
        """Look at statements."""
        try:
            trees = parse(text)
        except SyntaxProblem:
            self._by_words(text)
            return
        for tree in trees:
            ((node, parts),) = tree.items()
            if node not in _HARMLESS:
                self._statement(node, parts, text)

    def _by_words(self, text: str) -> None:
        """Look for what a text makes and alters that does not parse, or whose columns are another query's."""
        made = set(_named(_MAKES, text))
        names = {*made, *_named(_ALTERS, text)}
        columns = set(_WORD.findall(text.lower()))
        self.make(made)
        self.alter(names, *columns, *([ANYTHING] if _ELSEWHERE.search(text) else ()))

    def _statement(self, node: str, parts: dict[str, Any], text: str) -> None:
        match node:
            case "CreateStmt":
                self.make({parts["relation"]["relname"]}, *_columns(parts))
            case "AlterTableStmt":
                for command in parts["cmds"]:
                    self.alter({parts["relation"]["relname"]}, *_changed(command["AlterTableCmd"]))
            case "RenameStmt" if parts["renameType"] in ("OBJECT_COLUMN", "OBJECT_ATTRIBUTE"):
                self.alter({parts["relation"]["relname"]}, parts["newname"].lower())
            case "RenameStmt":
                self.make({parts["newname"]}, ANYTHING)
            case "IndexStmt":
                self.alter({parts["relation"]["relname"]}, *(KEYS if parts.get("unique") else ()))
            case "CreateFunctionStmt":
                self.make({parts["funcname"][-1]["String"]["sval"]})
            case "DropStmt":  # what was not dropped may be one of two now
                objects = (one.get("ObjectWithArgs", {}).get("objname", ()) for one in parts["objects"])
                self.make({name[-1]["String"]["sval"] for name in objects if name})
            case "DoStmt":
                self._block(parts)
            case "SelectStmt" | "CallStmt":
                if self._calls_maker(parts):
                    self.anything()
            case _:
                self._by_words(text)

    def _block(self, parts: dict[str, Any]) -> None:
        arguments = {one["DefElem"]["defname"]: one["DefElem"]["arg"] for one in parts["args"]}
        body, language = (arguments.get(name, {}).get("String", {}).get("sval", "") for name in ("as", "language"))
        try:
            block = parse_body(body).block if language in ("", "plpgsql") else None
        except NotRead:
            block = None
        if block is None:
            if language in ("", "plpgsql"):
                self._by_words(body)
            else:
                self.anything()
            return
        for statement in statements(block):
            for query in whole(statement):
                self.text(query.text)
            for dynamic in dynamics(statement):
                self._dynamic(dynamic)
        for expression in expressions(block):
            try:
                trees = parse("select " + expression.text)
            except SyntaxProblem:
                continue
            if self._calls_maker(trees):
                self.anything()

    def _dynamic(self, dynamic: Dynamic) -> None:
        text = constant(dynamic.command.text) or likeness(dynamic.command.text, lambda _: False)
        if text is None:
            if not _BEGINS_HARMLESS.match(dynamic.command.text):
                self.anything()
        else:
            self.mentioned = {*self.mentioned, *(name for _, name in mentions_in(text))}
            self.text(text)

    def _calls_maker(self, tree: Any) -> bool:
        """Whether a function is called that may make or alter something."""
        waiting = [tree]
        while waiting:
            node = waiting.pop()
            if isinstance(node, list):
                waiting.extend(node)
            elif isinstance(node, dict):
                called = node.get("FuncCall", {}).get("funcname", [{"String": {"sval": ""}}])
                *schema, name = [part["String"]["sval"] for part in called]
                known = not schema or schema[0] in _NOTHING_MADE or extensions_with("function", "", name)
                if name in self.makers or not known:
                    return True
                waiting.extend(node.values())
        return False


def _columns(parts: dict[str, Any]) -> Iterator[str]:
    """Yield the columns of a CREATE TABLE, and what else it says of them."""
    if parts.get("inhRelations") or parts.get("ofTypename"):
        yield ANYTHING
    for element in parts.get("tableElts", ()):
        if "TableLikeClause" in element:
            yield ANYTHING
        elif "Constraint" in element:
            yield from KEYS if element["Constraint"]["contype"] in _KEY else ()
        else:
            yield from _column(element["ColumnDef"])


def _column(definition: dict[str, Any]) -> Iterator[str]:
    yield definition["colname"].lower()
    if any(one.get("Constraint", {}).get("contype") in _KEY for one in definition.get("constraints", ())):
        yield from KEYS


def _changed(command: dict[str, Any]) -> Iterator[str]:
    """Yield what a part of ALTER TABLE changes: columns, keys, or nobody knows."""
    kind, definition = command["subtype"], command.get("def", {})
    if kind == "AT_AddColumn":
        yield from _column(definition["ColumnDef"])
    elif kind == "AT_AddConstraint":
        yield from KEYS if definition["Constraint"]["contype"] in _KEY else ()
    elif kind not in _SAME_COLUMNS:
        yield command.get("name", ANYTHING).lower() if kind == "AT_AlterColumnType" else ANYTHING


def _named(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for found in pattern.finditer(text):
        name = next(group for group in found.groups() if group)
        yield name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
