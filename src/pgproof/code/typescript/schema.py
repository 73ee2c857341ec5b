"""Keys of objects that a schema of zod (or one with the same words: valibot, yup) describes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgproof.code.typescript.assigned import returned
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import Ref
from pgproof.code.typescript.module import FUNCTIONS, arguments, inside, nth, unquoted
from pgproof.code.typescript.type_keys import Keys, Property
from pgproof.code.typescript.types import Type

if TYPE_CHECKING:
    from tree_sitter import Node

_DEPTH = 12
_CHECKS = frozenset({"input", "inputValidator", "validator", "inputSchema", "schema"})
_OBJECTS = frozenset({"object", "strictObject", "looseObject"})
_SAME = frozenset(
    {"refine", "superRefine", "strict", "strip", "describe", "brand", "readonly", "required", "transform"}
)
_INFERRED = frozenset({"infer", "input", "output", "TypeOf", "InferType", "InferOutput", "InferInput"})


def schema_keys(code: Codebase, given: Type, depth: int = 0) -> Keys | None:
    """Return the keys of `z.infer<typeof schema>`, or of the schema that an expression is; `None`: it is neither."""
    node = given.node
    if node.type == "generic_type":
        name, listed = node.child_by_field_name("name"), node.child_by_field_name("type_arguments")
        inner = nth(listed, 0) if listed is not None else None
        if name is None or given.module.text(name).rpartition(".")[2] not in _INFERRED or inner is None:
            return None
        value = nth(inner, 0) if inner.type == "type_query" else None
        return _of_value(code, Ref(given.module, value), depth) if value is not None else None
    if node.type.endswith(("_type", "_identifier", "_declaration", "_query")):
        return None
    return _of_value(code, Ref(given.module, node), depth)


_REMOTE = frozenset({"form", "command", "query", "prerender"})
"""SvelteKit's remote functions: what they are given is checked by the schema that stands before them."""
_VALIDATORS = re.compile(r"(?:^|[a-z])[vV]alidator$")


def parsed(code: Codebase, call: Ref, word: str) -> Keys | None:
    """Return the keys of what a call takes from outside by a schema; `None`: it is another call."""
    given = arguments(call.node)
    callee = call.node.child_by_field_name("function")
    inner = callee.child_by_field_name("object") if callee is not None else None
    if word in ("parse", "parseAsync", "safeParse", "safeParseAsync", "validateSync", "cast") and inner is not None:
        return _of_value(code, call.to(inner), 0)
    if word == "superValidate" and given:  # superValidate(request, zod(schema))
        adapted = arguments(given[-1]) if given[-1].type == "call_expression" else []
        return _of_value(code, call.to(adapted[0]), 0) if adapted else None
    if word in ("readValidatedBody", "getValidatedQuery") and len(given) == 2:
        parse = given[1].child_by_field_name("object") if given[1].type == "member_expression" else None
        return _of_value(code, call.to(parse), 0) if parse is not None else _checked(code, call.to(given[1]))
    if word == "valid" and given:
        return _of_validator(code, call, given[0])
    return None


def _of_validator(code: Codebase, call: Ref, target: Node) -> Keys | None:
    """Return the keys of `c.req.valid("json")` in `app.post(path, zValidator("json", schema), handler)`."""
    handler = inside(call.module, call.node)
    listed = handler.parent if handler is not None else None
    for one in listed.named_children if listed is not None and listed.type == "arguments" else ():
        function, given = one.child_by_field_name("function"), arguments(one) if one.type == "call_expression" else []
        named = function is not None and _VALIDATORS.search(call.module.text(function))
        if named and len(given) > 1 and call.module.text(given[0]) == call.module.text(target):
            return _of_value(code, call.to(given[1]), 0)
    return None


def checked_before(code: Codebase, function: Ref) -> Keys | None:
    """Return the keys of what a function is first given, where a schema stands before it: `form(schema, function)`."""
    listed = function.node.parent
    call = listed.parent if listed is not None and listed.type == "arguments" else None
    callee = call.child_by_field_name("function") if call is not None and call.type == "call_expression" else None
    if call is None or callee is None or function.module.text(callee) not in _REMOTE:
        return None
    given = arguments(call)
    return _of_value(code, function.to(given[0]), 0) if given and given[0].id != function.node.id else None


def validated(code: Codebase, function: Ref) -> Keys | None:
    """Return the keys of what a function is given that a chain checks first: `.input(schema).mutation(function)`."""
    listed = function.node.parent
    call = listed.parent if listed is not None and listed.type == "arguments" else None
    for _ in range(_DEPTH):
        callee = call.child_by_field_name("function") if call is not None and call.type == "call_expression" else None
        name = callee.child_by_field_name("property") if callee is not None else None
        if call is None or callee is None or name is None:
            return None
        given = arguments(call)
        if function.module.text(name) in _CHECKS and given:
            return _checked(code, function.to(given[0]))
        call = callee.child_by_field_name("object")
    return None


def _checked(code: Codebase, ref: Ref) -> Keys | None:
    """Return the keys of a schema, or of the one that a function parses with: `(data) => schema.parse(data)`."""
    for known in follow(code, ref):
        if not isinstance(known, Ref) or known.node.type not in FUNCTIONS:
            return _of_value(code, ref, 0)
        for value in returned(known.module, known.node):
            callee = value.child_by_field_name("function") if value.type == "call_expression" else None
            inner = callee.child_by_field_name("object") if callee is not None else None
            return _of_value(code, known.to(inner), 0) if inner is not None else None
    return None


def _of_value(code: Codebase, ref: Ref, depth: int) -> Keys | None:
    if depth > _DEPTH:
        return None
    for known in follow(code, ref):
        if not isinstance(known, Ref) or known.node.type != "call_expression":
            return None
        return _of_call(code, known, depth)
    return None


def _of_call(code: Codebase, ref: Ref, depth: int) -> Keys | None:
    callee = ref.node.child_by_field_name("function")
    inner = callee.child_by_field_name("object") if callee is not None else None
    method = callee.child_by_field_name("property") if callee is not None else None
    given = arguments(ref.node)
    if inner is None or method is None:
        return None
    word = ref.module.text(method)
    if word in _OBJECTS and given:
        return _object(code, ref.to(given[0]))
    if word in _SAME:
        return None if word == "transform" else _of_value(code, ref.to(inner), depth + 1)
    if word in ("extend", "merge", "partial", "omit", "pick"):
        base = _of_value(code, ref.to(inner), depth + 1)
        return _changed(code, ref, base, word, given, depth) if base is not None else None
    return None


def _changed(code: Codebase, ref: Ref, base: Keys, word: str, given: list[Node], depth: int) -> Keys | None:
    if word == "partial" and not given:
        return Keys({name: Property(name, one.type, True) for name, one in base.properties.items()}, base.whole)
    if not given:
        return None
    more = _object(code, ref.to(given[0])) if word != "merge" else _of_value(code, ref.to(given[0]), depth + 1)
    if more is None:
        return None
    if word in ("omit", "pick"):
        kept = {name: one for name, one in base.properties.items() if (name in more.properties) == (word == "pick")}
        return Keys(kept, base.whole)
    if word == "partial":
        names = more.properties
        changed = {key: Property(key, one.type, one.optional or key in names) for key, one in base.properties.items()}
        return Keys(changed, base.whole)
    return Keys(base.properties | more.properties, base.whole and more.whole)


def _leaves_out(text: str) -> bool:
    """Whether it is a key of yup's, which may be absent unless it is required."""
    return text[:4].lower() == "yup." and ".required(" not in text


def _object(code: Codebase, ref: Ref) -> Keys | None:
    for known in follow(code, ref):
        if not isinstance(known, Ref) or known.node.type != "object":
            return None
        keys = Keys()
        for child in known.node.named_children:
            name, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if (
                child.type == "pair"
                and name is not None
                and value is not None
                and name.type != "computed_property_name"
            ):
                text = known.module.text(value)
                optional = any(word in text for word in ("optional(", ".nullish(")) or _leaves_out(text)
                key = unquoted(known.module, name)
                keys.properties[key] = Property(key, Type(known.module, name), optional)
            elif child.type == "shorthand_property_identifier":
                key = known.module.text(child)
                keys.properties[key] = Property(key, Type(known.module, child), False)
            elif child.type != "comment":
                keys.whole = False
        return keys
    return None
