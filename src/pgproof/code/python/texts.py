"""What text an expression of Python code is: constants, f-strings, formatting, concatenation, and names for these."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from pgproof.code.python.bindings import Binding
from pgproof.code.python.branches import constant_tuple, depends_on_the_database, is_optional
from pgproof.code.python.guards import is_guard
from pgproof.code.python.literal import parts
from pgproof.code.python.module import Module
from pgproof.code.python.pieces import CHOICES, choices, chosen, elsewhere, named, percent_values, values_of
from pgproof.code.queries.written import Written, cut, hole, join, piece, place
from pgproof.code.usage import Literal

_DEPTH = 12
_SAME = frozenset({"dedent", "cleandoc", "strip", "lstrip", "rstrip", "str", "text", "SQL", "RawSQL", "literal_column"})
"""Calls that give their text back, at most with other blanks."""
_PERCENT = re.compile(r"%(?:%|(?:\((?P<name>[^()]*)\))?[-+ #0]*(?:\d+|\*)?(?:\.\d+)?[diouxXeEfFgGcrsab])")
_FIELD = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}:!]*)(?:![rsa])?(?::[^{}]*)?\}")


def texts(module: Module, node: ast.expr, depth: int = 0) -> list[Written]:
    """Return the texts that an expression may be, each with its holes; empty when it is no text that can be known."""
    if depth > _DEPTH:
        return []
    if isinstance(node, ast.Constant):
        return [_literal(module, node)] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        return _formatted(module, node, depth)
    if isinstance(node, ast.BinOp):
        return _operation(module, node, depth)
    if isinstance(node, ast.Call):
        return _call(module, node, depth)
    if isinstance(node, ast.IfExp):
        if is_guard(module, node.test):
            return []  # which of the two it is depends on the database
        return [*texts(module, node.body, depth + 1), *texts(module, node.orelse, depth + 1)][:CHOICES]
    if isinstance(node, ast.NamedExpr | ast.Await):
        return texts(module, node.value, depth + 1)
    if isinstance(node, ast.Name):
        return _name(module, node, depth)
    if isinstance(node, ast.Attribute):
        return _attribute(module, node, depth)
    if isinstance(node, ast.Subscript):
        return _item(module, node, depth)
    return []


def _literal(module: Module, node: ast.Constant) -> Written:
    found = [piece(part.text, *module.place(part.offset)) for part in parts(module.source, *module.span(node))]
    return join(found) if found else piece("", node.lineno, node.col_offset + 1)


def _formatted(module: Module, node: ast.JoinedStr, depth: int) -> list[Written]:
    fields = [value for value in node.values if isinstance(value, ast.FormattedValue)]
    found: list[list[Written]] = []
    count = 0
    for part in parts(module.source, *module.span(node)):
        line, column = module.place(part.offset)
        if not part.field:
            found.append([piece(part.text, line, column)])
            continue
        if count >= len(fields):
            return []  # the scan and the parser disagree: nothing is certain
        value = fields[count]
        count += 1
        if value.conversion == -1 and value.format_spec is None:
            found.append(_filled(module, value.value, part.text, line, column, depth))
        else:
            found.append([hole(part.text, line, column, "text")])
    return choices(found)


def _filled(module: Module, node: ast.expr, shown: str, line: int, column: int, depth: int) -> list[Written]:
    """Return what may stand in a field: the text itself when it is known, else a hole."""
    made = _sql_object(module, node, shown, line, column)
    if made is not None:
        return [made]
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return [hole(shown, line, column, "text", values=[Literal("string", str(node.value))])]
    found = texts(module, node, depth + 1)
    if found and all(one.lines for one in found) and (len(found) == 1 or any(one.holes for one in found)):
        return found
    return [hole(shown, line, column, "text", values=values_of(found))]


def _operation(module: Module, node: ast.BinOp, depth: int) -> list[Written]:
    if isinstance(node.op, ast.Mod):
        return [
            form
            for one in texts(module, node.left, depth + 1)
            for form in _replaced(module, one, _PERCENT, percent_values(node.right), depth)
        ][:CHOICES]
    if not isinstance(node.op, ast.Add):
        return []
    operands: list[ast.expr] = []
    current: ast.expr = node
    while isinstance(current, ast.BinOp) and isinstance(current.op, ast.Add):  # a long sum nests to the left
        operands.append(current.right)
        current = current.left
    known = [(one, texts(module, one, depth + 1)) for one in (current, *reversed(operands))]
    if not any(found for _, found in known):
        return []
    return choices([_placed(module, one, found) for one, found in known])


def _placed(module: Module, node: ast.expr, found: Sequence[Written]) -> list[Written]:
    """Return what an operand may be; what stands in another file, or is not known, is a hole here."""
    if found and all(one.lines for one in found):
        return list(found)
    shown = "{" + module.text(node) + "}"
    return [hole(shown, *module.place(module.span(node)[0]), "text", values=values_of(found))]


def _call(module: Module, node: ast.Call, depth: int) -> list[Written]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if isinstance(node.func, ast.Attribute) and name in ("format", "format_map"):
        values = {str(number): value for number, value in enumerate(node.args)}
        values |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
        return [
            form
            for one in texts(module, node.func.value, depth + 1)
            for form in _replaced(module, one, _FIELD, values, depth)
        ][:CHOICES]
    if isinstance(node.func, ast.Attribute) and name == "replace":
        return _exchanged(module, node.func.value, node.args, depth)
    if isinstance(node.func, ast.Attribute) and name == "join" and len(node.args) == 1:
        return _joined(module, node.func.value, node.args[0], depth)
    if name in _SAME:
        stripped = isinstance(node.func, ast.Attribute) and name in ("strip", "lstrip", "rstrip")
        inner = node.func.value if stripped and isinstance(node.func, ast.Attribute) else next(iter(node.args), None)
        return texts(module, inner, depth + 1) if inner is not None else []
    return []


def _exchanged(module: Module, text: ast.expr, arguments: Sequence[ast.expr], depth: int) -> list[Written]:
    """Follow `text.replace(old, new)`; without a known `old`, nobody knows what becomes of the text."""
    old = texts(module, arguments[0], depth + 1) if len(arguments) > 1 else []
    if len(old) != 1 or old[0].holes or not old[0].text:
        return []
    pattern = re.compile(f"(?P<name>){re.escape(old[0].text)}")
    return [
        form
        for one in texts(module, text, depth + 1)
        for form in _replaced(
            module, one, pattern, {str(n): arguments[1] for n in range(one.text.count(old[0].text))}, depth
        )
    ][:CHOICES]


def _joined(module: Module, separator: ast.expr, items: ast.expr, depth: int) -> list[Written]:
    between = texts(module, separator, depth + 1)
    items = constant_tuple(module, items)
    if len(between) != 1 or not isinstance(items, ast.List | ast.Tuple) or not items.elts:
        return []
    found: list[list[Written]] = []
    for number, item in enumerate(items.elts):
        if number:
            line, column = module.place(module.span(item)[0])
            found.append([Written(between[0].text, ((0, line, column),))])
        found.append(_placed(module, item, texts(module, item, depth + 1)))
    return choices(found)


def _replaced(
    module: Module, written: Written, pattern: re.Pattern[str], values: dict[str, ast.expr], depth: int
) -> list[Written]:
    """Put values in the place of `%s` or `{}`: known texts as they are, others as holes."""
    found: list[list[Written]] = []
    position = number = 0
    for match in pattern.finditer(written.text):
        if any(one.start <= match.start() < one.end for one in written.holes):
            continue
        found.append([cut(written, position, match.start())])
        position = match.end()
        line, column = place(written.text, written.lines, match.start())
        if match.group() in ("%%", "{{", "}}"):
            found.append([piece(match.group()[0], line, column)])
            continue
        name = match["name"] or ""
        key = re.split(r"[.\[]", name)[0] or str(number)
        number += not name
        value = values.get(key)
        if value is None or key != (name or key):
            found.append([hole(match.group(), line, column, "text", name)])
        else:
            found.append(_filled(module, value, match.group(), line, column, depth))
    found.append([cut(written, position, len(written.text))])
    return choices(found)


def _sql_object(module: Module, node: ast.expr, shown: str, line: int, column: int) -> Written | None:
    """Return what psycopg's `sql.Identifier`, `sql.Placeholder` and `sql.Literal` put in."""
    if not isinstance(node, ast.Call):
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "Identifier":
        names = [texts(module, one) for one in node.args]
        if names and all(len(one) == 1 and not one[0].holes for one in names):
            quoted = ".".join('"' + one[0].text.replace('"', '""') + '"' for one in names)
            return hole(shown, line, column, "text", values=[Literal("string", quoted)])
        return hole(shown, line, column, "identifier")
    if name in ("Placeholder", "Literal"):
        return hole(shown, line, column, "value")
    if name == "join" and isinstance(node.func, ast.Attribute):
        inside = {getattr(one, "attr", getattr(one, "id", "")) for one in ast.walk(node)}
        if "Identifier" in inside:
            return hole(shown, line, column, "identifier")
        if inside & {"Placeholder", "Literal"}:
            return hole(shown, line, column, "text")
    return None


def _name(module: Module, node: ast.Name, depth: int) -> list[Written]:
    scope, bindings = module.bindings(node.id, node)
    if scope is None or all(one.how == "import" for one in bindings):
        return _imported(module, node.id, "", depth)
    before = [one for one in bindings if one.line <= node.lineno] if scope is not module.tree else bindings
    if isinstance(scope, ast.Module) and module.function(node) == "":
        before = [one for one in bindings if one.line <= node.lineno]
    return bound_texts(module, before or bindings, node, depth)


def bound_texts(module: Module, bindings: Sequence[Binding], at: ast.AST, depth: int) -> list[Written]:
    """Return the texts that a name may have after its bindings: the last that always happens, and those of branches.

    What is appended in a branch makes two texts: with all of it, and without any.
    """
    if any(one.how not in ("=", "+=") for one in bindings):
        return []
    start = max(
        (n for n, one in enumerate(bindings) if one.how == "=" and not is_optional(module, one, at)), default=-1
    )
    bases: list[Written] = []
    for one in bindings[max(start, 0) :]:
        if one.how == "=" and one.value is not None and not depends_on_the_database(module, one):
            bases += texts(module, one.value, depth + 1)
    added = [one for one in bindings[max(start, 0) :] if one.how == "+="]
    if not added:
        return bases[:CHOICES]
    if len(bases) != 1:
        return []
    everything: list[Written] = [bases[0]]
    always: list[Written] = [bases[0]]
    for one in added:
        assert one.value is not None
        known = [] if depends_on_the_database(module, one) else texts(module, one.value, depth + 1)
        form = _placed(module, one.value, known)[0]
        if is_optional(module, one, at):
            form = chosen(form)
        else:
            always.append(form)
        everything.append(form)
    return [join(everything)] if len(always) == len(everything) else [join(everything), join(always)]


def _attribute(module: Module, node: ast.Attribute, depth: int) -> list[Written]:
    if node.attr == "value":  # of a member of an enum
        return texts(module, node.value, depth + 1)
    if not isinstance(node.value, ast.Name):
        return []
    owner = node.value.id
    own = owner in ("self", "cls")
    members = module.attribute(node.attr, node) if own else module.members(owner).get(node.attr)
    if members:
        return bound_texts(module, members, node, depth)
    if own:
        values = module.assigned_to_self(node.attr, node)
        return texts(module, values[0], depth + 1) if len(values) == 1 else []
    return _imported(module, owner, node.attr, depth)


def _imported(module: Module, name: str, attribute: str, depth: int) -> list[Written]:
    target = module.imported(name)
    if target is None or depth > _DEPTH:
        return []
    other, inner = target
    if inner and attribute:
        members = other.members(inner).get(attribute)
        return [elsewhere(one) for one in bound_texts(other, members, other.tree, depth + 1)] if members else []
    wanted = attribute or inner
    if not wanted:
        return []
    bindings = other.top_level(wanted)
    if bindings and all(one.how == "import" for one in bindings):
        return _imported(other, wanted, "", depth + 1)
    return [elsewhere(one) for one in bound_texts(other, bindings, other.tree, depth + 1)] if bindings else []


def _item(module: Module, node: ast.Subscript, depth: int) -> list[Written]:
    """Follow `QUERIES["name"]` into a dictionary that is bound once."""
    key = node.slice
    if not (isinstance(node.value, ast.Name) and isinstance(key, ast.Constant) and isinstance(key.value, str)):
        return []
    _, bindings = module.bindings(node.value.id, node)
    if len(bindings) != 1 or not isinstance(bindings[0].value, ast.Dict):
        return []
    value = named(bindings[0].value.keys, bindings[0].value.values).get(key.value)
    return texts(module, value, depth + 1) if value is not None else []
