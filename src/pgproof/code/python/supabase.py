"""Reader of supabase-py and postgrest-py: `.table("name")…`, `.from_("name")…`, `.rpc("function", {…})…`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pgproof.code.postgrest import HOLE
from pgproof.code.python.chain import Step, chain
from pgproof.code.python.columns import Found, collect
from pgproof.code.python.handling import handling
from pgproof.code.python.keys import place
from pgproof.code.python.module import Module
from pgproof.code.python.payload import keys_of
from pgproof.code.python.postgrest_texts import Text, texts_of
from pgproof.code.python.values import known
from pgproof.code.usage import Action, Argument, Call, TableUse, Unread
from pgproof.model import Location

CLIENT = "supabase-py"
_STARTS = frozenset({"table", "from_", "rpc"})
_ACTIONS = {
    "select": Action.SELECT,
    "insert": Action.INSERT,
    "upsert": Action.UPSERT,
    "update": Action.UPDATE,
    "delete": Action.DELETE,
}
_MENTION = re.compile(r"supabase|postgrest", re.IGNORECASE)
_STORAGE = frozenset({"upload", "download", "get_public_url", "create_signed_url", "remove", "list", "move", "copy"})


def may_use(text: str) -> bool:
    """Say, at a glance, whether a file can hold a call of the client."""
    return ".table(" in text or ".from_(" in text or ".rpc(" in text


def read_supabase(module: Module) -> Iterator[TableUse | Call | Unread]:
    """Yield each call of a module, and what could not be read."""
    near = _is_near(module)
    for call in module.nodes:
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _STARTS):
            continue
        if not call.args or not _is_client(module, call.func.value, near):
            continue
        steps = chain(module, call)
        if steps and steps[0].name in _STORAGE:
            continue
        if call.func.attr == "rpc":
            yield from _function(module, call, steps)
        elif any(step.name in _ACTIONS for step in steps):
            yield from _tables(module, call, steps)
        elif near and steps:
            yield Unread(
                place(module, call.args[0]), "query", "nothing is done with the table where this could be seen"
            )


def _is_near(module: Module) -> bool:
    """Say whether the file, or a module of the project that it imports, names Supabase or PostgREST."""
    if _MENTION.search(module.source):
        return True
    others = {found[0].path: found[0] for name in module.imports if (found := module.imported(name)) is not None}
    return any(_MENTION.search(other.source) for other in others.values())


def _is_client(module: Module, receiver: ast.expr, near: bool) -> bool:
    written = module.text(receiver)
    if ".storage" in written or written in ("op", "sa", "dynamodb", "boto3"):
        return False
    return near or _MENTION.search(written) is not None


def _names(module: Module, call: ast.Call, what: str) -> tuple[list[Text], list[Unread]]:
    """Return the names that a table or function may have: constants, or what callers of the function around give."""
    node = call.args[0]
    found = [one for one in texts_of(module, node) if HOLE not in one.value]
    if found:
        return found, []
    if isinstance(node, ast.Name):
        several = [*_given(module, node), *_looped(module, node)]
        found = [one for given in several for one in texts_of(module, given) if HOLE not in one.value]
    if found:
        return found, []
    return [], [Unread(place(module, node), what, "its name is computed at run time")]


def _looped(module: Module, node: ast.Name) -> Iterator[ast.expr]:
    """Yield what a loop over a list that stands in the code gives to its variable."""
    for binding in module.bindings(node.id, node)[1]:
        loop = binding.node
        if isinstance(loop, ast.For | ast.AsyncFor) and isinstance(loop.target, ast.Name) and loop.target.id == node.id:
            lists = [loop.iter]
            if isinstance(loop.iter, ast.Name):
                lists = [one.value for one in module.bindings(loop.iter.id, loop.iter)[1] if one.value is not None]
            yield from (one for given in lists if isinstance(given, ast.List | ast.Tuple) for one in given.elts)


def _location(module: Module, call: ast.Call, name: Text) -> Location:
    """Return where a name is given: in the call itself, or by a caller of its function; not where it is defined."""
    node = call.args[0]
    given = [node, *(_given(module, node) if isinstance(node, ast.Name) else ())]
    found = name.location(0)
    for one in given:
        start, end = module.span(one)
        if (found.line, found.column) >= module.place(start) and (found.line, found.column) <= module.place(end):
            return found
    return place(module, node)


def _given(module: Module, node: ast.Name) -> Iterator[ast.expr]:
    """Yield what the calls in this module give for a parameter, and its default."""
    scope, bindings = module.bindings(node.id, node)
    if (
        len(bindings) != 1
        or bindings[0].how != "parameter"
        or not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef)
    ):
        return
    arguments = [one.arg for one in (*scope.args.posonlyargs, *scope.args.args)]
    index = arguments.index(node.id) if node.id in arguments else -1
    method = bool(arguments) and arguments[0] in ("self", "cls")
    defaults = dict(zip(reversed(arguments), reversed(scope.args.defaults), strict=False))
    if node.id in defaults:
        yield defaults[node.id]
    for call in module.nodes:
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name != scope.name:
            continue
        at = index - 1 if method and isinstance(call.func, ast.Attribute) else index
        yield from (keyword.value for keyword in call.keywords if keyword.arg == node.id)
        if 0 <= at < len(call.args):
            yield call.args[at]


def _schema(module: Module, receiver: ast.expr) -> str | None:
    """Return the schema of `client.schema("x")`, or of the options that the client was made with."""
    if isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Attribute) and receiver.func.attr == "schema":
        named = [one.value for one in texts_of(module, receiver.args[0])] if receiver.args else []
        return named[0] if len(named) == 1 and HOLE not in named[0] else None
    if isinstance(receiver, ast.Name):
        values = [one.value for one in module.bindings(receiver.id, receiver)[1] if one.value is not None]
        if len(values) == 1:
            for node in ast.walk(values[0]):
                if isinstance(node, ast.keyword) and node.arg == "schema":
                    found = known(module, node.value)
                    return found[0].text if len(found) == 1 else None
            if isinstance(values[0], ast.Call) and "schema" in module.text(values[0].func).rpartition(".")[2]:
                return _schema(module, values[0])
    return ""


def _tables(module: Module, call: ast.Call, steps: list[Step]) -> Iterator[TableUse | Unread]:
    assert isinstance(call.func, ast.Attribute)
    names, lost = _names(module, call, "table")
    yield from lost
    for action in dict.fromkeys(step.name for step in steps if step.name in _ACTIONS):
        found = Found()
        doing = [step for step in steps if step.name == action or step.name not in _ACTIONS]
        if action != "select" and (more := [step for step in steps if step.name == "select"]):
            doing += more
        elif action == "select" and any(step.name in _ACTIONS and step.name != "select" for step in steps):
            continue  # what a write returns
        for step in doing:
            collect(module, step, found)
        end = next((step.call for step in reversed(steps) if step.name == "execute"), call)
        for name in names:
            yield TableUse(
                location=_location(module, call, name),
                client=CLIENT,
                table=name.value,
                action=_ACTIONS[action],
                schema=_schema(module, call.func.value),
                columns=tuple(found.columns),
                embeds=tuple(found.embeds),
                everything=found.everything,
                whole=found.whole,
                always=frozenset(found.always),
                handling=handling(module, end),
                function=module.function(call),
                unread=tuple(found.unread),
                malformed=tuple(found.malformed),
            )


def _function(module: Module, call: ast.Call, steps: list[Step]) -> Iterator[Call | Unread]:
    assert isinstance(call.func, ast.Attribute)
    names, lost = _names(module, call, "function")
    yield from lost
    found = Found()
    for step in steps:
        collect(module, step, found)
    start = Step("rpc", call)
    given = start.argument(1, "params")
    keys = keys_of(module, given) if given is not None else None
    arguments = tuple(Argument(key.name, key.location, key.values) for key in keys.keys.values()) if keys else ()
    unread = [*found.unread, *(Unread(at, "arguments", reason) for at, reason in (keys.open if keys else []))]
    end = next((step.call for step in reversed(steps) if step.name == "execute"), call)
    for name in names:
        yield Call(
            location=_location(module, call, name),
            client=CLIENT,
            name=name.value,
            schema=_schema(module, call.func.value),
            arguments=arguments,
            whole=not keys or not keys.open,
            columns=tuple(found.columns),
            embeds=tuple(found.embeds),
            handling=handling(module, end),
            function=module.function(call),
            unread=tuple(unread),
            malformed=tuple(found.malformed),
        )
