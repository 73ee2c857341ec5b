"""Which statements run with a superuser's rights, and which are not run at all.

A statement is elevated for what it *is*, by its parse tree, and never because it failed. No kind of statement in this
list can evaluate an expression or call a function of the migration, or change an object that the superuser owns into
one that does. What is not listed runs as the owner; what the server then refuses is reported as refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pgproof.shadow.extensions import Extensions
from pgproof.shadow.sandbox import LAST_EVENT_TRIGGER

Tree = dict[str, Any]
"""A statement as `pgproof.sql.parse` gives it: `{"CreateExtensionStmt": {…}}`."""

_OWN = "pgproof"
_OWN_LANGUAGE = "plpgsql"
"""The extension that pgproof's own functions would go with, and the event triggers that observe."""
_SYSTEM_SCHEMAS = ("pg_catalog", "information_schema", "pgproof")
# Settings of procedural languages that run code; they could be stored before the language is loaded.
_RUNS_CODE = ("plperl", "pltcl", "pltclu", "plpython", "plpython3", "plv8", "plr", "pllua", "pljava")
# Only a superuser may own these; or (opclass, cast) only a superuser may make them, and who made them owns them.
_SUPERUSER_OWNED = (
    "OBJECT_ACCESS_METHOD",
    "OBJECT_CAST",
    "OBJECT_EVENT_TRIGGER",
    "OBJECT_FDW",
    "OBJECT_OPCLASS",
    "OBJECT_OPFAMILY",
    "OBJECT_PUBLICATION",
)


def refusal(tree: Tree, extensions: Extensions) -> str:
    """Return why pgproof does not run this statement at all, or `""`."""
    ((node, body),) = tree.items()
    if node in ("CreateSubscriptionStmt", "AlterSubscriptionStmt"):
        return "a subscription connects to another server"
    if node == "CreateExtensionStmt":  # also what `create language` has become
        return extensions.refusal(body["extname"])
    return ""


def needs_elevation(tree: Tree, extensions: Extensions, major: int) -> bool:
    """Whether this statement is run with a superuser's rights on a server of this major version."""
    ((node, body),) = tree.items()
    if refusal(tree, extensions):
        return False
    if node in _EXTENSION_RULES:
        return _EXTENSION_RULES[node](body, extensions)
    if node in ("CreateRoleStmt", "AlterRoleStmt"):
        return major <= 15 and _role(body)
    return node in _RULES and _RULES[node](body)


def runs_script(tree: Tree) -> bool:
    """Whether the owner's statement runs an extension's script, which runs as a superuser."""
    return not tree.keys().isdisjoint(("CreateExtensionStmt", "AlterExtensionStmt"))


def orders(tree: Tree, extensions: Extensions) -> str:
    """Return the comment with which `pgproof.elevate` is told how to run this statement, or `""`."""
    body = tree.get("CreateExtensionStmt") or tree.get("AlterExtensionStmt")
    if not body:
        return ""
    name, orders = body["extname"], dict[str, object]()
    if extensions.could_be_trapped(name):
        brought = extensions.brought(name)
        schema = _string(_options(body).get("schema", {})) or extensions.schema(name)
        orders |= {"alone": schema or None, "with": sorted(brought)}
    if extensions.connects(name):
        orders |= {"cut off": True}
    return f"/* {json.dumps(orders).encode().hex()} */ " if orders else ""


def _options(body: Tree, key: str = "options") -> dict[str, Tree]:
    return {option["DefElem"]["defname"]: option["DefElem"].get("arg", {}) for option in body.get(key, [])}


def _string(node: Tree) -> str:
    return str(node.get("String", {}).get("sval", ""))


def _create_extension(body: Tree, extensions: Extensions) -> bool:
    schema = _string(_options(body).get("schema", {}))
    return not extensions.trusted(body["extname"]) and schema != _OWN


def _alter_extension(body: Tree, extensions: Extensions) -> bool:
    return not extensions.trusted(body["extname"])


def _move_extension(body: Tree, extensions: Extensions) -> bool:
    moved = body["objectType"] == "OBJECT_EXTENSION"
    return moved and not extensions.trusted(_string(body["object"])) and body["newschema"] not in _SYSTEM_SCHEMAS


def _drop(body: Tree, extensions: Extensions) -> bool:
    names = [_string(thing) for thing in body["objects"]]
    if body["removeType"] == "OBJECT_EXTENSION":
        return any(not extensions.trusted(name) for name in names) and _OWN_LANGUAGE not in names
    return body["removeType"] in _SUPERUSER_OWNED and not any(map(_is_ours, names))


def _comment(body: Tree, extensions: Extensions) -> bool:
    name = _string(body["object"])
    if body["objtype"] == "OBJECT_EXTENSION":
        return not extensions.trusted(name)
    return body["objtype"] in _SUPERUSER_OWNED and not _is_ours(name)


def _is_ours(name: str) -> bool:
    """Whether a name is one of pgproof's own, or of an event trigger that would fire after its guard."""
    return name.startswith(_OWN) or name >= LAST_EVENT_TRIGGER


_EXTENSION_RULES: dict[str, Callable[[Tree, Extensions], bool]] = {
    "AlterExtensionStmt": _alter_extension,
    "AlterObjectSchemaStmt": _move_extension,
    "CommentStmt": _comment,
    "CreateExtensionStmt": _create_extension,
    "DropStmt": _drop,
}


def _role(body: Tree) -> bool:
    """A role with BYPASSRLS or REPLICATION, which CREATEROLE cannot give before 16, and nothing that leads further."""
    options = _options(body)
    if options.keys() & {"superuser", "addroleto", "rolemembers", "adminmembers"}:
        return False
    return bool(options.keys() & {"bypassrls", "isreplication"}) and _ordinary(body["role"])


def _ordinary(role: str | Tree | None) -> bool:
    """Whether a role is named, not `current_user` (the superuser, inside), and is not one of ours or PostgreSQL's."""
    if isinstance(role, dict):
        role = role.get("rolename") if role["roletype"] == "ROLESPEC_CSTRING" else None
    return role is not None and not role.startswith(("pg_", _OWN))


def _setting(body: Tree) -> bool:
    """`alter database … set app.x`, `alter role … set app.x`: a dot in the name makes it the application's own."""
    setting = body["setstmt"]
    prefix, dot, _ = setting.get("name", "").partition(".")
    if not dot or prefix.lower() in _RUNS_CODE or setting["kind"] == "VAR_SET_CURRENT":
        return False
    return _ordinary(body["dbname"] if "dbname" in body else body.get("role"))


def _event_trigger(body: Tree) -> bool:
    return not _is_ours(body["trigname"])


def _alter_event_trigger(body: Tree) -> bool:
    """ENABLE ALWAYS and ENABLE REPLICA would fire in the superuser's sessions."""
    return _event_trigger(body) and body["tgenabled"] in ("O", "D")


def _rename(body: Tree) -> bool:
    kinds = ("OBJECT_EVENT_TRIGGER", "OBJECT_PUBLICATION", "OBJECT_FDW")
    names = (_string(body.get("object", {})), body["newname"])
    return body["renameType"] in kinds and not any(map(_is_ours, names))


def _create_publication(body: Tree) -> bool:
    """Only those of whole schemas or of all tables need a superuser."""
    parts = [part["PublicationObjSpec"]["pubobjtype"] for part in body.get("pubobjects", [])]
    return bool(body.get("for_all_tables")) or any(part.startswith("PUBLICATIONOBJ_TABLES_IN") for part in parts)


def _alter_table(body: Tree) -> bool:
    """`disable trigger all` reaches the triggers of foreign keys."""
    commands = {command["AlterTableCmd"]["subtype"] for command in body["cmds"]}
    return commands <= {"AT_DisableTrigAll", "AT_EnableTrigAll"}


def _alter_function(body: Tree) -> bool:
    """`leakproof` and nothing else: any other change could turn a function that the superuser owns."""
    return [action["DefElem"]["defname"] for action in body["actions"]] == ["leakproof"]


def _operator_class(body: Tree) -> bool:
    """In a family of its own: an operator in a built-in family would be called in the superuser's queries."""
    schema = _string(body["opclassname"][0]) if len(body["opclassname"]) > 1 else ""
    return "opfamilyname" not in body and schema not in _SYSTEM_SCHEMAS


def _cast(body: Tree) -> bool:
    """By the types' own input and output: a cast with a function would be called in the superuser's queries."""
    return bool(body.get("inout"))


def _foreign_data_wrapper(body: Tree) -> bool:
    """Without functions: a validator is called at once, and a handler without its validator takes any option.

    postgres_fdw's would take `password_required 'false'`, which only a superuser may set, and log in as anybody.
    """
    return not any(_options(body, "func_options").values())


def _grant(body: Tree) -> bool:
    return (body["objtype"], body["targtype"]) == ("OBJECT_FDW", "ACL_TARGET_OBJECT")


def _always(body: Tree) -> bool:
    return True


_RULES: dict[str, Callable[[Tree], bool]] = {
    "AlterDatabaseSetStmt": _setting,
    "AlterEventTrigStmt": _alter_event_trigger,
    "AlterFunctionStmt": _alter_function,
    "AlterPublicationStmt": _always,
    "AlterRoleSetStmt": _setting,
    "AlterTableStmt": _alter_table,
    "CreateAmStmt": _always,
    "CreateCastStmt": _cast,
    "CreateEventTrigStmt": _event_trigger,
    "CreateFdwStmt": _foreign_data_wrapper,
    "CreateOpClassStmt": _operator_class,
    "CreatePublicationStmt": _create_publication,
    "GrantStmt": _grant,
    "RenameStmt": _rename,
}
