"""Reads supabase-js and postgrest-js: `.from("table")…`, `.rpc("function", …)…`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pgproof.code.typescript.assigned import class_of, function_of
from pgproof.code.typescript.callers import callers, heirs
from pgproof.code.typescript.chain import Branch, Step, branches, climb
from pgproof.code.typescript.client import Client, client_of
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.collected import Collected
from pgproof.code.typescript.columns import collect
from pgproof.code.typescript.conditions import allowed, asked, possible, reached
from pgproof.code.typescript.fallback import is_fallback, is_probed
from pgproof.code.typescript.handling import handling_of
from pgproof.code.typescript.known import Given, Open, Ref, given_to
from pgproof.code.typescript.module import Module, arguments, called, callee, function_name
from pgproof.code.typescript.shape import shape_of
from pgproof.code.typescript.text import Piece, Text, texts, unknown
from pgproof.code.usage import Action, Argument, Call, Handling, TableUse, Unread
from pgproof.model import Location

if TYPE_CHECKING:
    from tree_sitter import Node

CLIENT = "supabase-js"
_START = re.compile(rb"\.(?:from|rpc)\b")
_MENTION = re.compile(r"[sS]upabase|SUPABASE|[pP]ostg(?:rest|REST)")
_GLANCE = (".from(", ".rpc(", ".from<", ".rpc<", ".from (", ".rpc (", ".from?.(", ".rpc?.(")
_CALL = re.compile(r"""\.(?:from|rpc)(?:\?\.)?\s*(?:<[^()]*>)?\(\s*(?P<text>["'`])?""")
_NO_CLIENT = re.compile(r"\b(?:Array|Buffer|Uint8Array|Object|storage|String|Float32Array|Set|Observable)\??\s*$")
_BEFORE = 40
"""Characters before the dot in which the name of what it belongs to is looked for."""
_DEPTH = 3
_CALLERS = 200
_FEW = 2
ACTIONS = {
    "select": Action.SELECT,
    "insert": Action.INSERT,
    "upsert": Action.UPSERT,
    "update": Action.UPDATE,
    "delete": Action.DELETE,
}


def may_use(code: Codebase, text: str) -> bool:
    """Say, at a glance, whether a file can hold a call of the client.

    It or a manifest of the project names Supabase or PostgREST, and `from` or `rpc` is called on something that is not
    known to be no client. A file that does not name them itself is passed when all such calls have the form of another
    query builder, `select(…).from(table)`.
    """
    if not (".from" in text or ".rpc" in text) or not any(word in text for word in _GLANCE):
        return False
    calls: list[tuple[str, bool]] = []
    for found in _CALL.finditer(text):
        before = text[max(0, found.start() - _BEFORE) : found.start()]
        if not _NO_CLIENT.search(before):
            calls.append((before.rstrip("?! \t\r\n"), found["text"] is not None))
    if not calls:
        return False
    if _MENTION.search(text):
        return True
    built = all(before.endswith(")") and not text_given for before, text_given in calls)
    return not built and any(_MENTION.search(code.text(path) or "") for path in code.manifests())


def read_supabase(code: Codebase, module: Module) -> Iterator[TableUse | Call | Unread]:
    """Yield each call of a module, and what could not be read."""
    for found in _START.finditer(module.data):
        name = module.at(found.end() - 1, found.end())
        member = name.parent if name is not None and name.type == "property_identifier" else None
        call = called(member) if member is not None and member.type == "member_expression" else None
        if name is None or call is None:
            continue
        code.spent = 0
        if _is_written(module, call):
            yield Unread(module.location(call), "query", "it stands in a row as a value: nobody sends it")
            continue
        yield from _read_call(code, Ref(module, call), module.text(name), 0)


def _is_written(module: Module, call: Node) -> bool:
    """Say whether a query is given as a value of a row: `.update({ count: supabase.rpc("increment") })`."""
    _, top = climb(Ref(module, call))
    node = top.parent
    while node is not None and node.type in ("as_expression", "parenthesized_expression"):
        node = node.parent
    if node is None or node.type != "pair":
        return False
    row = node.parent
    while row is not None and row.type in ("object", "pair", "array", "as_expression", "parenthesized_expression"):
        row = row.parent
    outer = row.parent if row is not None and row.type == "arguments" else None
    function = callee(outer) if outer is not None and outer.type == "call_expression" else None
    word = function.child_by_field_name("property") if function is not None else None
    return word is not None and module.text(word) in ("insert", "upsert", "update")


@dataclass(frozen=True, slots=True)
class _Site:
    """A call of `from` or `rpc`: with the client, what its first argument is and can be, and how it goes on."""

    call: Ref
    client: Client
    name: Ref
    named: list[Text]
    branches: list[Branch]


def _read_call(code: Codebase, ref: Ref, word: str, depth: int) -> Iterator[TableUse | Call | Unread]:
    function = callee(ref.node)
    receiver = function.child_by_field_name("object") if function is not None else None
    given = arguments(ref.node)
    if receiver is None or not given:
        return
    name = ref.to(given[0])
    named = possible(code, name, texts(code, name))
    steps = tuple(climb(ref)[0])
    client = client_of(code, ref.to(receiver), steps, bool(named), word == "rpc")
    if client is None:
        return
    reason = unknown(code, name)
    if reason is not None and (only := allowed(code, name)):
        piece = Piece(0, ref.module, given[0].start_byte)
        named, reason = [Text(one, (piece,)) for one in only], None
    site = _Site(ref, client, name, named, branches(code, ref))
    for text in named:
        if text.holes:
            what = "table" if word == "from" else "function"
            yield Unread(text.location(0), what, "its name is put together at run time")
        elif word == "from":
            yield from _tables(code, site, text)
        else:
            yield _function(code, site, text)
    if reason is not None:
        yield from _from_callers(code, ref, word, reason, depth)


def _from_callers(code: Codebase, ref: Ref, word: str, reason: Open, depth: int) -> Iterator[TableUse | Call | Unread]:
    """Read the call once for each place that calls the function around it, whose parameter the name is."""
    what = "table" if word == "from" else "function"
    place = ref.module.location(arguments(ref.node)[0])
    if reason.binding is not None and reason.binding.kind == "field" and reason.ref is not None and depth < _DEPTH:
        yield from _from_heirs(code, ref, word, reason.ref, depth)
        return
    parameter = reason.binding if reason.binding is not None and reason.binding.kind == "parameter" else None
    function = function_of(parameter) if parameter is not None else None
    if function is None or reason.ref is None or depth >= _DEPTH:
        yield Unread(place, what, reason.reason)
        return
    found = callers(code, reason.ref.module, function)
    if not found:
        yield Unread(place, what, f"{reason.reason}, and no call of its function was found")
    if len(found) > _CALLERS:
        yield Unread(place, what, f"its function is called {len(found)} times, of which {_CALLERS} are read")
    for caller in found[:_CALLERS]:
        given = given_to(ref.given, Given(function.id, tuple(map(caller.to, arguments(caller.node))), call=caller))
        code.spent = 0
        yield from _read_call(code, Ref(ref.module, ref.node, given), word, depth + 1)


def _from_heirs(code: Codebase, ref: Ref, word: str, field: Ref, depth: int) -> Iterator[TableUse | Call | Unread]:
    """Read the call once for each class that gives the field a value of its own."""
    owner = class_of(field.node)
    found = heirs(code, field.module, owner) if owner is not None else []
    if owner is None or not found:
        what = "table" if word == "from" else "function"
        yield Unread(ref.module.location(arguments(ref.node)[0]), what, "it is a field that no class gives a value")
        return
    for heir in found[:_CALLERS]:
        given = given_to(ref.given, Given(owner.id, (heir,)))
        code.spent = 0
        yield from _read_call(code, Ref(ref.module, ref.node, given), word, depth + 1)


def _place(site: _Site, text: Text) -> Location:
    """Return where a table is named: in the call itself, or in the call of the function around it."""
    piece = text.pieces[0]
    nodes = [(site.name.module, site.name.node)]
    given = site.name.given
    while given is not None:
        nodes += [(value.module, value.node) for value in given.values]
        given = given.outer
    if any(module is piece.module and node.start_byte <= piece.at <= node.end_byte for module, node in nodes):
        return text.location(0)
    return site.name.module.location(site.name.node)


def _tables(code: Codebase, site: _Site, text: Text) -> Iterator[TableUse | Unread]:
    place = _place(site, text)
    ways = _reached(code, site, text)
    plain = [branch for branch in ways if _action(branch) is None]
    acting = [branch for branch in ways if _action(branch) is not None]
    if not acting:
        yield Unread(place, "query", f"nothing is done with the table {text.value} where this could be seen")
    shared = {step.call.node.id for step in climb(site.call)[0]}
    groups: dict[tuple[str, int], list[Branch]] = {}
    for branch in acting:
        step = next(step for step in branch.steps if step.name in ACTIONS)
        groups.setdefault((step.name, step.call.node.id), []).append(branch)
    for number, ((word, start), ways) in enumerate(groups.items()):
        ways = [*ways, *plain] if number == 0 or start in shared else ways
        collected = collect(code, ways, ACTIONS[word])
        yield TableUse(
            location=place,
            client=CLIENT,
            table=text.value,
            action=ACTIONS[word],
            schema=site.client.schema,
            columns=tuple(collected.columns),
            embeds=tuple(collected.embeds),
            everything=collected.everything,
            whole=collected.whole,
            always=frozenset(collected.always),
            asked=asked(site.call) if ACTIONS[word] in (Action.INSERT, Action.UPSERT) else frozenset(),
            handling=_handling(code, site, text, ways, collected),
            function=function_name(site.call.module, site.call.node),
            unread=tuple(collected.unread),
            malformed=tuple(collected.malformed),
        )


def _handling(code: Codebase, site: _Site, text: Text, ways: list[Branch], collected: Collected) -> Handling:
    """Return what is done with the error: code that looks which of many tables are there expects it."""
    if is_fallback(site.call, site.name) or is_probed(site.named, text):
        return Handling.EXPECTED
    handling = handling_of(code, ways)
    words = {step.name for way in ways for step in way.steps}
    looks = collected.everything and not collected.columns and words <= {"select", "limit", "range"}
    asks = len(site.named) > _FEW or text.value.startswith("_")  # which are there, or whether anything answers
    return Handling.EXPECTED if looks and asks and handling is not Handling.THROWN else handling


def _reached(code: Codebase, site: _Site, text: Text) -> list[Branch]:
    """Return the ways that are open for this table: `if (table === "users") query = query.eq(…)`."""
    name = site.name.module.text(site.name.node)
    if site.name.node.type == "string":
        return site.branches
    kept: list[Branch] = []
    for branch in site.branches:
        steps = branch.steps
        for index, step in enumerate(branch.steps):
            if step.call.module is site.name.module and reached(code, step.call, assumed={name: text.value}) is False:
                steps = branch.steps[:index]
                break
        kept.append(replace(branch, steps=steps))
    return kept


def _action(branch: Branch) -> Step | None:
    return next((step for step in branch.steps if step.name in ACTIONS), None)


def _function(code: Codebase, site: _Site, text: Text) -> Call:
    collected = collect(code, site.branches, None)
    given: list[Argument] = []
    whole = True
    listed = arguments(site.call.node)
    if len(listed) > 1:
        shape = shape_of(code, site.call.to(listed[1]))
        if shape is not None:
            given = [Argument(key.name, key.location, key.values, key.optional) for key in shape.keys.values()]
            whole = not shape.open
            collected.unread += (Unread(place, "arguments", reason) for place, reason in shape.open)
    return Call(
        location=_place(site, text),
        client=CLIENT,
        name=text.value,
        schema=site.client.schema,
        arguments=tuple(given),
        whole=whole,
        columns=tuple(collected.columns),
        embeds=tuple(collected.embeds),
        handling=Handling.EXPECTED if is_fallback(site.call, site.name) else handling_of(code, site.branches),
        function=function_name(site.call.module, site.call.node),
        unread=tuple(collected.unread),
        malformed=tuple(collected.malformed),
    )
