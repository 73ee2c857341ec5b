"""SQL in TypeScript: `sql` tags, `query("…")` of the drivers, raw calls of ORMs, and strings that look like SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.queries.dialect import foreign_words
from pgproof.code.queries.placeholders import fill
from pgproof.code.queries.shape import SEED, is_statement, looks_like_statement
from pgproof.code.queries.written import Written
from pgproof.code.source import Project, SourceFile
from pgproof.code.typescript.codebase import Codebase, codebase_of
from pgproof.code.typescript.drivers import client_of, client_of_call, client_of_tag
from pgproof.code.typescript.going import statements_of
from pgproof.code.typescript.known import Ref
from pgproof.code.typescript.module import FUNCTIONS, Module, callee, function_name, nth
from pgproof.code.typescript.raised import when_raised
from pgproof.code.typescript.running import call_of, is_sqlite, name_of_call, parameters
from pgproof.code.typescript.scopes import lookup
from pgproof.code.typescript.strings import adds, is_joined, text_at, whole_of, with_additions
from pgproof.code.typescript.tagged import is_statement_tag, tag_of, tagged
from pgproof.code.usage import Handling, Query
from pgproof.model import Location

if TYPE_CHECKING:
    from tree_sitter import Node

_SEED = re.compile(rb"[\"'`](?:\s|\\n|--[^\n]*\n|(?>/\*.*?\*/)|\()*" + SEED.encode(), re.IGNORECASE | re.DOTALL)
_PIECEWISE = frozenset({"drizzle", "kysely"})
"""Clients whose tagged templates are mostly pieces of what they build: a statement is what is run."""


def read(source: SourceFile, project: Project) -> Iterator[Query]:
    """Yield every SQL text of a file."""
    data = source.text.encode("utf-8", "replace")
    if _SEED.search(data) is None or foreign_words(source.path.rpartition("/")[2]):
        return
    code = codebase_of(project)
    module = code.parsed(source.path, source.text)
    found = [
        (whole, written)
        for whole in _texts(module)
        if (written := _statement(code, module, whole, "")) is not None and is_statement(written)
    ]
    client, foreign = client_of(code, module) if found else ("", "")
    if foreign and not client:
        return
    for whole, written in found:
        code.spent = 0
        tag = _tag(module, whole)
        if tag is not None:
            function = callee(whole)
            own = (client_of_tag(module, function) if function is not None else "") or client
            if own not in _PIECEWISE or _is_run(module, whole):
                yield from _queries(code, module, whole, _statement(code, module, whole, own) or written, own)
        elif not is_sqlite(module, whole):
            call = call_of(module, whole)
            own = client_of_call(name_of_call(module, call), client) if call is not None else client
            known = own if call is not None and not foreign else ""
            yield from _queries(code, module, whole, written, known, style=own, call=call)


def _texts(module: Module) -> Iterator[Node]:
    """Yield the strings, sums and tagged templates that begin like a statement, each once, and no pieces of others."""
    seen: set[int] = set()
    for found in _SEED.finditer(module.data):
        node = _string(module, found.start())
        if node is None or node.start_byte in seen or _is_inner(module, node):
            continue
        seen.add(node.start_byte)
        tagged = tag_of(module, node) is not None and node.parent is not None
        for whole in statements_of(
            module, node.parent if tagged and node.parent is not None else whole_of(module, node)
        ):
            if whole.id not in seen:
                seen.add(whole.id)
                yield whole


def _tag(module: Module, whole: Node) -> str | None:
    given = whole.child_by_field_name("arguments") if whole.type == "call_expression" else None
    return tag_of(module, given) if given is not None else None


def _statement(code: Codebase, module: Module, whole: Node, client: str) -> Written | None:
    """Return the text that an expression is, `None` when it is no text of SQL."""
    tag = _tag(module, whole)
    if tag is None:
        return _with_additions(code, Ref(module, whole))
    template = whole.child_by_field_name("arguments")
    if template is None or not is_statement_tag(module, template, tag):
        return None
    return tagged(code, Ref(module, template), client)


def _with_additions(code: Codebase, ref: Ref) -> Written:
    """Return a text with what `+=` adds to the variable that it is the first value of."""
    written = text_at(code, ref)
    above = ref.node.parent
    name = above.child_by_field_name("name") if above is not None and above.type == "variable_declarator" else None
    binding = lookup(ref.module, name, ref.module.text(name)) if name is not None else None
    return with_additions(code, ref, binding, written) if binding is not None else written


def _is_run(module: Module, whole: Node) -> bool:
    """Whether a tagged template is given to what runs it, or runs itself, as `sql`…`.execute(db)` does."""
    above = whole.parent
    if above is not None and above.type == "member_expression":
        name = above.child_by_field_name("property")
        return name is not None and module.text(name) == "execute"
    return call_of(module, whole) is not None


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
    filled = fill(written, client or style, parameters(code, module, call))
    yield Query(
        Location(module.path, written.line, written.column),
        client,
        filled.text,
        filled.holes,
        filled.lines,
        when_raised(module, call or node) if client else Handling.UNKNOWN,
        function_name(module, node),
    )


def _string(module: Module, at: int) -> Node | None:
    """Return the string or template that begins at an offset."""
    node = module.root.named_descendant_for_byte_range(at, at + 1)
    while node is not None and node.type in ("string_fragment", "escape_sequence"):
        node = node.parent
    return node if node is not None and node.start_byte == at and node.type in ("string", "template_string") else None


def _is_inner(module: Module, node: Node) -> bool:
    """Whether a text is put into another one, or is added to one."""
    above = node.parent
    inner = node
    while above is not None and above.type not in FUNCTIONS:
        if above.type == "template_substitution":
            return True
        if above.type == "array" and is_joined(module, above) and nth(above, 0) != inner:
            return True
        if above.type == "binary_expression":
            left = above.child_by_field_name("left")
            if left is not None and left.start_byte != inner.start_byte and adds(above):
                return True
        elif above.type in ("arguments", "variable_declarator", "pair", "return_statement", "expression_statement"):
            inner = above
        above = above.parent
    return False
