"""What modules give to each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.typescript import follow, members
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.known import DEPTH, External, Known, Open, Ref, Whole
from pgproof.code.typescript.module import Module, nth, unquoted
from pgproof.code.typescript.scopes import top_level, top_types

if TYPE_CHECKING:
    from tree_sitter import Node


def imported(code: Codebase, module: Module, source: str, name: str, depth: int = 0) -> Iterator[Known]:
    """Yield what a name that a module imports is."""
    target = code.find(module.path, source)
    if target is None:
        yield External(source, name)
    elif name == "*":
        yield Whole(target)
    else:
        found = list(exported(code, target, name, depth + 1))
        yield from found or [Open(f"{target.path} exports no {name}")]


def exported(code: Codebase, module: Module, name: str, depth: int = 0) -> Iterator[Known]:
    """Yield what a module exports under a name; nothing when it does not."""
    if depth > DEPTH:
        return
    statements = _exports(module)
    for statement in (*statements.get(name, ()), *statements.get("*", ())):
        if statement.type == "export_statement":
            yield from _of_export(code, module, statement, name, depth)
        else:
            yield from _of_commonjs(code, module, statement, name, depth)


def _exports(module: Module) -> dict[str, list[Node]]:
    """Return the statements that export something, by its name; under `*` those that may export anything."""
    if module.exported is None:
        module.exported = {}
        for statement in module.root.named_children:
            if statement.type == "export_statement":
                names = _exported_names(module, statement)
            elif (
                statement.type == "expression_statement"
                and b"exports" in module.data[statement.start_byte : statement.start_byte + 40]
            ):
                names = ["*"]
            else:
                continue
            for name in names:
                module.exported.setdefault(name, []).append(statement)
    return module.exported


def _exported_names(module: Module, statement: Node) -> list[str]:
    declaration = statement.child_by_field_name("declaration")
    clause = next((child for child in statement.named_children if child.type == "export_clause"), None)
    if any(child.type == "default" for child in statement.children):
        return ["default"]
    if clause is not None:
        return [_exported_as(module, one) for one in clause.named_children]
    if declaration is not None and (name := declaration.child_by_field_name("name")) is not None:
        return [module.text(name)]
    return ["*"]


def _of_export(code: Codebase, module: Module, statement: Node, name: str, depth: int) -> Iterator[Known]:
    source = statement.child_by_field_name("source")
    declaration = statement.child_by_field_name("declaration")
    if declaration is not None:
        default = any(child.type == "default" for child in statement.children)
        binding = top_level(module).get(name)
        if default and name == "default":
            yield Ref(module, declaration)
        elif binding is not None and statement.start_byte <= binding.name.start_byte < statement.end_byte:
            yield from follow.bound(code, Ref(module, binding.name), binding, depth + 1)
        return
    value = statement.child_by_field_name("value")
    if value is not None:
        if name == "default":
            yield from follow.alternatives(code, Ref(module, value), depth + 1)
        return
    clause = next((child for child in statement.named_children if child.type == "export_clause"), None)
    if clause is not None:
        for one in clause.named_children:
            own, alias = one.child_by_field_name("name"), one.child_by_field_name("alias")
            if own is None or unquoted(module, alias or own) != name:
                continue
            if source is not None:
                yield from imported(code, module, unquoted(module, source), unquoted(module, own), depth + 1)
            elif (binding := top_level(module).get(module.text(own))) is not None:
                yield from follow.bound(code, Ref(module, own), binding, depth + 1)
    elif source is not None:
        space = next((child for child in statement.named_children if child.type == "namespace_export"), None)
        target = code.find(module.path, unquoted(module, source))
        if space is not None:
            if target is not None and module.text(space).split()[-1] == name:
                yield Whole(target)
        elif target is not None and name != "default" and target is not module:
            yield from exported(code, target, name, depth + 1)


def _of_commonjs(code: Codebase, module: Module, statement: Node, name: str, depth: int) -> Iterator[Known]:
    assignment = nth(statement, 0)
    if assignment is None or assignment.type != "assignment_expression":
        return
    left, right = assignment.child_by_field_name("left"), assignment.child_by_field_name("right")
    if left is None or right is None:
        return
    target = module.text(left)
    if target in (f"exports.{name}", f"module.exports.{name}"):
        yield from follow.alternatives(code, Ref(module, right), depth + 1)
    elif target == "module.exports":
        if name == "default":
            yield from follow.alternatives(code, Ref(module, right), depth + 1)
        else:
            for known in follow.alternatives(code, Ref(module, right), depth + 1):
                yield from (one for one in members.member(code, known, name, depth + 1) if not isinstance(one, Open))


def exported_type(code: Codebase, module: Module, name: str, depth: int = 0) -> tuple[Module, Node] | None:
    """Return the declaration of the type, class, enum or namespace that a module exports under a name."""
    if depth > DEPTH:
        return None
    if (own := top_types(module).get(name)) is not None:
        return module, own
    binding = top_level(module).get(name)
    if binding is not None and binding.kind in ("class", "enum", "namespace"):
        return module, binding.node
    if binding is not None and binding.kind == "import":
        target = code.find(module.path, binding.source)
        return exported_type(code, target, binding.imported, depth + 1) if target is not None else None
    for statement in module.root.named_children:
        source = statement.child_by_field_name("source") if statement.type == "export_statement" else None
        clause = next((child for child in statement.named_children if child.type == "export_clause"), None)
        wanted = name
        if statement.type != "export_statement":
            continue
        if clause is not None:
            one = next((one for one in clause.named_children if _exported_as(module, one) == name), None)
            own = one.child_by_field_name("name") if one is not None else None
            if own is None:
                continue
            wanted = unquoted(module, own)
            if source is None:
                return exported_type(code, module, wanted, depth + 1) if wanted != name else None
        if source is not None:
            target = code.find(module.path, unquoted(module, source))
            found = (
                exported_type(code, target, wanted, depth + 1) if target is not None and target is not module else None
            )
            if found is not None:
                return found
    return None


def _exported_as(module: Module, specifier: Node) -> str:
    name = specifier.child_by_field_name("alias") or specifier.child_by_field_name("name")
    return unquoted(module, name) if name is not None else ""
