"""What the code does to an object or a list after it was made: keys set, rows pushed, keys deleted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pgproof.code.typescript.module import FUNCTIONS, Module, arguments, unquoted
from pgproof.code.typescript.scopes import Binding, lookup

if TYPE_CHECKING:
    from tree_sitter import Node


@dataclass(slots=True)
class Growth:
    """`keys`: the key's node, its value, and whether it is set for sure; `assigned`: what `Object.assign` adds;
    `rows`: what is pushed; `deleted`: keys that are taken away, `""` for one that is not known.
    """

    keys: list[tuple[Node, Node, bool]] = field(default_factory=list)
    assigned: list[tuple[Node, bool]] = field(default_factory=list)
    rows: list[Node] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)


def growth(module: Module, binding: Binding) -> Growth | None:
    """Return what is done to a variable's or a parameter's object; `None`: nothing."""
    if binding.name.id not in module.grown:
        module.grown[binding.name.id] = _growth(module, binding)
    return module.grown[binding.name.id]


def _growth(module: Module, binding: Binding) -> Growth | None:
    found = Growth()
    name = module.text(binding.name)
    block = _block(binding.node)
    scope = _scope(binding.node)
    for node in module.words(name, scope.start_byte, scope.end_byte):
        above = node.parent
        if node.type != "identifier" or above is None or node.id == binding.name.id:
            continue
        if above.type in ("member_expression", "subscript_expression"):
            _of_member(module, node, above, block, binding, found)
        elif above.type == "arguments" and above.parent is not None:
            _of_argument(module, node, above.parent, block, binding, found)
    if found.rows:  # a list, whose length is no key: `rows.length = 0`
        found.keys = [one for one in found.keys if module.text(one[0]) != "length"]
    return found if found.keys or found.assigned or found.rows or found.deleted else None


def _scope(node: Node) -> Node:
    above = node.parent
    while above is not None and above.parent is not None and above.type not in FUNCTIONS:
        above = above.parent
    return above if above is not None else node


def _block(node: Node) -> Node | None:
    above = node.parent
    while above is not None and above.type not in ("statement_block", "program"):
        if above.type in FUNCTIONS:
            return above.child_by_field_name("body")
        above = above.parent
    return above


def _means(module: Module, node: Node, binding: Binding) -> bool:
    target = lookup(module, node, module.text(node))
    return target is not None and target.name.id == binding.name.id


def _of_member(module: Module, node: Node, above: Node, block: Node | None, binding: Binding, found: Growth) -> None:
    inner = above.child_by_field_name("object")
    parent = above.parent
    if inner is None or inner.id != node.id or parent is None or not _relevant(module, above, parent):
        return
    if not _means(module, node, binding):
        return
    key = above.child_by_field_name("property") or above.child_by_field_name("index")
    if parent.type in ("assignment_expression", "augmented_assignment_expression"):
        left, right = parent.child_by_field_name("left"), parent.child_by_field_name("right")
        if left is not None and left.id == above.id and right is not None and key is not None:
            if key.type != "number":
                found.keys.append((key, right, _sure(parent, block)))
            else:
                found.rows.append(right)
    elif parent.type == "call_expression":
        found.rows += (one for one in arguments(parent) if one.type != "spread_element")
        found.rows += (one for arg in arguments(parent) if arg.type == "spread_element" for one in arg.named_children)
    elif key is not None:
        found.deleted.append(unquoted(module, key) if key.type in ("property_identifier", "string") else "")


def _relevant(module: Module, above: Node, parent: Node) -> bool:
    if parent.type in ("assignment_expression", "augmented_assignment_expression"):
        return True
    if parent.type == "unary_expression":
        return module.data.startswith(b"delete", parent.start_byte)
    name = above.child_by_field_name("property")
    callee = parent.child_by_field_name("function") if parent.type == "call_expression" else None
    return (
        callee is not None and callee.id == above.id and name is not None and module.text(name) in ("push", "unshift")
    )


def _of_argument(module: Module, node: Node, call: Node, block: Node | None, binding: Binding, found: Growth) -> None:
    callee = call.child_by_field_name("function")
    given = arguments(call)
    if callee is None or module.text(callee) != "Object.assign" or not given or given[0].id != node.id:
        return
    if _means(module, node, binding):
        found.assigned += ((one, _sure(call, block)) for one in given[1:])


def _sure(node: Node, block: Node | None) -> bool:
    """Say whether a statement is run whenever the block of the declaration is."""
    statement = node.parent
    return (
        statement is not None
        and statement.type == "expression_statement"
        and block is not None
        and statement.parent is not None
        and statement.parent.id == block.id
    )
