"""What the code does with the error that a call may return: Supabase's clients return errors, they raise none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgproof.code.typescript.chain import Branch, uses
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.fallback import TOLD_APART
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import Ref
from pgproof.code.typescript.module import FUNCTIONS, Module, arguments, bare, callee, nth
from pgproof.code.typescript.scopes import Binding, lookup, parameters
from pgproof.code.usage import Handling

if TYPE_CHECKING:
    from tree_sitter import Node

_OUTER = frozenset(
    {"await_expression", "parenthesized_expression", "as_expression", "non_null_expression", "satisfies_expression"}
)
_LOGS = re.compile(
    r"^(?:console|log(?:ger)?|Sentry|winston|pino|captureException|debug|consola|reportError)\b|\.(?:log|warn|error|captureException)$",
    re.I,
)
_SAYS = re.compile(
    rb"throw\b|reject\(|toast|alert\(|set\w*Error|status\(\s*[45]|status:\s*[45]|redirect\(|notFound\(|exit\(|fail\w*\(|\bassert",
    re.I,
)
_RETURNS = re.compile(rb"return\b[^;}]{0,160}?(?:error|err\b|fail|success:\s*false|ok:\s*false|message)", re.I)
_WRITES = re.compile(rb"(?:console|log(?:ger)?|Sentry|winston|pino)\s*\.|captureException|logError|reportError", re.I)
_ASKS = re.compile(rb"\.from\([^()]*\)\s*\.select\(|\.rpc\(")
"""Another query: where one fails, the code has another way."""
_ANSWERS = re.compile(rb"\.from\([^()]*\)\s*\.|\.rpc\(")
"""A call of the database, in a function that may have another answer."""
_RANK = (Handling.EXPECTED, Handling.THROWN, Handling.LOGGED, Handling.IGNORED)


def handling_of(code: Codebase, branches: list[Branch]) -> Handling:
    """Return what is done with the error where the query ends; of several ends, what is done at best."""
    if any(step.name == "throwOnError" for branch in branches for step in branch.steps):
        return Handling.THROWN
    found = [_at_end(code, branch.end) for branch in branches]
    known = [one for one in _RANK if one in found]
    return known[0] if known else Handling.UNKNOWN


def _at_end(code: Codebase, end: Ref) -> Handling:
    module, node = end.module, end.node
    awaited = _awaited_within(node)
    above = node.parent
    while above is not None and above.type in _OUTER:
        awaited = awaited or above.type == "await_expression"
        node, above = above, above.parent
    if above is None:
        return Handling.UNKNOWN
    if above.type == "member_expression":
        return _of_member(code, module, node, above, awaited)
    if above.type == "variable_declarator" and (name := above.child_by_field_name("name")) is not None:
        return _of_target(code, module, name) if awaited else Handling.UNKNOWN
    if above.type == "assignment_expression" and (left := above.child_by_field_name("left")) is not None:
        return _of_target(code, module, left) if awaited else Handling.UNKNOWN
    if above.type == "array":
        return _of_list(code, module, node, above)
    if above.type == "expression_statement" and awaited:
        return Handling.IGNORED
    if above.type == "arguments" and awaited:
        return Handling.UNKNOWN
    return Handling.UNKNOWN


def _awaited_within(node: Node | None) -> bool:
    """Say whether the grammar put the `await` of a chain into it, as it does before a type argument."""
    while node is not None and node.type in ("call_expression", "member_expression"):
        inner = node.child_by_field_name("function") or node.child_by_field_name("object")
        if inner is not None and inner.type == "await_expression":
            return node.type == "call_expression"
        node = inner
    return False


def _of_member(code: Codebase, module: Module, node: Node, above: Node, awaited: bool) -> Handling:
    """`(await query).data`, `query.then(…)`."""
    name = above.child_by_field_name("property")
    word = module.text(name) if name is not None else ""
    if awaited:
        return Handling.IGNORED if word in ("data", "count") else Handling.UNKNOWN
    call = above.parent
    if word != "then" or call is None or call.type != "call_expression":
        return Handling.UNKNOWN
    given = arguments(call)
    if not given or given[0].type not in FUNCTIONS:
        return Handling.UNKNOWN
    listed = list(parameters(module, given[0]))
    if not listed:
        return Handling.IGNORED
    if any(one.index == 0 and one.steps for one in listed):
        error = next((one for one in listed if one.index == 0 and one.steps[:1] == ("error",)), None)
        return _of_error(code, module, error) if error is not None else Handling.IGNORED
    return _of_answer(code, module, listed[0])


def _of_target(code: Codebase, module: Module, target: Node) -> Handling:
    """Judge what an awaited answer is put into: `{ data, error }`, or a name for all of it."""
    if target.type == "object_pattern":
        for child in target.named_children:
            key = child.child_by_field_name("key") if child.type == "pair_pattern" else child
            inner = child.child_by_field_name("value") if child.type == "pair_pattern" else child
            if child.type == "rest_pattern":
                return Handling.UNKNOWN
            if key is not None and inner is not None and module.text(key) == "error":
                return _of_name(code, module, inner)
        return Handling.IGNORED
    if target.type == "identifier":
        binding = lookup(module, target, module.text(target))
        return _of_answer(code, module, binding) if binding is not None else Handling.UNKNOWN
    return Handling.UNKNOWN


def _of_name(code: Codebase, module: Module, name: Node) -> Handling:
    binding = lookup(module, name, module.text(name))
    return _of_error(code, module, binding) if binding is not None else Handling.UNKNOWN


def _of_list(code: Codebase, module: Module, node: Node, listed: Node) -> Handling:
    """Judge `const [{ data, error }, …] = await Promise.all([query, …])`."""
    index = next((i for i, child in enumerate(listed.named_children) if child.id == node.id), -1)
    call = listed.parent.parent if listed.parent is not None else None
    above = call.parent if call is not None and call.type == "call_expression" else None
    while above is not None and above.type in _OUTER:
        above = above.parent
    pattern = above.child_by_field_name("name") if above is not None and above.type == "variable_declarator" else None
    if pattern is None or pattern.type != "array_pattern":
        return Handling.UNKNOWN
    place = 0
    for child in pattern.children:
        if child.type == ",":
            place += 1
        elif child.is_named and place == index:
            return _of_target(code, module, child)
    return Handling.IGNORED


def _of_answer(code: Codebase, module: Module, binding: Binding) -> Handling:
    """Judge the uses of a whole answer: what is done with its `error`."""
    found: list[Handling] = []
    for use in uses(module, binding):
        above = use.parent
        if above is None:
            continue
        if above.type == "member_expression" and (name := above.child_by_field_name("property")) is not None:
            if module.text(name) == "error":
                found.append(_of_use(code, module, above))
        elif above.type == "variable_declarator" and (pattern := above.child_by_field_name("name")) is not None:
            found.append(_of_target(code, module, pattern))
        else:
            found.append(Handling.UNKNOWN)
    known = [one for one in _RANK if one in found]
    if known:
        return known[0]
    return Handling.UNKNOWN if found else Handling.IGNORED


def _of_error(code: Codebase, module: Module, binding: Binding) -> Handling:
    found = [_of_use(code, module, use) for use in uses(module, binding)]
    known = [one for one in _RANK if one in found]
    return known[0] if known else Handling.UNKNOWN if found else Handling.IGNORED


def _of_use(code: Codebase, module: Module, use: Node) -> Handling:
    """Judge one use of an error."""
    node: Node | None = use
    previous = use
    while node is not None and node.type not in FUNCTIONS and node.type != "program":
        if node.type == "throw_statement" or node.type == "return_statement":
            return Handling.THROWN
        if node.type == "call_expression" and previous.type == "arguments":
            return _of_call(code, module, node)
        if node.type == "ternary_expression" and previous.id != use.id:
            pass
        elif node.type == "ternary_expression":
            return Handling.EXPECTED if TOLD_APART.search(_bytes(module, node)) else Handling.UNKNOWN
        if node.type == "if_statement":
            return _of_condition(code, module, node, previous, use)
        if node.type in ("binary_expression", "switch_statement") and TOLD_APART.search(_bytes(module, node)):
            return Handling.EXPECTED
        if node.type in ("pair", "shorthand_property_identifier"):
            return Handling.LOGGED if _is_logged(code, module, node) else Handling.THROWN
        if node.type == "assignment_expression":
            return _of_assigned(code, module, node)
        if node.type == "jsx_expression":
            return Handling.THROWN
        if node.type in ("expression_statement", "statement_block", "variable_declarator"):
            return Handling.UNKNOWN
        previous, node = node, node.parent
    return Handling.THROWN if node is not None and node.type == "arrow_function" else Handling.UNKNOWN


def _of_assigned(code: Codebase, module: Module, assignment: Node) -> Handling:
    """Judge an error that is kept in a variable by what is done with that; kept elsewhere it is shown somewhere."""
    left = assignment.child_by_field_name("left")
    binding = lookup(module, left, module.text(left)) if left is not None and left.type == "identifier" else None
    if binding is None:
        return Handling.THROWN
    reads = [use for use in uses(module, binding) if use.parent is None or use.parent.type != "assignment_expression"]
    found = [_of_use(code, module, use) for use in reads]
    known = [one for one in _RANK if one in found]
    return known[0] if known else Handling.THROWN


def _is_logged(code: Codebase, module: Module, node: Node) -> bool:
    """Whether it stands in an object that is written to a log: `console.warn("…", { id, error })`."""
    above = node.parent
    while above is not None and above.type in ("object", "pair", "arguments"):
        above = above.parent
    return above is not None and above.type == "call_expression" and _of_call(code, module, above) is Handling.LOGGED


def _of_call(code: Codebase, module: Module, call: Node) -> Handling:
    callee = call.child_by_field_name("function")
    name = module.text(callee) if callee is not None else ""
    if name == "expect":
        return _of_expectation(module, call)
    if _LOGS.search(name):
        return Handling.LOGGED
    return Handling.THROWN


def _of_expectation(module: Module, call: Node) -> Handling:
    """Judge a test: an error that is asserted is expected, one that is asserted absent ends the test."""
    above = call.parent
    words: list[str] = []
    while above is not None and above.type == "member_expression":
        name = above.child_by_field_name("property")
        words.append(module.text(name) if name is not None else "")
        outer = above.parent
        above = outer.parent if outer is not None and outer.type == "call_expression" else outer
    absent = bool({"toBeNull", "toBeUndefined", "toBeFalsy"} & set(words))
    return Handling.THROWN if absent != ("not" in words) else Handling.EXPECTED


def _of_condition(code: Codebase, module: Module, statement: Node, previous: Node, use: Node) -> Handling:
    condition, body = statement.child_by_field_name("condition"), statement.child_by_field_name("consequence")
    if condition is None or body is None or previous.id != condition.id:
        return Handling.UNKNOWN
    if TOLD_APART.search(_bytes(module, condition)):
        return Handling.EXPECTED
    inside = _bytes(module, body)
    negated = b"!" + _bytes(module, use) in _bytes(module, condition).replace(b"(", b"").replace(b" ", b"")
    if negated and not _SAYS.search(inside):
        other = statement.child_by_field_name("alternative")
        inside = _bytes(module, other) if other is not None else b""
    if TOLD_APART.search(inside):
        return Handling.EXPECTED
    if _asks_first(inside, _bytes(module, use)):
        return Handling.EXPECTED
    if _SAYS.search(inside) or _RETURNS.search(inside):
        return Handling.THROWN
    if _ASKS.search(inside) or (not negated and _gives_another(code, module, body)):
        return Handling.EXPECTED
    return Handling.LOGGED if _WRITES.search(inside) else Handling.IGNORED


def _asks_first(inside: bytes, error: bytes) -> bool:
    """Whether another query is made before anything is said, and what is said then is not this error."""
    asked, said = _ASKS.search(inside), _SAYS.search(inside) or _RETURNS.search(inside)
    if asked is None or (said is not None and said.start() < asked.start()):
        return False
    return re.search(rb"(?<![.\w])" + re.escape(error) + rb"\b(?!\s*:)", inside[asked.start() :]) is None


def _gives_another(code: Codebase, module: Module, body: Node) -> bool:
    """Whether what is given back instead is the result of a function of the project that asks the database itself.

    `if (error) { console.error(error); return await searchPlainly(term); }`
    """
    for statement in [body] if body.type == "return_statement" else body.named_children:
        value = nth(statement, 0) if statement.type == "return_statement" else None
        call = bare(value) if value is not None else None
        function = callee(call) if call is not None and call.type == "call_expression" else None
        followed = follow(code, Ref(module, function)) if function is not None else []
        if any(isinstance(one, Ref) and _ANSWERS.search(_bytes(one.module, one.node)) for one in followed):
            return True
    return False


def _bytes(module: Module, node: Node) -> bytes:
    return module.data[node.start_byte : node.end_byte]
