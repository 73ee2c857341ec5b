"""Which keys a model of pydantic, a dataclass or a TypedDict of Python code has."""

from __future__ import annotations

import ast
from dataclasses import replace

from pgproof.code.python.bindings import Binding
from pgproof.code.python.keys import Key, Keys, place, unknown
from pgproof.code.python.module import Module
from pgproof.model import Location

_DEPTH = 8
_MODELS = frozenset({"BaseModel", "SQLModel", "TypedDict", "NamedTuple", "Struct"})


def of_model(module: Module, value: ast.expr, node: ast.Call, less: bool) -> Keys:
    """Return the fields of the model that an expression is."""
    name = _class_of(module, value)
    found = _fields(module, name, place(module, node), 0) if name else None
    if found is None:
        return unknown(module, node, "the class of the model is not known")
    if less:
        found.always = set()
    else:  # all fields are dumped, also those that were not given
        found.keys = {name: replace(key, typed=False) for name, key in found.keys.items()}
    return found


def of_annotation(module: Module, node: ast.Name, binding: Binding) -> Keys:
    """Return the keys that the type of a parameter names."""
    annotation = binding.node.annotation if isinstance(binding.node, ast.arg) else None
    name = _annotated(annotation) if annotation is not None else ""
    found = _fields(module, name, place(module, node), 0, only="TypedDict") if name else None
    return (
        found if found is not None else unknown(module, node, "it is a parameter, and its type does not name the keys")
    )


def _class_of(module: Module, value: ast.expr) -> str:
    if isinstance(value, ast.Call):
        return getattr(value.func, "id", "")
    if not isinstance(value, ast.Name):
        return ""
    for one in module.bindings(value.id, value)[1]:
        if isinstance(one.node, ast.arg) and one.node.annotation is not None:
            return _annotated(one.node.annotation)
        if isinstance(one.node, ast.AnnAssign):
            return _annotated(one.node.annotation)
        if one.how == "=" and isinstance(one.value, ast.Call):
            return getattr(one.value.func, "id", "")
    return ""


def _annotated(annotation: ast.expr) -> str:
    """Return the class that an annotation names: `X`, `"X"`, `list[X]`, `X | None`, `Optional[X]`."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value.strip() if annotation.value.isidentifier() else ""
    if isinstance(annotation, ast.Subscript):
        return _annotated(annotation.slice)
    if isinstance(annotation, ast.BinOp):
        return _annotated(annotation.left)
    return annotation.id if isinstance(annotation, ast.Name) else ""


def _fields(module: Module, name: str, at: Location, depth: int, only: str = "") -> Keys | None:
    """Return the fields of a class with those of its bases, `None` when it is no model; `at` is where it is written."""
    if depth > _DEPTH:
        return None
    definition, home = _definition(module, name)
    if definition is None:
        return None
    found = Keys()
    bases = [getattr(base, "id", getattr(base, "attr", "")) for base in definition.bases]
    decorated = any("dataclass" in ast.unparse(one) for one in definition.decorator_list)
    model = decorated or bool(_MODELS.intersection(bases))
    if only and only not in bases and not any(_definition(home, base)[0] for base in bases):
        return None
    for base in bases:
        inherited = _fields(home, base, at, depth + 1, only) if base not in _MODELS else None
        if inherited is not None:
            found.add(inherited)
            model = True
    if not model:
        return None
    optional = any(keyword.arg == "total" for keyword in definition.keywords)
    for statement in definition.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            if "ClassVar" in ast.unparse(statement.annotation) or statement.target.id.startswith("_"):
                continue
            if statement.value is not None and "exclude" in ast.unparse(statement.value):
                continue
            alias = "alias" in ast.unparse(statement.value) if statement.value is not None else False
            if alias:
                found.open.append((at, "a field of its model has an alias"))
            field_name = statement.target.id
            found.keys[field_name] = Key(field_name, at, (), True)
            if not optional and "NotRequired" not in ast.unparse(statement.annotation):
                found.always.add(field_name)
    return found


def _definition(module: Module, name: str) -> tuple[ast.ClassDef | None, Module]:
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node, module
    target = module.imported(name) if name in module.imports else None
    if target is not None and target[1]:
        return _definition(target[0], target[1])
    return None, module
