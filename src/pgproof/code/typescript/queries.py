"""SQL in TypeScript: `sql` tags, `query("…")` of the drivers, raw calls of ORMs, and strings that look like SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.queries.dialect import foreign_words
from pgproof.code.queries.placeholders import fill
from pgproof.code.queries.shape import SEED, is_statement, looks_like_statement
from pgproof.code.queries.written import Written, hole, join, piece
from pgproof.code.source import Project, SourceFile
from pgproof.code.typescript.codebase import Codebase, codebase_of
from pgproof.code.typescript.drivers import client_of
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import Open, Ref
from pgproof.code.typescript.literal import literals
from pgproof.code.typescript.module import FUNCTIONS, Module, arguments, bare, escaped, function_name, nth
from pgproof.code.typescript.raised import when_raised
from pgproof.code.usage import Handling, Literal, Query
from pgproof.model import Location

if TYPE_CHECKING:
    from tree_sitter import Node

_SEED = re.compile(rb"[\"'`](?:\s|\\n|--[^\n]*\n|(?>/\*.*?\*/)|\()*" + SEED.encode(), re.IGNORECASE | re.DOTALL)
_SINKS = re.compile(
    r"^(?:query\w*|execute\w*|unsafe|raw|exec|any|one|many|none|oneOrNone|manyOrNone|oneFirst|maybeOne\w*|anyFirst|manyFirst"
    r"|result|multi|task|stream|\$(?:query|execute)Raw(?:Unsafe)?|sql|sqlQuery|runQuery|rawQuery|prepare|fetch\w*|simple|run)$"
)
_TAGS = re.compile(
    r"(?:^|\.)(?:sql\w*|SQL|\$(?:query|execute)Raw|queryRaw|pgsql|psql|tx|trx|db|client|conn|connection|pg|t)$"
)
_FRAGMENTS = re.compile(
    r"^(?:sql|SQL|Prisma|tx|trx|db)(?:\.(?:raw|unsafe|join|fragment|sql|empty|and|or|append|unprepared|lit|literal|val|unnest"
    r"|array))?$|^(?:and|or|eq|ne|gt|gte|lt|lte|not|desc|asc|inArray|exists|isNull|isNotNull|like|ilike|between|raw|join)$"
)
_EXPO_SQLITE = frozenset({"runAsync", "getAllAsync", "getFirstAsync", "getEachAsync", "execAsync", "prepareAsync"})
_NAMES = re.compile(r"^\w+\.(?:identifier|ident|id|ref|table|column|dynamic|name)$")
_SQL_TYPE = re.compile(
    r"\b(?:Sql|SQL|SQLWrapper|SqlFragment|QuerySqlToken|Fragment|PendingQuery|RawBuilder|Expression|AnyColumn|PgColumn|PgTable)\b"
)
_SQL_NAME = re.compile(
    r"(?:where|clause|fragment|filters?|condition|cond|order|column|cols|sql|query|join|cte|table|limit|offset|sort|search|group|having|select|set)(?:s|Sql|SQL|By)?$",
    re.IGNORECASE,
)
_DEPTH = 6
_PIECEWISE = frozenset({"drizzle"})
"""Clients in whose tags a bare name may be a column or a table."""


def read(source: SourceFile, project: Project) -> Iterator[Query]:
    """Yield every SQL text of a file."""
    data = source.text.encode("utf-8", "replace")
    if _SEED.search(data) is None or foreign_words(source.path.rpartition("/")[2]):
        return
    code = codebase_of(project)
    module = code.parsed(source.path, source.text)
    found = [
        (node, written)
        for node in _strings(module)
        if (written := _statement(code, module, node)) is not None and is_statement(written)
    ]
    client, foreign = client_of(code, module) if found else ("", "")
    if foreign and not client:
        return
    for node, written in found:
        code.spent = 0
        tag = _tag(module, node)
        if tag is not None:
            written = _tagged(code, module, node, client)
            yield from _queries(code, module, node, written, client or _of_tag(tag))
            continue
        if _is_sqlite(module, _whole(node)):
            continue
        call = _call(code, module, _whole(node))
        known = client if call is not None and not foreign else ""
        yield from _queries(code, module, _whole(node), written, known, style=client, call=call)


def _strings(module: Module) -> Iterator[Node]:
    """Yield the strings and templates that begin like a statement, each once, and none that is put into another."""
    seen: set[int] = set()
    for found in _SEED.finditer(module.data):
        node = _string(module, found.start())
        if node is not None and node.start_byte not in seen and not _is_inner(node):
            seen.add(node.start_byte)
            yield node


def _statement(code: Codebase, module: Module, node: Node) -> Written | None:
    """Return the text that begins with a string, `None` when it is no text of SQL."""
    tag = _tag(module, node)
    if tag is None:
        return _text(code, Ref(module, _whole(node)))
    if not (_TAGS.search(tag) or tag.startswith("sql")) or _is_continued(module, node):
        return None
    return _tagged(code, module, node, "")


def _queries(
    code: Codebase,
    module: Module,
    node: Node,
    written: Written,
    client: str,
    *,
    style: str = "",
    call: Node | None = None,
) -> Iterator[Query]:
    if not (is_statement(written) if client else looks_like_statement(written)):
        return
    filled = fill(written, client or style, _parameters(code, module, call))
    yield Query(
        Location(module.path, written.line, written.column),
        client,
        filled.text,
        filled.holes,
        filled.lines,
        when_raised(module, call or node) if client else Handling.UNKNOWN,
        function_name(module, node),
    )


def _is_continued(module: Module, node: Node) -> bool:
    """Whether more is appended to a tagged template: then it is a piece of a statement."""
    above = node.parent.parent if node.parent is not None else None
    name = above.child_by_field_name("property") if above is not None and above.type == "member_expression" else None
    return name is not None and module.text(name) in ("append", "concat")


def _of_tag(tag: str) -> str:
    return "prisma" if "Raw" in tag else ""


def _string(module: Module, at: int) -> Node | None:
    """Return the string or template that begins at an offset."""
    node = module.root.named_descendant_for_byte_range(at, at + 1)
    while node is not None and node.type in ("string_fragment", "escape_sequence"):
        node = node.parent
    return node if node is not None and node.start_byte == at and node.type in ("string", "template_string") else None


def _is_inner(node: Node) -> bool:
    """Whether a text is put into another one, or is added to one."""
    above = node.parent
    inner = node
    while above is not None and above.type not in FUNCTIONS:
        if above.type == "template_substitution":
            return True
        if above.type == "binary_expression":
            left = above.child_by_field_name("left")
            if left is not None and left.start_byte != inner.start_byte and _adds(above):
                return True
        elif above.type in ("arguments", "variable_declarator", "pair", "return_statement", "expression_statement"):
            inner = above
        above = above.parent
    return False


def _adds(node: Node) -> bool:
    operator = node.child_by_field_name("operator")
    return operator is not None and operator.type == "+"


def _tag(module: Module, node: Node) -> str | None:
    """Return the tag of a template as it is written, without its type arguments."""
    call = node.parent
    if node.type != "template_string" or call is None or call.type != "call_expression":
        return None
    function = call.child_by_field_name("function")
    given = call.child_by_field_name("arguments")
    if function is None or given is None or given.id != node.id:
        return None
    return re.sub(r"<.*>|\s|[?!]", "", module.text(function), flags=re.DOTALL)


def _tagged(code: Codebase, module: Module, node: Node, client: str) -> Written:
    """Return the text of a tagged template: what stands in it comes in as a value, unless it is a piece of SQL."""
    parts: list[Written] = []
    for child in node.named_children:
        if child.type != "template_substitution":
            if child.type != "comment":
                parts.append(piece(escaped(module, child), *module.place(child.start_byte)))
            continue
        inner = nth(child, 0)
        kind, values = _filling(code, Ref(module, inner), client) if inner is not None else ("text", ())
        parts.append(hole(module.text(child), *module.place(child.start_byte), kind, values=values))
    return join(parts) if parts else piece("", *module.place(node.start_byte))


def _filling(code: Codebase, ref: Ref, client: str) -> tuple[str, tuple[Literal, ...]]:
    """Return what kind of hole an expression in a tagged template fills, and its values."""
    kinds: set[str] = set()
    for known in follow(code, ref):
        kinds.add(_kind(known, ref, client))
    for kind in ("identifier", "text"):
        if kind in kinds:
            return kind, ()
    return "value", _single(code, ref)


def _single(code: Codebase, ref: Ref) -> tuple[Literal, ...]:
    """Return the value of an expression that can be one thing only."""
    found = literals(code, ref)
    return found if len(found) == 1 and len(follow(code, ref)) == 1 else ()


def _kind(known: object, ref: Ref, client: str) -> str:
    node, module = (known.node, known.module) if isinstance(known, Ref) else (bare(ref.node), ref.module)
    if isinstance(known, Ref) and node.type in ("call_expression", "new_expression"):
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        name = re.sub(r"<.*>|\s", "", module.text(function), flags=re.DOTALL) if function is not None else ""
        if _NAMES.search(name):
            return "identifier"
        if _FRAGMENTS.search(name) or name.endswith((".sql", "Table", ".as", ".raw", ".join")):
            return "text"
    if isinstance(known, Open) and known.ref is not None and _says_sql(known.ref):
        return "text"
    if node.type in ("identifier", "member_expression", "subscript_expression"):
        written = ref.module.text(ref.node)
        last = re.split(r"[.\[]", written)[-1]
        if client in _PIECEWISE or _SQL_NAME.search(last) or written.startswith(("Prisma.", "sql.")):
            return "text"
    if node.type == "call_expression" and client in _PIECEWISE:
        return "text"
    return "value"


def _says_sql(ref: Ref) -> bool:
    """Whether the declaration of something unknown names a type that is a piece of SQL."""
    above = ref.node
    while above.parent is not None and above.type not in ("required_parameter", "variable_declarator", *FUNCTIONS):
        above = above.parent
    return above.type not in FUNCTIONS and _SQL_TYPE.search(ref.module.text(above)[:200]) is not None


def _text(code: Codebase, ref: Ref, depth: int = 0) -> Written:
    """Return the text of a string, a template or a sum. Only what is a string elsewhere in the code is put in."""
    node, module = bare(ref.node), ref.module
    if node.type in ("string", "template_string"):
        parts = [_part(code, ref, child, depth) for child in node.named_children if child.type != "comment"]
        return join(parts) if parts else piece("", *module.place(node.start_byte + 1))
    if node.type == "binary_expression" and (operands := _operands(node)):
        return join([_text(code, ref.to(one), depth + 1) for one in operands])
    if node.type == "call_expression" and (callee := node.child_by_field_name("function")) is not None:
        inner, name = callee.child_by_field_name("object"), callee.child_by_field_name("property")
        if inner is not None and name is not None and module.text(name) == "trim":
            return _text(code, ref.to(inner), depth + 1)
    return _filled(code, ref, depth)


def _operands(node: Node) -> list[Node]:
    """Return what a sum adds, from the left; nothing when it is no sum alone."""
    found: list[Node] = []
    current = node
    while current.type == "binary_expression":
        left, right = current.child_by_field_name("left"), current.child_by_field_name("right")
        if left is None or right is None or not _adds(current):
            return []
        found.append(right)
        current = bare(left)
    return [current, *reversed(found)]


def _part(code: Codebase, ref: Ref, child: Node, depth: int) -> Written:
    if child.type != "template_substitution":
        return piece(escaped(ref.module, child), *ref.module.place(child.start_byte))
    inner = nth(child, 0)
    return _filled(code, ref.to(inner), depth) if inner is not None else piece("", *ref.module.place(child.start_byte))


def _filled(code: Codebase, ref: Ref, depth: int) -> Written:
    """Return what an expression puts in: the text of a constant of this file, else a hole with the texts it may be."""
    shown = "${" + ref.module.text(ref.node)[:80] + "}"
    place = ref.module.place(ref.node.start_byte)
    found = follow(code, ref) if depth < _DEPTH else []
    strings = [known for known in found if isinstance(known, Ref) and _is_string(known.node)]
    if not strings or len(strings) != len(found):
        return hole(shown, *place, "text")
    if len(strings) == 1 and strings[0].module is ref.module and strings[0].node.id != ref.node.id:
        return _text(code, strings[0], depth + 1)
    texts = [_text(code, one, depth + 1) for one in strings]
    if any(one.holes for one in texts):
        return hole(shown, *place, "text")
    return hole(shown, *place, "text", values=[Literal("string", one.text) for one in texts])


def _is_string(node: Node) -> bool:
    return node.type in ("string", "template_string")


def _whole(node: Node) -> Node:
    """Return the sum or the chain of calls that begins with a string."""
    current = node
    while (parent := current.parent) is not None:
        above = parent.parent
        first = parent.child_by_field_name("left") if parent.type == "binary_expression" else current
        if parent.type in ("binary_expression", "parenthesized_expression", "as_expression") and first == current:
            current = parent
        elif parent.type == "member_expression" and above is not None and above.type == "call_expression":
            name = parent.child_by_field_name("property")
            if name is None or name.text not in (b"trim", b"concat"):
                return current
            current = above
        else:
            return current
    return current


def _is_sqlite(module: Module, whole: Node) -> bool:
    """Whether a text is given to a method of expo-sqlite's, which no driver of PostgreSQL has."""
    call = whole.parent.parent if whole.parent is not None and whole.parent.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    name = function.child_by_field_name("property") if function is not None else None
    return name is not None and module.text(name) in _EXPO_SQLITE


def _call(code: Codebase, module: Module, whole: Node) -> Node | None:
    """Return the call that runs a text: it is an argument, its `text` property, or the value of a name that is one."""
    parent = whole.parent
    if parent is not None and parent.type == "arguments" and parent.parent is not None:
        return parent.parent if _is_sink(module, parent.parent) else None
    if parent is not None and parent.type == "pair":
        key = parent.child_by_field_name("key")
        above = parent.parent.parent if parent.parent is not None else None
        if (
            key is not None
            and module.text(key) in ("text", "sql", "query")
            and above is not None
            and above.type == "arguments"
        ):
            return above.parent if above.parent is not None and _is_sink(module, above.parent) else None
    if parent is None or parent.type not in ("variable_declarator", "assignment_expression"):
        return None
    name = parent.child_by_field_name("name") or parent.child_by_field_name("left")
    if name is None or name.type != "identifier":
        return None
    for use in module.words(module.text(name)):
        above = use.parent
        if (
            above is not None
            and above.type == "arguments"
            and above.parent is not None
            and _is_sink(module, above.parent)
        ):
            return above.parent
    return None


def _is_sink(module: Module, call: Node) -> bool:
    function = call.child_by_field_name("function")
    if function is None:
        return False
    name = function.child_by_field_name("property") if function.type == "member_expression" else function
    return name is not None and _SINKS.match(module.text(name)) is not None


def _parameters(code: Codebase, module: Module, call: Node | None) -> dict[str, Literal]:
    """Return the values of `query(text, [a, b])` that stand in the code."""
    given = arguments(call) if call is not None else []
    if len(given) < 2 or given[1].type != "array":
        return {}
    found: dict[str, Literal] = {}
    for number, child in enumerate((one for one in given[1].named_children if one.type != "comment"), 1):
        if child.type == "spread_element":
            return {}
        if values := _single(code, Ref(module, child)):
            found[str(number)] = values[0]
    return found
