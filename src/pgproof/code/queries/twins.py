"""Which database system a text is meant for when a program has one text for each: the branch or key that it stands in.

`map[Engine]string{Postgres: "…", SQLite: "…"}`, `case "mysql":`, `Backend::Sqlite => "…"`, `#[cfg(feature = "mysql")]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.queries.dialect import foreign_words, names_postgresql
from pgproof.code.syntax import Syntax

if TYPE_CHECKING:
    from tree_sitter import Node

_CAPITALS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ONE_WORD = re.compile(r"my_?sql|sqlite|postgres(?:ql)?", re.IGNORECASE)
_NOT = re.compile(r"!=|\bnot\s*\(|^\(?\s*!")
_FEATURE = re.compile(r'\bfeature\s*=\s*"')
_BRANCHES = ("if_statement", "if_expression")
_KEYED = ("keyed_element", "expression_case", "match_arm")
_NAMED = {
    "method_declaration": "receiver",
    "impl_item": "type",
    "function_declaration": "name",
    "function_item": "name",
}
_DECLARED = ("const_spec", "var_spec", "short_var_declaration", "const_item", "static_item", "let_declaration")


def meant_for_another(code: Syntax, node: Node) -> bool:
    """Whether a text stands where only another database system than PostgreSQL is meant."""
    inner, current = node, node.parent
    while current is not None:
        for words in _conditions(code, current, inner):
            system = _system(words)
            if system is not None:
                return system
        inner, current = current, current.parent
    return False


def _conditions(code: Syntax, node: Node, inner: Node) -> Iterator[str]:
    """Yield what tells of the system where `inner` stands in `node`; `not ` before what must not hold."""
    if node.type in _KEYED and inner != node.named_children[0]:
        yield code.text(node.named_children[0])
    elif node.type in _BRANCHES:
        condition = node.child_by_field_name("condition")
        if condition is not None and inner != condition:
            other = node.child_by_field_name("alternative") == inner
            yield "not " * (bool(_NOT.search(code.text(condition))) != other) + code.text(condition)
    elif node.type in _DECLARED:
        yield code.data[node.start_byte : inner.start_byte].decode("utf-8", "replace")
    elif (field := _NAMED.get(node.type)) and (named := node.child_by_field_name(field)) is not None:
        yield code.text(named)
    before = node.prev_named_sibling
    while before is not None and before.type == "attribute_item":
        text = code.text(before)
        if _FEATURE.search(text):
            yield "not " * ("not(" in text) + text
        before = before.prev_named_sibling


def _system(words: str) -> bool | None:
    """Return whether words tell of another system (`True`), of PostgreSQL (`False`), or of none or of several."""
    spaced = _CAPITALS.sub(" ", _ONE_WORD.sub(lambda found: f" {found[0].lower().replace('_', '')} ", words))
    foreign, own = bool(foreign_words(spaced)), names_postgresql(spaced)
    if foreign == own:
        return None
    return foreign != words.startswith("not ")
