"""What text an expression of Go code is: literals, sums, constants of the package, `fmt.Sprintf`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pgproof.code.queries.written import Written, cut, hole, join, piece, place
from pgproof.code.source import Project
from pgproof.code.syntax import Syntax, above, named
from pgproof.code.usage import Hole, Literal

if TYPE_CHECKING:
    from tree_sitter import Node

LITERALS = ("interpreted_string_literal", "raw_string_literal")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_VERB = re.compile(r"%(?:%|(?:\[(?P<index>\d+)\])?[-+# 0]*\d*(?:\.\d+)?[vTtbcdoOqxXUeEfFgGspw])")
_DEPTH = 8
_DECLARED = """
(source_file (const_declaration (const_spec) @it))
(source_file (var_declaration (var_spec) @it))
(source_file (var_declaration (var_spec_list (var_spec) @it)))
"""


class Package:
    """The constants and variables of a file's package that are bound to a text."""

    def __init__(self, code: Syntax, project: Project) -> None:
        """Read the file's own; others are read when a name is not there."""
        self._code = code
        self._project = project
        self._own = _declared(code)
        self._others: list[tuple[Syntax, Mapping[str, Node]]] | None = None

    def find(self, name: str) -> tuple[Syntax, Node] | None:
        """Return the expression that a name is bound to, and its file."""
        if name in self._own:
            return self._code, self._own[name]
        if self._others is None:
            self._others = [(code, _declared(code)) for code in self._siblings()]
        return next(((code, bound[name]) for code, bound in self._others if name in bound), None)

    def _siblings(self) -> Iterator[Syntax]:
        folder = self._code.path.rpartition("/")[0]
        for path in sorted(self._project.paths):
            if path.endswith(".go") and path.rpartition("/")[0] == folder and path != self._code.path:
                text = self._project.text(path)
                if text is not None and re.search(r"^(?:const|var)\b", text, re.MULTILINE):
                    yield Syntax("go", path, text)


def _declared(code: Syntax) -> Mapping[str, Node]:
    found: dict[str, Node] = {}
    for spec in code.find(_DECLARED):
        names = [child for child in spec.children if child.type == "identifier"]
        values = spec.child_by_field_name("value")
        items = named(values) if values is not None else []
        found |= {code.text(name): value for name, value in zip(names, items, strict=False)}
    return found


def text_of(code: Syntax, node: Node, package: Package, depth: int = 0) -> Written | None:
    """Return the text of an expression with its holes, `None` when it is none."""
    if depth > _DEPTH:
        return None
    if node.type in LITERALS:
        return literal(code, node)
    if node.type == "parenthesized_expression":
        return text_of(code, named(node)[0], package, depth + 1) if named(node) else None
    if node.type == "binary_expression":
        return _sum(code, node, package, depth)
    if node.type == "identifier":
        return _name(code, node, package, depth)
    if node.type == "call_expression":
        return _call(code, node, package, depth)
    return None


def literal(code: Syntax, node: Node) -> Written:
    """Return the text of a literal."""
    parts = []
    for child in node.children:
        if child.type.endswith("_content"):
            parts.append(piece(code.text(child).replace("\r", ""), *code.place(child.start_byte)))
        elif child.type == "escape_sequence":
            parts.append(piece(_escaped(code.text(child)), *code.place(child.start_byte)))
    return join(parts) if parts else piece("", *code.place(node.start_byte))


def _escaped(sequence: str) -> str:
    simple = _ESCAPES.get(sequence[1:])
    if simple is not None:
        return simple
    digits = sequence[2:] if sequence[1] in "xuU" else sequence[1:]
    return chr(min(int(digits, 16 if sequence[1] in "xuU" else 8), 0x10FFFF))


def _sum(code: Syntax, node: Node, package: Package, depth: int) -> Written | None:
    """Return what `a + b + c` is: from the left, so that long sums do not nest."""
    operands: list[Node] = []
    current = node
    while current.type == "binary_expression":
        left, right = current.child_by_field_name("left"), current.child_by_field_name("right")
        operator = current.child_by_field_name("operator")
        if left is None or right is None or operator is None or code.text(operator) != "+":
            return None
        operands.append(right)
        current = left
    known = [(one, text_of(code, one, package, depth + 1)) for one in (current, *reversed(operands))]
    if not any(written for _, written in known):
        return None
    return join([written or _unknown(code, one) for one, written in known])


def _unknown(code: Syntax, node: Node) -> Written:
    return hole("{" + code.text(node) + "}", *code.place(node.start_byte), "text")


def _name(code: Syntax, node: Node, package: Package, depth: int) -> Written | None:
    name = code.text(node)
    local = _local(code, node, name)
    if local is not None:
        return text_of(code, local[0], package, depth + 1) if len(local) == 1 else None
    found = package.find(name)
    if found is None:
        return None
    other, value = found
    written = text_of(other, value, package, depth + 1)
    if written is None or other is code:
        return written
    if written.holes:
        return None
    return hole("{" + name + "}", *code.place(node.start_byte), "text", values=[Literal("string", written.text)])


def _local(code: Syntax, node: Node, name: str) -> list[Node] | None:
    """Return what the function around a node binds a name to before it, `None` when it does not bind it."""
    function = above(node, "function_declaration", "method_declaration", "func_literal")
    while function is not None:
        found = _bindings(code, function, name)
        before = [value for at, value in found if at < node.start_byte]
        if found:
            return before if len(before) == len(found) and None not in before else []  # type: ignore[return-value]
        function = above(function, "function_declaration", "method_declaration", "func_literal")
    return None


def _bindings(code: Syntax, function: Node, name: str) -> list[tuple[int, Node | None]]:
    """Return where a function binds a name, and to what (`None`: to something else than one expression)."""
    found: list[tuple[int, Node | None]] = []
    waiting = [function]
    while waiting:
        node = waiting.pop()
        if node.type in ("short_var_declaration", "assignment_statement", "const_spec", "var_spec", "range_clause"):
            found += _bound(code, node, name)
        elif node.type == "parameter_declaration":
            found += [
                (node.start_byte, None)
                for child in node.children
                if child.type == "identifier" and code.text(child) == name
            ]
        waiting.extend(node.named_children)
    return sorted(found, key=lambda one: one[0])


def _bound(code: Syntax, node: Node, name: str) -> list[tuple[int, Node | None]]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if node.type in ("const_spec", "var_spec"):
        targets = [child for child in node.children if child.type == "identifier"]
        right = node.child_by_field_name("value")
    else:
        targets = named(left) if left is not None else []
    values = named(right) if right is not None else []
    found: list[tuple[int, Node | None]] = []
    for number, target in enumerate(targets):
        if code.text(target) == name:
            single = node.type != "range_clause" and len(values) == len(targets)
            plain = single and b"+=" not in code.data[target.end_byte : values[number].start_byte]
            found.append((node.start_byte, values[number] if plain else None))
    return found


def _call(code: Syntax, node: Node, package: Package, depth: int) -> Written | None:
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None or arguments is None:
        return None
    name, given = code.text(function), named(arguments)
    if name == "strings.TrimSpace" and given:
        return text_of(code, given[0], package, depth + 1)
    if name != "fmt.Sprintf" or not given:
        return None
    form = text_of(code, given[0], package, depth + 1)
    return _formatted(code, form, given[1:], package, depth) if form is not None else None


def _formatted(code: Syntax, form: Written, values: list[Node], package: Package, depth: int) -> Written:
    parts: list[Written] = []
    position = number = 0
    for found in _VERB.finditer(form.text):
        parts.append(cut(form, position, found.start()))
        position = found.end()
        line, column = place(form.text, form.lines, found.start())
        if found.group() == "%%":
            parts.append(piece("%", line, column))
            continue
        number = int(found["index"]) if found["index"] else number + 1
        value = text_of(code, values[number - 1], package, depth + 1) if number <= len(values) else None
        if value is not None and not value.holes and found.group() in ("%s", "%v"):
            parts.append(hole(found.group(), line, column, "text", values=[Literal("string", value.text)]))
        else:
            parts.append(hole(found.group(), line, column, "text"))
    parts.append(cut(form, position, len(form.text)))
    return join(parts)


def with_verbs(written: Written) -> Written:
    """Return a text that may be a format's, used elsewhere, with holes for its verbs: `interval '%d seconds'`."""
    taken = [(one.start, one.end) for one in written.holes]
    found = [
        Hole(one.start(), one.end(), "text")
        for one in _VERB.finditer(written.text)
        if one.group() != "%%"
        and " " not in one.group()
        and not any(start < one.end() and one.start() < end for start, end in taken)
    ]
    holes = sorted((*written.holes, *found), key=lambda one: one.start)
    return replace(written, holes=tuple(holes))
