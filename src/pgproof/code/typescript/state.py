"""Rows that are kept in state: `useState({…})`, `reactive({…})`, `ref({…}).value`, `$state({…})`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgproof.code.typescript import shape
from pgproof.code.typescript.assigned import assigned, returned
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.keys import Key, Shape, of_types
from pgproof.code.typescript.known import Ref
from pgproof.code.typescript.module import FUNCTIONS, arguments, callee, nth
from pgproof.code.typescript.scopes import lookup
from pgproof.code.typescript.typed import types_of
from pgproof.code.typescript.types import Type, reduce

if TYPE_CHECKING:
    from tree_sitter import Node

_PAIRS = frozenset({"useState", "useImmer", "createStore", "createSignal"})
"""What gives the state and what sets it, as a pair."""
_WHOLE = frozenset({"reactive", "shallowReactive", "$state"})
_HOLDERS = frozenset({"ref", "shallowRef", "signal"})
"""What gives an object whose `value` the state is."""


def of_pair(code: Codebase, named: Ref, value: Node, depth: int) -> Shape | None:
    """Return the keys of the first of `const [row, setRow] = useState({…})`; `None`: the value is no such call."""
    return _state(code, named, named.to(value), depth) if _word(named, value) in _PAIRS else None


def of_call(code: Codebase, call: Ref, depth: int) -> Shape | None:
    """Return the keys of `reactive({…})`; `None`: it is another call."""
    return _state(code, call, call, depth) if _word(call, call.node) in _WHOLE else None


def of_value(code: Codebase, member: Ref, depth: int) -> Shape | None:
    """Return the keys of `row.value`, where the row is `ref({…})`; `None`: it is another member."""
    inner, name = member.node.child_by_field_name("object"), member.node.child_by_field_name("property")
    if inner is None or name is None or inner.type != "identifier" or member.module.text(name) != "value":
        return None
    binding = lookup(member.module, inner, member.module.text(inner))
    values = list(assigned(member.module, binding)) if binding is not None and binding.kind == "variable" else []
    if len(values) != 1 or _word(member, values[0]) not in _HOLDERS:
        return None
    return _state(code, member, member.to(values[0]), depth)


def _word(ref: Ref, node: Node) -> str:
    function = callee(node) if node.type == "call_expression" else None
    return ref.module.text(function).rpartition(".")[2] if function is not None else ""


def _state(code: Codebase, ref: Ref, call: Ref, depth: int) -> Shape:
    """Return what the state begins with, and what its type says: each key is there, and nobody knows its values."""
    begun = _begun(code, call, depth)
    typed = of_types(code, ref, [*_written(code, call), *types_of(code, ref)])
    result = typed if typed is not None else Shape(open=[(ref.module.location(ref.node), "it is state that changes")])
    for name, key in begun.keys.items():
        result.keys[name] = Key(name, key.location, sure=False)
    return result


def _begun(code: Codebase, call: Ref, depth: int) -> Shape:
    given = arguments(call.node)
    first = given[0] if given else None
    if first is not None and first.type in FUNCTIONS:
        values = returned(call.module, first)
        first = values[0] if len(values) == 1 else None
    found = shape.shape_of(code, call.to(first), depth + 1) if first is not None else None
    return found or Shape()


def _written(code: Codebase, call: Ref) -> list[Type]:
    """Return the type in `useState<Row>(…)`."""
    written = call.node.child_by_field_name("type_arguments")
    first = nth(written, 0) if written is not None else None
    return reduce(code, Type(call.module, first)) if first is not None else []
