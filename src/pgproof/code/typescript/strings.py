"""Strings, templates, sums and joined lists as texts of SQL, with the holes where something unknown comes in."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pgproof.code.queries.written import Written, hole, join, piece
from pgproof.code.typescript.assigned import appended, assigned
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import Ref
from pgproof.code.typescript.lists import elements
from pgproof.code.typescript.module import FUNCTIONS, Module, arguments, bare, escaped, nth
from pgproof.code.typescript.scopes import Binding, lookup
from pgproof.code.usage import Literal

if TYPE_CHECKING:
    from tree_sitter import Node

_DEPTH = 6
_NAMES_NOTHING = re.compile(r'\s*[\w".]+\s*(?:=|<|>|!|\bi?like\b|\bin\b|\bis\b)', re.IGNORECASE)
"""Conditions and assignments: what others there are makes no name that the rest of the statement may use."""
_ADDITIONS = 8
"""Texts that are added to another, each by itself; beyond, what is added is unknown."""


def text_at(code: Codebase, ref: Ref, depth: int = 0) -> Written:
    """Return the text of a string, a template or a sum. Only what is a string elsewhere in the code is put in."""
    return _numbered(_text(code, ref, depth))


def _text(code: Codebase, ref: Ref, depth: int) -> Written:
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
        if inner is not None and name is not None and module.text(name) == "concat":
            return join([_text(code, ref.to(one), depth + 1) for one in (inner, *arguments(node))])
        listed, by = _joined_by(ref.to(node))
        if listed is not None and bare(listed.node).type == "array" and bare(listed.node).named_children:
            return _joined(code, listed, bare(listed.node), by, depth)
    return _filled(code, ref, depth)


def _joined(code: Codebase, ref: Ref, listed: Node, by: str, depth: int) -> Written:
    """Return what `["select a", "from b"].join(" ")` is."""
    parts: list[Written] = []
    for child in listed.named_children:
        if child.type != "comment":
            parts += [piece(by, *ref.module.place(child.start_byte))] if parts and by else []
            parts.append(_text(code, ref.to(child), depth + 1))
    return join(parts)


def _operands(node: Node) -> list[Node]:
    """Return what a sum adds, from the left; nothing when it is no sum alone."""
    found: list[Node] = []
    current = node
    while current.type == "binary_expression":
        left, right = current.child_by_field_name("left"), current.child_by_field_name("right")
        if left is None or right is None or not adds(current):
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
    if depth < _DEPTH and (binding := _growing(ref)) is not None:
        values = list(assigned(ref.module, binding))
        if len(values) != 1:
            return hole(shown, *place, "text")
        return with_additions(code, ref, binding, _text(code, ref.to(values[0]), depth + 1), depth + 1)
    found = follow(code, ref) if depth < _DEPTH else []
    texts = [known for known in found if isinstance(known, Ref) and _is_text(known)]
    if not texts or len(texts) != len(found):
        return hole(shown, *place, "text")
    own = [one for one in texts if one.node.id != ref.node.id]
    if len(own) == 1 == len(texts) and own[0].module is ref.module:
        return _text(code, own[0], depth + 1)
    choices = [_chosen(code, one, depth + 1) for one in texts]
    known = [Literal("string", one) for one in choices if one is not None]
    return hole(shown, *place, "text", values=known if len(known) == len(choices) else ())


def _chosen(code: Codebase, ref: Ref, depth: int) -> str | None:
    """Return the text that an expression puts in, `None` when it is not known."""
    node = ref.node
    if node.type == "call_expression":
        listed, by = _joined_by(ref)
        if listed is None:
            return None
        found = list(elements(code, listed))
        parts = [_text(code, one, depth) for one in found if isinstance(one, Ref) and _is_text(one)]
        known = [one for one in (choice(_numbered(part)) for part in parts) if one is not None]
        whole = len(known) == len(found) or all(_NAMES_NOTHING.match(one) for one in known)
        return (by.join(known) or None) if whole else None
    return choice(_numbered(_text(code, ref, depth)))


def _joined_by(ref: Ref) -> tuple[Ref | None, str]:
    """Return of `list.join(", ")` the list, and what is put between."""
    callee = ref.node.child_by_field_name("function")
    inner = callee.child_by_field_name("object") if callee is not None else None
    name = callee.child_by_field_name("property") if callee is not None else None
    given = arguments(ref.node)
    if inner is None or name is None or ref.module.text(name) != "join" or (given and given[0].type != "string"):
        return None, ""
    return ref.to(inner), "".join(escaped(ref.module, child) for child in given[0].named_children) if given else ","


def _growing(ref: Ref) -> Binding | None:
    """Return the variable that a name means when something is added to it with `+=`."""
    node = bare(ref.node)
    if node.type != "identifier" or b"+=" not in ref.module.data:
        return None
    binding = lookup(ref.module, node, ref.module.text(node))
    return binding if binding is not None and binding.kind == "variable" and appended(ref.module, binding) else None


def with_additions(code: Codebase, ref: Ref, binding: Binding, start: Written, depth: int = 0) -> Written:
    """Return a variable's first text with what `+=` adds: for certain, or as what may be there or not."""
    if not appended(ref.module, binding):
        return start
    parts = [start]
    block = _block(binding.node)
    if len(list(assigned(ref.module, binding))) > 1:  # what is added may belong to another of its texts
        return join([start, hole("${…}", *ref.module.place(binding.node.end_byte), "text")])
    for number, added in enumerate(appended(ref.module, binding)):
        place = ref.module.place(added.start_byte)
        shown = "${" + ref.module.text(added)[:80] + "}"
        text = _text(code, ref.to(added), depth + 1) if number < _ADDITIONS and depth < _DEPTH else None
        statement = added.parent.parent if added.parent is not None else None
        if text is not None and statement is not None and _is_in(statement, block):
            parts.append(text)
            continue
        value = choice(_numbered(text)) if text is not None else None
        values = [Literal("string", value), Literal("string", "")] if value is not None else []
        parts.append(hole(shown, *place, "text", values=values))
    return _numbered(join(parts))


def choice(text: Written) -> str | None:
    """Return a text as one of several that may be put in, `None` when more than values is unknown in it."""
    parts: list[str] = []
    end = 0
    for one in text.holes:
        if one.kind != "value" and len(one.values) != 1:
            return None
        parts += [text.text[end : one.start], "$1" if one.kind == "value" else one.values[0].text]
        end = one.end
    return "".join((*parts, text.text[end:]))


def _numbered(text: Written) -> Written:
    """Return a text in which `$${number}` is a parameter, as it is for the driver."""
    holes = tuple(
        replace(one, start=one.start - 1, kind="value", values=())
        if one.kind == "text" and text.text[one.start - 1 : one.start] == "$" and _is_number(one.values)
        else one
        for one in text.holes
    )
    return replace(text, holes=holes)


def _is_number(values: tuple[Literal, ...]) -> bool:
    return all(value.text.isdigit() for value in values)


def _block(node: Node) -> Node | None:
    above = node.parent
    while above is not None and above.type not in ("statement_block", "program", *FUNCTIONS):
        above = above.parent
    return above


def _is_in(statement: Node, block: Node | None) -> bool:
    """Whether a statement is run whenever a block is."""
    above = statement.parent
    return statement.type == "expression_statement" and block is not None and above is not None and above.id == block.id


def _is_text(known: Ref) -> bool:
    node = known.node
    if node.type == "call_expression":
        return _joined_by(known)[0] is not None
    return node.type in ("string", "template_string") or (node.type == "binary_expression" and adds(node))


def adds(node: Node) -> bool:
    """Whether an expression with two sides is a sum."""
    operator = node.child_by_field_name("operator")
    return operator is not None and operator.type == "+"


def whole_of(module: Module, node: Node) -> Node:
    """Return the sum, the chain of calls or the joined list that begins with a string."""
    current = node
    while (parent := current.parent) is not None:
        above = parent.parent
        if parent.type == "member_expression" and above is not None and above.type == "call_expression":
            name = parent.child_by_field_name("property")
            if name is None or name.text not in (b"trim", b"concat", b"join"):
                return current
            current = above
        elif _begins_with(module, parent, current):
            current = parent
        else:
            return current
    return current


def _begins_with(module: Module, parent: Node, node: Node) -> bool:
    if parent.type == "binary_expression":
        return parent.child_by_field_name("left") == node
    if parent.type == "array":
        return nth(parent, 0) == node and is_joined(module, parent)
    return parent.type in ("parenthesized_expression", "as_expression")


def is_joined(module: Module, listed: Node) -> bool:
    """Whether the texts of a list are joined at once to one statement."""
    member = listed.parent
    name = member.child_by_field_name("property") if member is not None and member.type == "member_expression" else None
    call = member.parent if member is not None else None
    if name is None or module.text(name) != "join" or call is None or call.type != "call_expression":
        return False
    given = arguments(call)
    return not given or ";" not in module.text(given[0])
