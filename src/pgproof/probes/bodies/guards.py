"""Conditions of a body that look at its trigger, at the server or into the catalog: what they are where it is tried.

A condition is taken apart at AND, OR and NOT. A part that names nothing of the body's is asked of the server, with the
trigger's variables (manual, section 43.10.1) replaced by what the trigger gives them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from pgproof.probes.bodies.command import command
from pgproof.probes.bodies.lexer import Token, tokens
from pgproof.probes.bodies.routine import Firing
from pgproof.sql.quote import literal

_CATALOGS = ("pg_catalog", "information_schema")
_LOOKS = frozenset({"to_regclass", "to_regproc", "to_regprocedure", "to_regtype", "to_regnamespace", "to_regrole"})
_TELLS = frozenset({"version", "count", "min", "max", "bool_or", "bool_and", "array_agg", "string_agg", "lower"}) | {
    "upper", "length", "split_part", "string_to_array", "array_length", "cardinality", "left", "substring", "strpos",
    "starts_with", "regexp_replace", "regexp_match", "replace", "format_type", "concat", "format", "pg_get_expr",
    "pg_get_constraintdef", "pg_get_indexdef", "pg_get_functiondef", "pg_get_function_identity_arguments",
}  # fmt: skip
"""Functions that say the same whoever calls them, and change nothing."""
_DEEPEST = 40
"""How deep NOT and parentheses are followed; what is nested deeper is not known."""
_SETTINGS = ("server_version", "server_version_num")


def truth(condition: str, answers: Mapping[str, bool | None], given: Mapping[str, str], depth: int = 0) -> bool | None:
    """Return whether a condition holds, `None` when that is not known.

    `answers` are what the server said of `questions`, `given` what stands for the trigger's variables.
    """
    joined, parts = _split(condition)
    if depth > _DEEPEST:
        return None
    if not joined:
        return answers.get(_with(condition, given))
    found = [truth(part, answers, given, depth + 1) for part in parts]
    if joined == "not":
        return None if found[0] is None else not found[0]
    decides = joined == "or"
    if decides in found:
        return decides
    return None if None in found else not decides


def questions(condition: str, given: Mapping[str, str], depth: int = 0) -> Iterator[str]:
    """Yield what the server can be asked of a condition."""
    joined, parts = _split(condition)
    for part in parts if depth <= _DEEPEST else ():
        yield from questions(part, given, depth + 1)
    if not joined and _is_askable(asked := _with(condition, given)):
        yield asked


def looks(text: str, flags: Collection[str] = ()) -> bool:
    """Whether an expression or a query reads the catalog, or a variable among `flags` that was set from it."""
    asked = command(text) or command("select " + text)
    return asked is not None and any(
        _is_catalog(node) or _called(node) in _LOOKS or (len(column := _column(node)) == 1 and column[0] in flags)
        for node in _nodes(asked.tree)
    )


def variables(firing: Firing, event: str) -> dict[str, str]:
    """Return what a trigger's variables are when it fires for an event, as SQL."""
    schema, _, table = firing.table.rpartition(".")
    array = "{" + ",".join('"' + one.replace("\\", r"\\").replace('"', r"\"") + '"' for one in firing.arguments) + "}"
    name = literal(_bare(table))
    return {
        "tg_op": literal(event),
        "tg_when": literal(firing.when),
        "tg_level": literal("ROW" if firing.for_each_row else "STATEMENT"),
        "tg_name": literal(firing.trigger),
        "tg_relname": name,
        "tg_table_name": name,
        "tg_table_schema": literal(_bare(schema)),
        "tg_nargs": str(len(firing.arguments)),
        "tg_argv": f"({literal(f'[0:{len(firing.arguments) - 1}]={array}')}::pg_catalog.text[])"
        if firing.arguments
        else "(null::pg_catalog.text[])",
    }


def _bare(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


@lru_cache(maxsize=1024)
def _split(condition: str) -> tuple[str, tuple[str, ...]]:
    """Return `or`, `and` or `not` with the parts that it joins, `""` with none for what is no such condition."""
    words = tokens(condition)
    while len(words) > 1 and words[0].word == "(" and _closing(words) == len(words) - 1:
        words = words[1:-1]
    if not words:
        return "", ()
    text = condition[words[0].start : words[-1].end]
    for joint in ("or", "and"):
        places = list(_joints(words, joint))
        if places:
            ends = [*(words[place].start for place in places), words[-1].end]
            starts = [words[0].start, *(words[place].end for place in places)]
            return joint, tuple(condition[start:end] for start, end in zip(starts, ends, strict=True))
    if words[0].word == "not" and words[0].kind == "word":
        return "not", (condition[words[0].end : words[-1].end],)
    return ("and", (text,)) if text != condition.strip() else ("", ())


def _closing(words: list[Token]) -> int:
    depth = 0
    for place, token in enumerate(words):
        depth += (token.word == "(") - (token.word == ")")
        if depth == 0:
            return place
    return -1


def _joints(words: list[Token], joint: str) -> Iterator[int]:
    """Yield the places of AND or OR outside of parentheses, CASE and BETWEEN."""
    depth = between = 0
    for place, token in enumerate(words):
        if token.kind not in ("word", "symbol"):
            continue
        depth += (token.word in ("(", "[", "case")) - (token.word in (")", "]", "end"))
        between += depth == 0 and token.word == "between"
        if depth == 0 and token.word == joint:
            if joint == "and" and between:
                between -= 1
            else:
                yield place


@lru_cache(maxsize=1024)
def _with_all(text: str, given: tuple[tuple[str, str], ...]) -> str:
    known, found, end = dict(given), "", 0
    for token in tokens(text):
        if token.kind == "word" and token.word in known:
            found += text[end : token.start] + known[token.word]
            end = token.end
    return (found + text[end:]).strip()


def _with(text: str, given: Mapping[str, str]) -> str:
    return _with_all(text, tuple(given.items()))


@lru_cache(maxsize=1024)
def _is_askable(text: str) -> bool:
    """Whether an expression depends on the catalog and on constants alone."""
    asked = command("select " + text)
    select = asked.tree.get("SelectStmt", {}) if asked and asked.kind == "select" else {}
    if set(select) - {"limitOption", "op"} != {"targetList"} or len(select["targetList"]) != 1:
        return False
    return all(map(_is_harmless, _nodes(select, within=False))) and all(map(_tells, _nodes(select)))


def _is_harmless(node: dict[str, Any]) -> bool:
    """Whether a part outside of any subquery names no variable."""
    return "ColumnRef" not in node and "ParamRef" not in node


def _tells(node: dict[str, Any]) -> bool:
    if relation := node.get("RangeVar"):
        return _is_catalog(node) and not relation.get("catalogname")
    if "RangeFunction" in node or "ParamRef" in node:
        return False
    if "FuncCall" not in node:
        return True
    name = _called(node)
    if name != "current_setting":
        return name in _LOOKS | _TELLS
    arguments = node["FuncCall"].get("args", ())
    return bool(arguments) and arguments[0].get("A_Const", {}).get("sval", {}).get("sval") in _SETTINGS


def _is_catalog(node: dict[str, Any]) -> bool:
    relation = node.get("RangeVar", {})
    schema = relation.get("schemaname", "")
    return schema in _CATALOGS or (not schema and relation.get("relname", "").startswith("pg_"))


def _called(node: dict[str, Any]) -> str:
    """Return the name of a built-in function that is called, `""` for any other."""
    names = [part["String"]["sval"] for part in node.get("FuncCall", {}).get("funcname", ())]
    return names[-1] if names and names[:-1] in ([], ["pg_catalog"]) else ""


def _column(node: dict[str, Any]) -> list[str]:
    fields = node.get("ColumnRef", {}).get("fields", ())
    return [field["String"]["sval"] for field in fields if "String" in field]


def _nodes(tree: Any, *, within: bool = True) -> Iterator[dict[str, Any]]:
    """Yield every part of a tree; subqueries are left out unless `within`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            yield node
            waiting.extend(part for key, part in node.items() if within or key != "subselect")
