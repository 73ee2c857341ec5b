"""The names that a statement mentions: when it fails, what it would have done to them is unknown.

Too many names are better than too few: an unknown object is left out of a comparison, a missed one becomes a wrong
finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pgproof.sql.quote import RESERVED

Mention = tuple[str, str]
"""(schema or `""`, name)."""

_QUALIFIED = ("funcname", "objname", "domainname", "typeName", "defnames", "opclassname", "opfamilyname")
_OF_A_TABLE = ("trigname", "policy_name", "idxname", "rulename", "conname", "indexname")
_ALONE = ("rolename", "extname", "pubname", "servername", "fdwname", "server_name", "local_schema", "newschema", "role")
_PARTS_OF_A_TABLE = frozenset(
    {"OBJECT_COLUMN", "OBJECT_POLICY", "OBJECT_RULE", "OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER"}
)
_OF_ACCESS_METHOD = frozenset({"OBJECT_OPCLASS", "OBJECT_OPFAMILY"})
_MEMBERS = frozenset({"OBJECT_ATTRIBUTE", "OBJECT_COLUMN", "OBJECT_DOMCONSTRAINT"})
_REGISTERED_TYPES = frozenset({"regclass", "regproc", "regprocedure", "regtype", "regnamespace", "regrole"})
_BUILT_IN_TYPES = frozenset(
    {
        "anyarray",
        "anycompatible",
        "anyelement",
        "anyenum",
        "bigserial",
        "bool",
        "box",
        "bytea",
        "cidr",
        "circle",
        "date",
    }
    | {"daterange", "event_trigger", "float4", "float8", "inet", "int2", "int4", "int4range", "int8", "int8range"}
    | {"json", "jsonb", "jsonpath", "line", "lseg", "macaddr", "money", "name", "numeric", "numrange", "oid", "path"}
    | {"point", "polygon", "record", "serial", "serial4", "serial8", "smallserial", "text", "timestamptz", "timetz"}
    | {"trigger", "tsquery", "tsrange", "tstzrange", "tsvector", "uuid", "void", "xml"}
    | _REGISTERED_TYPES
)
"""In the place of a type, `pg_catalog` is searched first, so that these are never the user's."""

_VERBS = RESERVED | frozenset(
    {"add", "alter", "begin", "by", "cascade", "close", "commit", "declare", "delete", "drop", "elsif", "exception"}
    | {"execute", "exists", "exit", "if", "insert", "into", "loop", "perform", "raise", "returns", "revoke"}
    | {"rollback", "set", "truncate", "update", "values", "while"}
)
"""Words that are no names where nothing says what is one."""

_NAME = r"""(?:"(?:[^"]|"")+"|[^\x00-@\[-\^`{-\x7f][^\x00-#%-/:-@\[-\^`{-\x7f]*)"""
_CHAIN = re.compile(rf"--[^\n]*|/\*.*?\*/|(?P<names>{_NAME}(?:\s*\.\s*{_NAME})*)", re.DOTALL)
_ONE_NAME = re.compile(_NAME)


def mentions(tree: dict[str, Any]) -> frozenset[Mention]:
    """Return what a parse tree mentions: relations, types, functions, roles, schemas, and every object that it names.

    An index, trigger, policy or constraint counts with its table's schema. The body of a function counts for nothing
    (its failure leaves the function unknown, not what it would do when called), that of a `DO` block for all its words.
    """
    found: set[Mention] = set()
    expressions: set[Mention] = set()
    called = next(iter(tree)) in {"SelectStmt", "CallStmt"}
    for node, schema in _nodes(tree):
        if "ctename" in node:
            expressions.add(("", node["ctename"]))
        found.update(_of_node(node, schema, called))
    return frozenset(mention for mention in found - expressions if mention[1])


def mentions_in(text: str) -> frozenset[Mention]:
    """Return what a text that does not parse may mention: every name in it, also in its strings; not in comments."""
    found: set[Mention] = set()
    for chain in _CHAIN.finditer(text):
        names = [_folded(name) for name in _ONE_NAME.findall(chain["names"] or "")]
        if len(names) == 1 and chain["names"].lower() in _VERBS:
            continue
        found.update(pairwise(names))
        found.update(("", name) for name in names[:1])
    return frozenset(found)


def _nodes(tree: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield every object of a tree with the schema of the relation that its statement is about."""
    waiting: list[tuple[Any, str]] = [(tree, "")]
    while waiting:
        node, schema = waiting.pop()
        if isinstance(node, list):
            waiting.extend((part, schema) for part in node)
        elif isinstance(node, dict):
            relation = node.get("relation") or node.get("table")
            if isinstance(relation, dict) and "relname" in relation:
                schema = relation.get("schemaname", "")
            yield node, schema
            body = node.get("defname") == "as"
            waiting.extend((part, schema) for part in node.values() if not body)


def _of_node(node: dict[str, Any], schema: str, called: bool) -> Iterator[Mention]:
    if "relname" in node:
        yield node.get("schemaname", ""), node["relname"]
    elif "schemaname" in node:
        yield "", node["schemaname"]
    if "names" in node and "typemod" in node:
        yield from _of_type(_strings(node["names"]))
    for key in _QUALIFIED:
        if isinstance(node.get(key), list):
            yield from _qualified(_strings(node[key]))
    for key in _OF_A_TABLE:
        if key in node:
            yield schema, node[key]
    for key in _ALONE:
        if isinstance(node.get(key), str):
            yield "", node[key]
    if "subname" in node and node.get("renameType") in _PARTS_OF_A_TABLE - _MEMBERS:
        yield schema, node["subname"]
    if "newname" in node and node.get("renameType") not in _MEMBERS:
        yield schema, node["newname"]
    if isinstance(node.get("granted_roles"), list):
        yield from (("", role["AccessPriv"]["priv_name"]) for role in node["granted_roles"])
    yield from _of_objects(node)
    yield from _of_options(node)
    yield from _of_constants(node, called)


def _of_objects(node: dict[str, Any]) -> Iterator[Mention]:
    """What DROP, COMMENT, ALTER … OWNER and GRANT name in `object` or `objects`."""
    kind = next((node[key] for key in ("removeType", "objtype", "renameType", "objectType") if key in node), "")
    targets = node.get("objects", [node["object"]] if isinstance(node.get("object"), dict) else [])
    for target in targets if isinstance(targets, list) else []:
        if "String" in target:
            yield "", target["String"].get("sval", "")
        names = _strings(target.get("List", {}).get("items", []))
        if kind in _OF_ACCESS_METHOD:
            names = names[1:]
        if kind in _PARTS_OF_A_TABLE:
            yield from _qualified(names[:-1])
            if kind != "OBJECT_COLUMN" and names:
                yield "".join(names[-3:-2]), names[-1]
        else:
            yield from _qualified(names)
        if "newschema" in node and names:
            yield node["newschema"], names[-1]
    if "newschema" in node and "relname" in node.get("relation", {}):
        yield node["newschema"], node["relation"]["relname"]


def _of_options(node: dict[str, Any]) -> Iterator[Mention]:
    option, value = node.get("defname"), node.get("arg", {})
    if option == "owned_by":
        yield from _qualified(_strings(value.get("List", {}).get("items", []))[:-1])
    elif option == "schemas":
        yield from (("", name) for name in _strings(value.get("List", {}).get("items", [])))
    elif option == "schema":
        yield "", value.get("String", {}).get("sval", "")
    if "DoStmt" in node:
        for argument in node["DoStmt"].get("args", []):
            yield from mentions_in(argument["DefElem"].get("arg", {}).get("String", {}).get("sval", ""))


def _of_constants(node: dict[str, Any], called: bool) -> Iterator[Mention]:
    """Names in strings: `'a.b'::regclass`, and what a function is told (`select create_hypertable('a.b')`)."""
    if "TypeCast" in node:
        cast = node["TypeCast"]
        if _strings(cast["typeName"]["names"])[-1] in _REGISTERED_TYPES:
            yield from mentions_in(_constant(cast["arg"]))
    if called and "funcname" in node:
        for argument in node.get("args", []):
            text = _constant(argument)
            chain = _CHAIN.fullmatch(text.strip())
            if chain and chain["names"]:
                yield from mentions_in(text)


def _of_type(names: list[str]) -> Iterator[Mention]:
    if len(names) == 1 and names[0] in _BUILT_IN_TYPES:
        return
    yield from _qualified(names)


def _qualified(names: list[str]) -> Iterator[Mention]:
    if names and names[0] != "pg_catalog":
        yield "".join(names[-2:-1]), names[-1]


def _strings(items: list[dict[str, Any]]) -> list[str]:
    return [item["String"].get("sval", "") for item in items if "String" in item]


def _constant(node: dict[str, Any]) -> str:
    text = node.get("A_Const", {}).get("sval", {}).get("sval", "")
    return text if isinstance(text, str) else ""


def _folded(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
