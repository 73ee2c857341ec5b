"""Reader of Go: strings that are SQL, for database/sql, pgx, sqlx and gorm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.go.texts import Package, text_of, with_verbs
from pgproof.code.queries.dialect import foreign_words, names_postgresql
from pgproof.code.queries.placeholders import Filled, fill
from pgproof.code.queries.shape import SEED, begins_like_sql, is_statement, looks_like_statement
from pgproof.code.queries.twins import meant_for_another
from pgproof.code.queries.written import Written, hole, join, piece
from pgproof.code.source import Project, SourceFile
from pgproof.code.syntax import Syntax, above, named
from pgproof.code.usage import Handling, Query
from pgproof.model import Location

if TYPE_CHECKING:
    from tree_sitter import Node

_SEED = re.compile(rb"[\"`](?:\s|--[^\n]*\n|\()*" + SEED.encode(), re.IGNORECASE)
_IMPORTS = "(import_spec path: (_) @it)"
_CLIENTS = (
    ("github.com/jackc/pgx", "pgx"),
    ("github.com/jackc/pgxutil", "pgx"),
    ("github.com/georgysavva/scany", "pgx"),
    ("gorm.io/", "gorm"),
    ("github.com/uptrace/bun", "gorm"),
    ("github.com/jmoiron/sqlx", "sqlx (go)"),
    ("github.com/lib/pq", "database/sql"),
    ("database/sql", "database/sql"),
)
_SINK = re.compile(
    r"(?:Query|Exec|Get|Select|Prepare|Raw|Queue|SendBatch|Row|Scan|NamedExec|Rebind|Sql|SQL)", re.IGNORECASE
)
_REBINDS = re.compile(r"\.Rebind\(")
"""What puts PostgreSQL's parameters in the place of `?`."""
_LOGS = re.compile(
    r"\b(?:log|logger|slog|zap|logrus|l|level)\b.*\.(?:\w*(?:Err|Warn|Print|Info|Debug)\w*)\(", re.IGNORECASE
)


def read(source: SourceFile, project: Project) -> Iterator[Query]:
    """Yield every SQL text of a file."""
    if not _SEED.search(source.text.encode("utf-8", "replace")):
        return
    code = Syntax("go", source.path, source.text)
    imports = [code.text(node).strip('"`') for node in code.find(_IMPORTS)]
    if any("goose" in one and "AddMigration" in source.text for one in imports):
        return  # a migration speaks of the schema as it was then
    client = next((client for path, client in _CLIENTS if any(one.startswith(path) for one in imports)), "")
    if client in ("", "database/sql") and _REBINDS.search(source.text):
        client = "sqlx (go)"
    foreign = next((system for one in imports if (system := foreign_words(one))), "")
    if foreign and not any(map(names_postgresql, imports)):
        return
    package = Package(code, project)
    seen: set[tuple[int, int]] = set()
    for node in code.begin(_SEED, "interpreted_string_literal", "raw_string_literal"):
        if not begins_like_sql(code.text(node)[1:]):
            continue
        whole = _whole(code, node)
        if (whole.parent is not None and whole.parent.type == "binary_expression") or _is_added(code, whole):
            continue  # something comes before it
        if meant_for_another(code, whole):
            continue
        written = text_of(code, whole, package)
        if written is None or (written.line, written.column) in seen:
            continue
        seen.add((written.line, written.column))
        if (end := _more(code, whole)) is not None:
            written = join([written, piece(" ", written.line, written.column), end])
        call = _call(code, whole)
        if call is None or end is not None:  # the format of a later Sprintf, as it may be
            written = with_verbs(written)
        known = client if call is not None and not foreign else ""
        if not (is_statement(written) if known else looks_like_statement(written)):
            continue
        yield _query(code, written, known, fill(written, known or client), call, whole)


def _query(code: Syntax, written: Written, client: str, filled: Filled, call: Node | None, whole: Node) -> Query:
    function = above(whole, "function_declaration", "method_declaration")
    name = function.child_by_field_name("name") if function is not None else None
    return Query(
        Location(code.path, written.line, written.column),
        client,
        filled.text,
        filled.holes,
        filled.lines,
        _handling(code, call) if call is not None else Handling.UNKNOWN,
        code.text(name) if name is not None else "",
    )


def _whole(code: Syntax, node: Node) -> Node:
    """Return the sum or the call of Sprintf that begins with a string."""
    current = node
    while (parent := current.parent) is not None:
        first = parent.child_by_field_name("left") if parent.type == "binary_expression" else current
        if parent.type in ("binary_expression", "parenthesized_expression") and first == current:
            current = parent
        elif parent.type == "argument_list" and named(parent)[0] == current and _is_sprintf(code, parent.parent):
            current = parent.parent  # type: ignore[assignment]
        else:
            break
    return current


def _is_sprintf(code: Syntax, call: Node | None) -> bool:
    function = call.child_by_field_name("function") if call is not None else None
    return function is not None and code.text(function) in ("fmt.Sprintf", "strings.TrimSpace")


def _call(code: Syntax, whole: Node) -> Node | None:
    """Return the call that a text is handed to: directly, or by the name that it is bound to in the function."""
    parent = whole.parent
    if parent is not None and parent.type == "argument_list" and (call := parent.parent) is not None:
        return call if _is_sink(code, call) else None
    declaration = above(whole, "short_var_declaration", "const_spec", "var_spec", "assignment_statement")
    function = above(whole, "function_declaration", "method_declaration", "func_literal")
    if declaration is None or function is None or whole.parent is None:
        return None
    name = next((code.text(one) for one in _identifiers(declaration)), "")
    return next((call for call in _calls(function) if _is_sink(code, call) and _takes(code, call, name)), None)


def _more(code: Syntax, whole: Node) -> Written | None:
    """Return a hole for what is added later to the variable that a text is bound to, `None` when nothing is."""
    declaration = above(whole, "short_var_declaration", "var_spec", "assignment_statement")
    if declaration is None or whole.parent is None or whole.parent.type == "argument_list":
        return None
    name = next((code.text(one) for one in _targets(declaration)), "")
    function = above(whole, "function_declaration", "method_declaration") or above(whole, "func_literal")
    if not name or function is None:
        return None
    added = re.compile(
        rf"(?<![\w.]){re.escape(name)}\s*(?:\+=|:?=(?!\s*[\w.]+\.Rebind\(\s*{re.escape(name)}\s*\))[^=;\n]*(?<![\w.]){re.escape(name)}\b)"
    )
    found = added.search(code.text(function), _offset(code, function, declaration.end_byte))
    return hole("{" + name + "}", *code.place(declaration.end_byte), "text") if found else None


def _is_added(code: Syntax, whole: Node) -> bool:
    """Whether a text is added to what a variable holds: `query += "…"`."""
    statement = above(whole, "assignment_statement")
    left = statement.child_by_field_name("left") if statement is not None else None
    beyond = above(whole, "argument_list", "func_literal")
    if statement is None or left is None or (beyond is not None and beyond.start_byte > statement.start_byte):
        return False
    return code.data[left.end_byte :].lstrip().startswith(b"+=")


def _offset(code: Syntax, function: Node, byte: int) -> int:
    """Return the offset in a function's text of a byte of the file."""
    return len(code.data[function.start_byte : byte].decode("utf-8", "replace"))


def _targets(declaration: Node) -> Iterator[Node]:
    """Yield the names on the left of a declaration or an assignment."""
    left = declaration.child_by_field_name("left") or declaration
    yield from (child for child in left.children if child.type in ("identifier", "selector_expression"))


def _identifiers(declaration: Node) -> Iterator[Node]:
    left = declaration.child_by_field_name("left") or declaration
    yield from (child for child in left.children if child.type == "identifier")


def _calls(function: Node) -> Iterator[Node]:
    waiting = [function]
    while waiting:
        node = waiting.pop(0)
        if node.type == "call_expression":
            yield node
        waiting.extend(node.named_children)


def _is_sink(code: Syntax, call: Node) -> bool:
    function = call.child_by_field_name("function")
    return function is not None and _SINK.search(code.text(function).rpartition(".")[2]) is not None


def _takes(code: Syntax, call: Node, name: str) -> bool:
    arguments = call.child_by_field_name("arguments")
    return arguments is not None and any(
        child.type == "identifier" and code.text(child) == name for child in arguments.children
    )


def _handling(code: Syntax, call: Node) -> Handling:
    """Return what becomes of the error: it is a value in Go, and may be left lying."""
    statement = above(call, "short_var_declaration", "assignment_statement", "expression_statement", "return_statement")
    if statement is None or statement.type == "return_statement":
        return Handling.THROWN
    if statement.type == "expression_statement":
        ends = above(call, "selector_expression")
        return Handling.IGNORED if ends is None else Handling.UNKNOWN
    left = statement.child_by_field_name("left")
    targets = [code.text(one) for one in named(left)] if left is not None else []
    if targets and targets[-1] == "_":
        return Handling.IGNORED
    following = statement.next_named_sibling
    body = code.text(following) if following is not None and following.type == "if_statement" else ""
    if body and "return" not in body and "panic" not in body and _LOGS.search(body):
        return Handling.LOGGED
    return Handling.THROWN
