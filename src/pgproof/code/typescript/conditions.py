"""Whether a place in the code is reached, as far as the conditions around it are about texts that are known."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import Known, Open, Ref
from pgproof.code.typescript.lists import elements
from pgproof.code.typescript.module import arguments, bare, nth, unquoted
from pgproof.code.typescript.scopes import lookup
from pgproof.code.typescript.text import Text, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

_DEPTH = 40
_LISTED = frozenset({"includes", "has"})
_FALSY = frozenset({"", "0"})
_ORDERED: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPARES = re.compile(rb"""[!=]==?\s*["'`]|["'`]\s*[!=]==?|\.(?:includes|has)\(""")
_NAME = re.compile(rb"(?<![.\w])[a-zA-Z_$]\w*")
_MEMBER = re.compile(rb"""(?:\.|["'])([a-zA-Z_]\w*)""")
_LENGTH = re.compile(rb"\(\s*(\w+)\.length\b(?!\s*(?:===?\s*0|<))")
_PUSHED = re.compile(rb"(\w+)\.push\(")
_LEAVES = frozenset({"return_statement", "throw_statement", "continue_statement", "break_statement"})


def reached(
    code: Codebase, ref: Ref, until: Node | None = None, assumed: Mapping[str, str] | None = None
) -> bool | None:
    """Say whether the code gets to an expression: `False` surely not, `None`: it depends on a text that is not known.

    A condition on anything else, whether a filter is set, may hold in some run: it is passed.

    Looked at are the conditions up to the node `until`, or the end of the outermost function; `assumed` are the values
    of expressions, by their text.
    """
    answer: bool | None = True
    for condition, wanted in _conditions(ref, until):
        holds = _holds(code, ref.to(condition), assumed or {}, 0)
        if holds is None:
            compares = _COMPARES.search(ref.module.data, condition.start_byte, condition.end_byte)
            answer = None if condition.type == "switch_case" or compares else answer
        elif holds is not wanted:
            return False
    return answer


def _conditions(ref: Ref, until: Node | None) -> Iterator[tuple[Node, bool]]:
    """Yield the conditions that must hold, or must not, for a place to be reached."""
    node = ref.node
    for _ in range(_DEPTH * 10):
        above = node.parent
        if above is None or (until is not None and node.id == until.id):
            return
        if above.type in ("if_statement", "ternary_expression"):
            condition = above.child_by_field_name("condition")
            if condition is not None and condition.id != node.id:
                consequence = above.child_by_field_name("consequence")
                yield condition, consequence is not None and consequence.id == node.id
        elif above.type == "binary_expression" and _sign(above) in ("&&", "||"):
            left = above.child_by_field_name("left")
            if left is not None and left.id != node.id:
                yield left, _sign(above) == "&&"
        elif above.type == "switch_case" and not _is_value(above, node):
            yield above, True
        elif above.type == "statement_block":
            yield from _before(above, node)
        node = above


def possible(code: Codebase, ref: Ref, found: list[Text]) -> list[Text]:
    """Return those of several texts that the conditions around an expression leave it."""
    if len(found) < 2:
        return found
    name = ref.module.text(bare(ref.node))
    return [text for text in found if reached(code, ref, assumed={name: text.value}) is not False]


def asked(ref: Ref) -> frozenset[str]:
    """Return the names of the members that the conditions around an expression look at, also through a constant."""
    found: set[str] = set()
    for condition, _ in _conditions(ref, None):
        text = condition.text or b""
        for name in _NAME.findall(text):
            binding = lookup(ref.module, condition, name.decode())
            value = binding.node.child_by_field_name("value") if binding and binding.kind == "variable" else None
            text += b"\n" + ((value.text or b"") if value is not None else b"")
        found.update(one.decode() for one in _MEMBER.findall(text))
    return frozenset(found)


def allowed(code: Codebase, ref: Ref) -> list[str] | None:
    """Return the texts that a value is one of where it stands: `if (FIELDS.includes(key)) row[key] = …`."""
    name = ref.module.text(ref.node)
    for condition, wanted in _conditions(ref, None):
        for call in _calls(condition, wanted):
            function, given = call.child_by_field_name("function"), arguments(call)
            inner = function.child_by_field_name("object") if function is not None else None
            word = function.child_by_field_name("property") if function is not None else None
            if inner is None or word is None or len(given) != 1 or ref.module.text(given[0]) != name:
                continue
            found = _texts(code, list(elements(code, ref.to(inner)))) if ref.module.text(word) in _LISTED else None
            if found:
                return sorted(found)
    return None


def _calls(condition: Node, wanted: bool) -> Iterator[Node]:
    """Yield the calls that must be true for a condition to be as it is wanted."""
    node = bare(condition)
    if node.type == "call_expression" and wanted:
        yield node
    elif node.type == "unary_expression" and _sign(node) == "!" and (inner := nth(node, 0)) is not None:
        yield from _calls(inner, not wanted)
    elif node.type == "binary_expression" and _sign(node) == ("&&" if wanted else "||"):
        for side in ("left", "right"):
            if (part := node.child_by_field_name(side)) is not None:
                yield from _calls(part, wanted)


def _is_value(case: Node, node: Node) -> bool:
    value = case.child_by_field_name("value")
    return value is not None and value.id == node.id


def _before(block: Node, node: Node) -> Iterator[tuple[Node, bool]]:
    """Yield the conditions of earlier statements in the block that leave it when they hold.

    Also of those that note a mistake, `if (…) errors.push(…)`, when the block is left for there being some.
    """
    noted: list[tuple[bytes, Node]] = []
    for statement in block.named_children:
        if statement.start_byte >= node.start_byte:
            return
        condition = statement.child_by_field_name("condition") if statement.type == "if_statement" else None
        body = statement.child_by_field_name("consequence") if condition is not None else None
        if condition is None or body is None or statement.child_by_field_name("alternative") is not None:
            continue
        last = body if body.type != "statement_block" else nth(body, -1)
        if last is not None and last.type in _LEAVES:
            yield condition, False
            told = _LENGTH.search(condition.text or b"")
            yield from ((one, False) for name, one in noted if told is not None and name == told[1])
        elif last is not None and (pushed := _PUSHED.match(last.text or b"")):
            noted.append((pushed[1], condition))


def _sign(node: Node) -> str:
    operator = node.child_by_field_name("operator")
    return operator.type if operator is not None else ""


def _holds(code: Codebase, ref: Ref, assumed: Mapping[str, str], depth: int) -> bool | None:
    node = bare(ref.node)
    if depth > _DEPTH:
        return None
    if node.type == "switch_case":
        return _case(code, ref.to(node), assumed)
    if node.type in ("true", "false"):
        return node.type == "true"
    if node.type == "unary_expression" and _sign(node) == "!":
        inner = node.child_by_field_name("argument")
        holds = _holds(code, ref.to(inner), assumed, depth + 1) if inner is not None else None
        return None if holds is None else not holds
    if node.type == "call_expression":
        return _includes(code, ref.to(node), assumed)
    if node.type in ("identifier", "member_expression"):
        if (value := assumed.get(ref.module.text(node))) is not None:
            return value not in _FALSY
        if (meaning := _constant(ref.to(node))) is not None:
            return _holds(code, meaning, assumed, depth + 1)
        return False if _is_missing(code, ref.to(node)) else None
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if node.type != "binary_expression" or left is None or right is None:
        return None
    sign = _sign(node)
    if sign in ("&&", "||"):
        first, second = (_holds(code, ref.to(one), assumed, depth + 1) for one in (left, right))
        decisive = sign == "||"
        if decisive in (first, second):
            return decisive
        return None if None in (first, second) else not decisive
    if sign in ("===", "==", "!==", "!="):
        same = _same(code, ref.to(left), ref.to(right), assumed)
        return None if same is None else same == sign.startswith("=")
    if sign in _ORDERED:
        less, more = (_number(ref.module.text(bare(one)), assumed) for one in (left, right))
        return None if less is None or more is None else _ORDERED[sign](less, more)
    return None


def _number(text: str, assumed: Mapping[str, str]) -> float | None:
    try:
        return float(assumed.get(text, text))
    except ValueError:
        return None


def _constant(ref: Ref) -> Ref | None:
    """Return the condition that a constant is: `const isAdmin = role === "admin"`."""
    name = ref.module.text(ref.node)
    binding = lookup(ref.module, ref.node, name) if ref.node.type == "identifier" else None
    if binding is None or binding.kind != "variable" or binding.steps or binding.node.type != "variable_declarator":
        return None
    declared, value = binding.node.parent, binding.node.child_by_field_name("value")
    if value is None or declared is None or not (declared.text or b"").startswith(b"const"):
        return None
    return ref.to(value) if bare(value).type in ("binary_expression", "unary_expression") else None


def _is_missing(code: Codebase, ref: Ref) -> bool:
    """Say whether an expression is surely nothing: a member that the object has not, `false`, `null`, `undefined`."""
    found = follow(code, ref)
    for known in found:
        if isinstance(known, Open) and known.missing:
            continue
        if not isinstance(known, Ref) or known.node.type not in ("false", "null", "undefined"):
            return False
    return bool(found)


def _case(code: Codebase, ref: Ref, assumed: Mapping[str, str]) -> bool | None:
    """Say whether a case of a switch is the one: cases that fall through are not told apart."""
    value = ref.node.child_by_field_name("value")
    switch = ref.node.parent.parent if ref.node.parent is not None else None
    subject = switch.child_by_field_name("value") if switch is not None else None
    before = ref.node.prev_named_sibling
    if value is None or subject is None or (before is not None and before.named_child_count == 1):
        return None
    return _same(code, ref.to(subject), ref.to(value), assumed)


def _same(code: Codebase, left: Ref, right: Ref, assumed: Mapping[str, str]) -> bool | None:
    first, second = _values(code, left, assumed), _values(code, right, assumed)
    if first is None or second is None:
        return None
    if not first & second:
        return False
    return True if len(first) == len(second) == 1 else None


def _values(code: Codebase, ref: Ref, assumed: Mapping[str, str]) -> set[str] | None:
    """Return the texts that an expression can be, `None` when they are not all known."""
    node = bare(ref.node)
    if (value := assumed.get(ref.module.text(node))) is not None:
        return {value}
    if node.type in ("string", "number"):
        return {unquoted(ref.module, node)}
    if node.type not in ("identifier", "member_expression", "template_string", "subscript_expression"):
        return None
    return _texts(code, follow(code, ref.to(node)))


def _texts(code: Codebase, found: list[Known]) -> set[str] | None:
    values: set[str] = set()
    for known in found:
        texts = text_of(code, known, 0) if not isinstance(known, Open) else []
        if not texts or any(text.holes for text in texts):
            return None
        values |= {text.value for text in texts}
    return values or None


def _includes(code: Codebase, ref: Ref, assumed: Mapping[str, str]) -> bool | None:
    """Judge `["a", "b"].includes(x)`."""
    callee = ref.node.child_by_field_name("function")
    inner = callee.child_by_field_name("object") if callee is not None else None
    name = callee.child_by_field_name("property") if callee is not None else None
    given = arguments(ref.node)
    if inner is None or name is None or len(given) != 1 or ref.module.text(name) not in _LISTED:
        return None
    values = _values(code, ref.to(given[0]), assumed)
    listed = _texts(code, list(elements(code, ref.to(inner)))) if values is not None else None
    if values is None or listed is None:
        return None
    return True if values <= listed else None if values & listed else False
