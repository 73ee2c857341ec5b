"""SQL in Python: psycopg, asyncpg, SQLAlchemy's `text()`, Django's cursors, and strings that look like SQL."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pgproof.code.python.connection import connection, modules, other_system
from pgproof.code.python.guards import guarded
from pgproof.code.python.handling import handling
from pgproof.code.python.module import Module
from pgproof.code.python.texts import texts
from pgproof.code.python.values import known
from pgproof.code.queries.dialect import foreign_words
from pgproof.code.queries.placeholders import fill
from pgproof.code.queries.shape import begins_like_sql, is_statement, looks_like_statement
from pgproof.code.queries.written import Written
from pgproof.code.usage import Handling, Literal, Query, Unread
from pgproof.model import Location

_CLIENTS = {
    "aiopg": "psycopg",
    "aiosql": "aiosql",
    "asyncpg": "asyncpg",
    "databases": "sqlalchemy",
    "django": "django",
    "pg8000": "psycopg",
    "psycopg": "psycopg",
    "psycopg2": "psycopg",
    "psycopg_pool": "psycopg",
    "sqlalchemy": "sqlalchemy",
    "sqlmodel": "sqlalchemy",
}
_SINK = re.compile(
    r"execut|fetch|query|\braw\b|^exec|sql|^cursor$|scalar|^prepare|mogrify|^stream|iterate|^copy|^text$|^run$|^select",
    re.IGNORECASE,
)
_FETCHES = frozenset({"fetch", "fetchrow", "fetchval", "fetchmany"})
_BINDS_BY_COLON = frozenset({"fetch_all", "fetch_one", "fetch_val", "iterate", "execute_many"})
_DOLLAR = re.compile(r"\$\d")
_FORMAT = re.compile(r"%(?:\(\w+\))?s")
_COLON = re.compile(r"(?<![:\w]):[a-z_]\w*", re.IGNORECASE)
_QUESTION = re.compile(r"[=(,<>]\s*\?|\blike\s+\?|\?\s*[,)]", re.IGNORECASE)
_SAYS = re.compile(
    r"log|print|warn|info|debug|error|append|add|write|format|join|match|search|sub|assert", re.IGNORECASE
)
"""Methods that do something else with a text than to run it."""
_CHANGES = frozenset({"format", "format_map", "replace", "strip", "lstrip", "rstrip"})
"""Methods of a text that make the text that is run."""
_MIGRATION = ("alembic", "django.db.migrations", "yoyo", "peewee_migrate", "aerich", "piccolo.apps.migrations")


@dataclass(frozen=True, slots=True)
class _Sink:
    """A call that a text goes to: the client, the values that are bound, and whether anything is."""

    call: ast.Call
    client: str
    parameters: Mapping[str, Literal]
    bound: bool


def read_sql(module: Module) -> Iterator[Query | Unread]:
    """Yield every SQL text of a module.

    A migration that is written in Python speaks of the schema as it was then: nothing is yielded for one.
    """
    if any(name.startswith(_MIGRATION) for name in module.modules):
        return
    clients = sorted({_CLIENTS[root] for name in module.modules if (root := name.partition(".")[0]) in _CLIENTS})
    foreign = _foreign(module)
    taken: set[tuple[int, int]] = set()
    calls = [node for node in module.nodes if isinstance(node, ast.Call) and _SINK.search(_method(node))]
    for call in sorted(calls, key=lambda one: _method(one) == "text"):  # what runs it says more than what wraps it
        for argument in call.args[:2]:
            if isinstance(argument, ast.Constant) and not isinstance(argument.value, str):
                continue
            for written in texts(module, argument):
                place = (written.line, written.column)
                if not written.lines or place in taken or not is_statement(written):
                    continue
                taken.add(place)
                sink = _sink(module, call, argument, written, clients, foreign)
                if sink is not None:
                    yield _query(module, written, sink)
    yield from _loose(module, clients, foreign, taken)


def _query(module: Module, written: Written, sink: _Sink) -> Query:
    filled = fill(written, sink.client, sink.parameters, bound=sink.bound)
    return Query(
        Location(module.path, written.line, written.column),
        sink.client,
        filled.text,
        filled.holes,
        filled.lines,
        handling(module, sink.call),
        module.function(sink.call),
    )


def _loose(module: Module, clients: list[str], foreign: str, taken: set[tuple[int, int]]) -> Iterator[Query]:
    """Yield the strings that look like SQL and go nobody knows where: constants for other modules, arguments."""
    for node in module.nodes:
        if not isinstance(node, ast.Constant | ast.JoinedStr) or not _may_begin(node):
            continue
        whole = _whole(module, node)
        if isinstance(module.parents.get(whole), ast.Expr):
            continue  # a docstring
        if _is_inner(module, whole):
            continue
        for written in texts(module, whole):
            place = (written.line, written.column)
            if not written.lines or place in taken or not looks_like_statement(written):
                continue
            taken.add(place)
            client = _by_style(written.text, clients, foreign, "")
            if client is None:
                continue
            filled = fill(written, client)
            yield Query(
                Location(module.path, *place),
                "",
                filled.text,
                filled.holes,
                filled.lines,
                _given_to(module, whole),
                module.function(node),
            )


def _given_to(module: Module, whole: ast.expr) -> Handling:
    """Return what becomes of the error when the text is what a method is called with: it is probably run."""
    if guarded(module, whole):
        return Handling.EXPECTED
    call = module.parents.get(whole)
    if not (isinstance(call, ast.Call) and whole in call.args and isinstance(call.func, ast.Attribute)):
        return Handling.UNKNOWN
    return Handling.UNKNOWN if _SAYS.search(call.func.attr) else handling(module, call)


def _is_inner(module: Module, node: ast.expr) -> bool:
    """Whether a text is put into another one, or is added to one."""
    current: ast.AST = node
    while isinstance(above := module.parents.get(current), ast.expr | ast.FormattedValue):
        if isinstance(above, ast.FormattedValue):
            return True
        if isinstance(above, ast.BinOp) and isinstance(above.op, ast.Add) and above.right is current:
            return True
        if isinstance(above, ast.Call | ast.Dict | ast.List | ast.Tuple):
            return False
        current = above
    return isinstance(above, ast.AugAssign)


def _may_begin(node: ast.Constant | ast.JoinedStr) -> bool:
    first = node if isinstance(node, ast.Constant) else next(iter(node.values), None)
    return isinstance(first, ast.Constant) and isinstance(first.value, str) and begins_like_sql(first.value)


def _whole(module: Module, node: ast.expr) -> ast.expr:
    """Return the concatenation, formatting or f-string that begins with a string."""
    current: ast.expr = node
    while True:
        parent = module.parents.get(current)
        if isinstance(parent, ast.JoinedStr) or (isinstance(parent, ast.BinOp) and parent.left is current):
            current = parent
        elif isinstance(parent, ast.Attribute) and parent.attr in _CHANGES:
            call = module.parents.get(parent)
            if not isinstance(call, ast.Call):
                return current
            current = call
        else:
            return current


def _sink(
    module: Module, call: ast.Call, argument: ast.expr, written: Written, clients: list[str], foreign: str
) -> _Sink | None:
    """Return what a call does with a text; `None` when it goes to another database system."""
    method = _method(call)
    ran_on = connection(call)
    if ran_on is not None:
        if other_system(module, ran_on):
            return None
        known = {name.partition(".")[0] for name in modules(module, ran_on)} if foreign else set()
        if known and known <= _CLIENTS.keys():
            clients, foreign = sorted({_CLIENTS[one] for one in known}), ""
    client = _by_style(written.text, clients, foreign, method)
    if client is None:
        return None
    if method == "text" or (isinstance(argument, ast.Call) and _method(argument) == "text"):
        client = "sqlalchemy"
    elif isinstance(argument, ast.Call) and _method(argument) == "format" and "SQL" in module.text(argument)[:40]:
        client = "psycopg"
    rest = call.args[call.args.index(argument) + 1 :]
    return _Sink(call, client, _parameters(module, rest, client), bool(rest or call.keywords) or client != "psycopg")


def _by_style(text: str, clients: list[str], foreign: str, method: str) -> str | None:
    """Return the client whose parameters are in the text; `None` when only another database system's are."""
    if (foreign and not clients) or (_QUESTION.search(text) and not (_DOLLAR.search(text) or _FORMAT.search(text))):
        return None
    if len(clients) == 1 and not foreign:
        return clients[0]
    if _DOLLAR.search(text):
        return "asyncpg" if "asyncpg" in clients or method in _FETCHES else next(iter(clients), "")
    if _FORMAT.search(text):
        return next((one for one in ("psycopg", "django") if one in clients), "")
    if _COLON.search(text) and ("sqlalchemy" in clients or method in _BINDS_BY_COLON):
        return "sqlalchemy"
    return clients[0] if clients and not foreign else ""


def _foreign(module: Module) -> str:
    """Return the other database system that the file's imports or its folders tell of, or `""`."""
    roots = {name for name in module.modules if name.partition(".")[0] not in _CLIENTS}
    found = next((system for name in sorted(roots) if (system := foreign_words(name.partition(".")[0]))), "")
    return found or foreign_words(module.path.removesuffix(".py"))


def _parameters(module: Module, rest: list[ast.expr], client: str) -> Mapping[str, Literal]:
    """Return the values that stand in the call, by name or number."""
    if client == "asyncpg":
        values = dict(enumerate(rest, 1))
    elif rest and isinstance(rest[0], ast.List | ast.Tuple):
        values = dict(enumerate(rest[0].elts, 1))
    elif rest and isinstance(rest[0], ast.Dict):
        pairs = zip(rest[0].keys, rest[0].values, strict=True)
        return _single(module, {key.value: value for key, value in pairs if isinstance(key, ast.Constant)})
    else:
        return {}
    if any(isinstance(value, ast.Starred) for value in values.values()):
        return {}
    return _single(module, values)


def _single(module: Module, values: Mapping[Any, ast.expr]) -> dict[str, Literal]:
    found = {str(name): known(module, value) for name, value in values.items()}
    return {name: several[0] for name, several in found.items() if len(several) == 1}


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
