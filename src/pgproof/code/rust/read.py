"""Reader of Rust: strings that are SQL, for sqlx, tokio-postgres, diesel's `sql_query` and SeaORM's statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.queries.placeholders import fill
from pgproof.code.queries.shape import SEED, begins_like_sql, is_statement, looks_like_statement
from pgproof.code.queries.twins import meant_for_another
from pgproof.code.queries.written import Written, hole, join, piece
from pgproof.code.source import SourceFile
from pgproof.code.syntax import Syntax, above
from pgproof.code.usage import Handling, Query
from pgproof.model import Location

if TYPE_CHECKING:
    from tree_sitter import Node

_SEED = re.compile(rb"(?:\bb?r#*)?\"(?:\s|\\\n|--[^\n]*\n|\()*" + SEED.encode(), re.IGNORECASE)
_USES = re.compile(r"\b(?:sqlx|tokio_postgres|postgres|deadpool_postgres|diesel|sea_orm|sea_query|bb8_postgres)\b")
_FOREIGN = re.compile(r"\b(rusqlite|mysql\w*|Sqlite\w*|MySql\w*|clickhouse|duckdb|tiberius|scylla|libsql|D1\w*)\b")
_POSTGRES = re.compile(r"\bPg[A-Z]\w*|\bPostgres\w*|\bpostgres\b")
_SINK = re.compile(
    r"^(?:query\w*|execute\w*|fetch\w*|prepare\w*|sql_query|sql|from_string|from_sql_and_values|batch_execute|copy_\w+|raw\w*"
    r"|simple_query)!?$"
)
_PIECES = re.compile(r"(?:push\w*|append\w*|write_str|\bsql(?:::<.*>)?)$", re.DOTALL)
_BUILDER = re.compile(r"(?:\w+::)*QueryBuilder(?:::<[^()]*>)?::new")
_ROWS_FOLLOW = re.compile(r"^\s*insert\s+into\s+[\w.\"]+\s*\([^()]*\)\s*$", re.IGNORECASE)
"""What `push_values` goes on with."""
_FORMATS = frozenset({"format", "concat", "formatdoc", "indoc", "concatcp", "formatcp"})
_FIELD = re.compile(r"\{\{|\}\}|\{(?P<name>\w*)(?::[^{}]*)?\}")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'", "0": "\0"}


def read(source: SourceFile) -> Iterator[Query]:
    """Yield every SQL text of a file."""
    if not _SEED.search(source.text.encode("utf-8", "replace")) or "cfg(test)" in source.text[:200]:
        return
    client = _client(source.text)
    if client is None:
        return
    code = Syntax("rust", source.path, source.text)
    for node in code.begin(_SEED, "string_literal", "raw_string_literal"):
        if not begins_like_sql(_content(code, node)) or above(node, "attribute_item"):
            continue
        written = _written(code, node)
        if _is_piece(code, node) or _is_of_a_test(code, node) or meant_for_another(code, node):
            continue
        sink = _sink(code, node)
        goes_to = client if sink else ""
        if not (is_statement(written) if goes_to else looks_like_statement(written)):
            continue
        if _is_begun(code, node):
            between = " values " if _ROWS_FOLLOW.search(written.text) else " "
            written = join(
                [written, piece(between, written.line, written.column), hole("{…}", *code.place(node.end_byte), "text")]
            )
        filled = fill(written, goes_to or client)
        if not client and any(filled.text[one.start : one.end] == "?" for one in filled.holes):
            continue  # no client of PostgreSQL writes its parameters so, and the file speaks of another system
        yield Query(
            Location(code.path, written.line, written.column),
            goes_to,
            filled.text,
            filled.holes,
            filled.lines,
            _handling(code, node) if sink else Handling.UNKNOWN,
            _function(code, node),
        )


def _client(text: str) -> str | None:
    """Return the client of a file; `None` when it speaks of another database system alone."""
    foreign, postgres = _FOREIGN.search(text), _POSTGRES.search(text)
    if foreign and not postgres:
        return None
    used = _USES.findall(text)
    if foreign or not used:
        return ""
    return "sqlx" if "sqlx" in used else "tokio-postgres" if any("postgres" in one for one in used) else used[0]


def _content(code: Syntax, node: Node) -> str:
    return code.text(node).lstrip("brc#").lstrip('"').lstrip("\\")


def _written(code: Syntax, node: Node) -> Written:
    """Return the text that a literal begins, with what `format!` and `concat!` put in and add."""
    written = _literal(code, node)
    macro = above(node, "macro_invocation")
    name = _name(code, macro).rpartition("::")[2].rstrip("!") if macro is not None else ""
    if name in ("format", "formatdoc", "formatcp"):
        return _with_fields(written)
    tree = node.parent
    if tree is None or tree.type != "token_tree":
        return written
    parts = [written]
    expects = "+" if name not in ("concat", "concatcp") else ","
    sibling = node.next_sibling
    while sibling is not None and code.text(sibling) == expects:
        item = sibling.next_sibling
        if item is None:
            break
        if item.type in ("string_literal", "raw_string_literal"):
            parts.append(_literal(code, item))
        else:
            parts.append(hole("{" + code.text(item) + "}", *code.place(item.start_byte), "text"))
        sibling = item.next_sibling
    return join(parts)


def _literal(code: Syntax, node: Node) -> Written:
    parts: list[Written] = []
    skip = False
    for child in node.children:
        text = code.text(child)
        if child.type == "string_content":
            start = child.start_byte
            if skip:  # a backslash at the end of a line takes the blanks of the next with it
                stripped = text.lstrip()
                start += len(text.encode()) - len(stripped.encode())
                text = stripped
            parts.append(piece(text, *code.place(start)))
            skip = False
        elif child.type == "escape_sequence":
            skip = text.startswith(("\\\n", "\\\r"))
            parts.append(piece("" if skip else _escaped(text), *code.place(child.start_byte)))
    return (
        join([part for part in parts if part.text])
        if any(part.text for part in parts)
        else piece("", *code.place(node.start_byte))
    )


def _escaped(sequence: str) -> str:
    simple = _ESCAPES.get(sequence[1:])
    if simple is not None:
        return simple
    digits = re.sub(r"[^0-9a-fA-F]", "", sequence[2:])
    return chr(min(int(digits, 16), 0x10FFFF)) if digits else ""


def _with_fields(written: Written) -> Written:
    from pgproof.code.queries.written import cut, place

    parts: list[Written] = []
    position = 0
    for found in _FIELD.finditer(written.text):
        parts.append(cut(written, position, found.start()))
        line, column = place(written.text, written.lines, found.start())
        if found.group() in ("{{", "}}"):
            parts.append(piece(found.group()[0], line, column))
        else:
            parts.append(hole(found.group(), line, column, "text", found["name"] or ""))
        position = found.end()
    parts.append(cut(written, position, len(written.text)))
    return join(parts)


def _sink(code: Syntax, node: Node) -> bool:
    """Whether the text is handed to a function or macro that runs SQL, directly or through the name that it gets."""
    current: Node | None = node
    while current is not None and current.type not in ("function_item", "source_file", "block"):
        if current.type == "macro_invocation":
            name = _name(code, current)
            if name.rpartition("::")[2].rstrip("!") not in _FORMATS:
                return _SINK.match(name.rpartition("::")[2]) is not None
        elif current.type == "call_expression" and (function := current.child_by_field_name("function")) is not None:
            called = code.text(function).partition("::<")[0]
            return _SINK.match(re.split(r"::|\.", called)[-1].strip()) is not None
        elif current.type in ("let_declaration", "const_item", "static_item"):
            return _is_used(code, current)
        current = current.parent
    return False


def _is_begun(code: Syntax, node: Node) -> bool:
    """Whether a `QueryBuilder` gets the text, directly or by its name, to which more is pushed."""
    call = above(node, "call_expression")
    function = call.child_by_field_name("function") if call is not None else None
    if function is not None and _BUILDER.fullmatch(code.text(function)):
        return True
    declaration = above(node, "let_declaration", "const_item", "static_item")
    name = _declared(code, declaration) if declaration is not None else ""
    return bool(name) and re.search(rf"{_BUILDER.pattern}\(\s*&?{name}\b", _scope(code, node)) is not None


def _is_piece(code: Syntax, node: Node) -> bool:
    """Whether the text is added to others, one after the other."""
    macro = above(node, "macro_invocation")
    before = node.prev_sibling
    if macro is not None and _name(code, macro).rpartition("::")[2].rstrip("!") in ("concat", "concatcp"):
        return before is not None and code.text(before) == ","
    call = above(node, "call_expression")
    function = call.child_by_field_name("function") if call is not None else None
    return function is not None and _PIECES.search(code.text(function)) is not None


def _is_of_a_test(code: Syntax, node: Node) -> bool:
    """Whether the text stands in a module or function that is compiled for tests only."""
    current = above(node, "mod_item", "function_item")
    while current is not None:
        attribute = current.prev_named_sibling
        while attribute is not None and attribute.type in ("attribute_item", "line_comment"):
            if re.search(r"\btest\b", code.text(attribute)) and attribute.type == "attribute_item":
                return True
            attribute = attribute.prev_named_sibling
        current = above(current, "mod_item", "function_item")
    return False


def _declared(code: Syntax, declaration: Node) -> str:
    """Return the name that a declaration gives, for a pattern."""
    pattern = declaration.child_by_field_name("pattern") or declaration.child_by_field_name("name")
    return re.escape(code.text(pattern).removeprefix("mut ").strip()) if pattern is not None else ""


def _scope(code: Syntax, node: Node) -> str:
    """Return the text in which the name that a declaration gives is known."""
    function = above(node, "function_item")
    return code.text(function) if function is not None else code.data.decode("utf-8", "replace")


def _is_used(code: Syntax, declaration: Node) -> bool:
    name = _declared(code, declaration)
    if not name:
        return False
    call = r"\b(?:query\w*|execute|prepare\w*|sql_query|fetch\w*)!?(?:::<[^()]*>)?"
    used = re.compile(rf"{call}\(\s*&?(?:\w+\s*,\s*&?)?{name}\b")
    return used.search(_scope(code, declaration)) is not None


def _name(code: Syntax, macro: Node) -> str:
    name = macro.child_by_field_name("macro")
    return code.text(name) + "!" if name is not None else ""


def _function(code: Syntax, node: Node) -> str:
    function = above(node, "function_item")
    name = function.child_by_field_name("name") if function is not None else None
    return code.text(name) if name is not None else ""


def _handling(code: Syntax, node: Node) -> Handling:
    """Return what becomes of the error, which is a value that must be used; `let _ =` and `.ok()` drop it."""
    statement = above(node, "let_declaration", "expression_statement")
    if statement is None:
        return Handling.THROWN
    text = code.text(statement)
    if re.match(r"let\s+_\s*=", text) or re.search(r"\.ok\(\)\s*;?\s*$|\.unwrap_or(?:_default)?\(", text):
        return Handling.IGNORED
    return Handling.THROWN
