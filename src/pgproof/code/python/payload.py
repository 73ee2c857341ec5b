"""Which keys a dictionary of Python code has: literals, what is added later, models."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pgproof.code.python.bindings import Binding
from pgproof.code.python.keys import Key, Keys, place, unknown
from pgproof.code.python.model_keys import of_annotation, of_model
from pgproof.code.python.module import Module
from pgproof.code.python.texts import texts
from pgproof.code.python.values import known

_DEPTH = 8
_DUMPS = frozenset({"model_dump", "dict", "to_dict", "_asdict", "as_dict"})
_ASDICT = frozenset({"asdict", "jsonable_encoder", "model_to_dict", "attrs_asdict"})
_LESS = frozenset({"exclude_none", "exclude_unset", "exclude_defaults", "exclude", "include", "by_alias"})


def keys_of(module: Module, node: ast.expr, depth: int = 0) -> Keys:
    """Return the keys of a dictionary, or of each element of a list of them."""
    if depth > _DEPTH:
        return unknown(module, node, "it leads through too many places")
    if isinstance(node, ast.Dict):
        return _of_dict(module, node, depth)
    if isinstance(node, ast.List | ast.Tuple):
        return _of_all(module, [*node.elts], depth)
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        return keys_of(module, node.elt, depth + 1)
    if isinstance(node, ast.IfExp):
        return _of_all(module, [node.body, node.orelse], depth)
    if isinstance(node, ast.NamedExpr | ast.Await | ast.Starred):
        return keys_of(module, node.value, depth + 1)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr | ast.Add):
        found = keys_of(module, node.left, depth + 1)
        found.add(keys_of(module, node.right, depth + 1))
        return found
    if isinstance(node, ast.Call):
        return _of_call(module, node, depth)
    if isinstance(node, ast.Name):
        return _of_name(module, node, depth)
    return unknown(module, node, "its keys are not in the code")


def _of_dict(module: Module, node: ast.Dict, depth: int) -> Keys:
    found = Keys()
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            conditional = isinstance(value, ast.IfExp)
            found.add(keys_of(module, value, depth + 1), surely=not conditional)
            continue
        names = [one.text for one in texts(module, key) if not one.holes]
        if not names:
            found.open.append((place(module, key), "a key is computed at run time"))
        for name in names:
            found.keys[name] = Key(name, place(module, key), known(module, value))
            if len(names) == 1:
                found.always.add(name)
    return found


def _of_all(module: Module, nodes: Iterable[ast.expr], depth: int) -> Keys:
    """Join alternatives: what is always there is in all of them."""
    found = Keys()
    always: set[str] | None = None
    for one in nodes:
        keys = keys_of(module, one, depth + 1)
        found.add(keys, surely=False)
        always = keys.always if always is None else always & keys.always
    found.always = always or set()
    return found


def _of_call(module: Module, node: ast.Call, depth: int) -> Keys:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "dict" and not isinstance(node.func, ast.Attribute):
        found = keys_of(module, node.args[0], depth + 1) if node.args else Keys()
        for keyword in node.keywords:
            if keyword.arg is None:
                found.add(keys_of(module, keyword.value, depth + 1))
            else:
                found.keys[keyword.arg] = Key(keyword.arg, place(module, keyword.value), known(module, keyword.value))
                found.always.add(keyword.arg)
        return found
    if name == "copy" and isinstance(node.func, ast.Attribute):
        return keys_of(module, node.func.value, depth + 1)
    less = any(keyword.arg in _LESS or keyword.arg is None for keyword in node.keywords)
    if name in _DUMPS and isinstance(node.func, ast.Attribute):
        return of_model(module, node.func.value, node, less)
    if name in _ASDICT and node.args:
        return of_model(module, node.args[0], node, less)
    return _of_returned(module, node, name, depth)


def _of_returned(module: Module, node: ast.Call, name: str, depth: int) -> Keys:
    """Return the keys of what a function of this module gives back."""
    function = _function(module, node, name)
    if function is None:
        return unknown(module, node, f"what {name or 'the call'}() returns is not known")
    returns = [
        one.value
        for one in ast.walk(function)
        if isinstance(one, ast.Return) and one.value is not None and _owner(module, one) is function
    ]
    if not returns:
        return unknown(module, node, f"what {name}() returns is not known")
    return _of_all(module, returns, depth + 1)


def _function(module: Module, node: ast.Call, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    if isinstance(node.func, ast.Attribute):
        if getattr(node.func.value, "id", "") not in ("self", "cls"):
            return None
        bindings = module.attribute(name, node)
    else:
        bindings = module.bindings(name, node)[1]
    found = bindings[0].node if len(bindings) == 1 and bindings[0].how == "definition" else None
    return found if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef) else None


def _owner(module: Module, node: ast.AST) -> ast.AST | None:
    return next((s for s in module.scopes(node) if isinstance(s, ast.FunctionDef | ast.AsyncFunctionDef)), None)


def _of_name(module: Module, node: ast.Name, depth: int) -> Keys:
    """Follow a name: what it is bound to before, and what is added to it afterwards."""
    scope, bindings = module.bindings(node.id, node)
    same = [one for one in bindings if isinstance(scope, ast.Module) or getattr(one.node, "lineno", 0) <= node.lineno]
    if not same or scope is None:
        return unknown(module, node, "it comes from another module")
    if any(one.how == "parameter" for one in same):
        return of_annotation(module, node, same[0])
    loop = _iterated(module, node, same)
    if loop is not None:
        return keys_of(module, loop, depth + 1)
    if any(one.how != "=" or one.value is None for one in same):
        return unknown(module, node, "its value is computed at run time")
    found = _of_bindings(module, same, depth)
    for name, key, surely in _added(module, node, scope):
        if isinstance(key, Keys):
            found.add(key, surely=surely)
        else:
            old = found.keys.get(name)
            found.keys[name] = Key(name, key.location, (*old.values, *key.values) if old and old.values else key.values)
            if surely:
                found.always.add(name)
    for removed in _removed(module, node, scope):
        found.keys.pop(removed, None)
        found.always.discard(removed)
        if not removed:
            found.keys = {name: replace(key, typed=True) for name, key in found.keys.items()}
            found.always = set()
    return found


def _removed(module: Module, node: ast.Name, scope: ast.AST) -> Iterator[str]:
    """Yield the keys that `d.pop("key")` and `del d["key"]` take out before a name is used; `""`: of unknown ones."""
    for other in ast.walk(scope):
        if getattr(other, "lineno", node.lineno + 1) > node.lineno:
            continue
        taken: list[ast.expr] = []
        if isinstance(other, ast.Delete):
            taken = [one.slice for one in other.targets if isinstance(one, ast.Subscript) and _is(one.value, node)]
        elif isinstance(other, ast.Call) and isinstance(other.func, ast.Attribute) and _is(other.func.value, node):
            taken = other.args[:1] if other.func.attr == "pop" else []
        for key in taken:
            yield from (text.text for text in texts(module, key)) if texts(module, key) else ("",)


def _is(node: ast.expr, name: ast.Name) -> bool:
    return isinstance(node, ast.Name) and node.id == name.id


def _of_bindings(module: Module, bindings: list[Binding], depth: int) -> Keys:
    last = max((n for n, one in enumerate(bindings) if one.branch is None), default=0)
    relevant = [one.value for one in bindings[last:] if one.value is not None]
    empty = [one for one in relevant if isinstance(one, ast.List) and not one.elts]
    return _of_all(module, [one for one in relevant if one not in empty] or relevant, depth)


def _iterated(module: Module, node: ast.Name, bindings: list[Binding]) -> ast.expr | None:
    """Return what a loop goes through whose variable the name is."""
    for one in bindings:
        if isinstance(one.node, ast.For | ast.AsyncFor | ast.comprehension) and isinstance(one.node.target, ast.Name):
            return one.node.iter
    return None


def _added(module: Module, node: ast.Name, scope: ast.AST) -> Iterator[tuple[str, Key | Keys, bool]]:
    """Yield what `d["key"] = value`, `d.update(…)` and `rows.append(…)` add to a name before it is used."""
    for other in ast.walk(scope):
        if getattr(other, "lineno", node.lineno + 1) > node.lineno:
            continue
        surely = not _is_conditional(module, other, scope)
        if isinstance(other, ast.Assign):
            for target in other.targets:
                if isinstance(target, ast.Subscript) and getattr(target.value, "id", "") == node.id:
                    for text in texts(module, target.slice):
                        yield text.text, Key(text.text, place(module, target.slice), known(module, other.value)), surely
                    if not texts(module, target.slice):
                        yield "", unknown(module, target, "a key is computed at run time"), False
        elif isinstance(other, ast.Call) and isinstance(other.func, ast.Attribute):
            if getattr(other.func.value, "id", "") != node.id or other is module.parents.get(node):
                continue
            if other.func.attr in ("update", "append", "extend", "setdefault") and other.args:
                if other.func.attr == "setdefault":
                    for text in texts(module, other.args[0]):
                        yield text.text, Key(text.text, place(module, other.args[0])), surely
                else:
                    keys = keys_of(module, other.args[0], 2)
                    yield "", keys, surely or other.func.attr != "update"
            elif other.func.attr == "update" and other.keywords:
                for keyword in other.keywords:
                    if keyword.arg:
                        key = Key(keyword.arg, place(module, keyword.value), known(module, keyword.value))
                        yield keyword.arg, key, surely


def _is_conditional(module: Module, node: ast.AST, scope: ast.AST) -> bool:
    current: ast.AST | None = module.parents.get(node)
    while current is not None and current is not scope:
        if isinstance(current, ast.If | ast.ExceptHandler | ast.Match | ast.While):
            return True
        current = module.parents.get(current)
    return False
