"""Lists of texts that are joined by commas: each is a condition, or a part of a select list, of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgproof.code.typescript.assigned import returned
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import Ref
from pgproof.code.typescript.lists import KEPT, elements
from pgproof.code.typescript.module import FUNCTIONS, arguments, bare
from pgproof.code.typescript.text import Text, texts

if TYPE_CHECKING:
    from tree_sitter import Node


def joined(code: Codebase, ref: Ref) -> list[Text]:
    """Return the texts that `list.join(",")` can join, nothing when not all of them are known, or one is half a thing.

    The list may be filled by `push`, on conditions, or made of another one: `ids.map((id) => `owner.eq.${id}`)`.
    """
    found: list[Text] = []
    if ref.node.type in ("string", "template_string"):
        return found
    for known in follow(code, ref):
        listed = _joined_list(code, known) if isinstance(known, Ref) else None
        parts = _parts(code, listed) if listed is not None else []
        for part in parts:
            some = texts(code, part)
            if not some:
                return []
            found += some
        if not parts:
            return []
    whole = all(text.value.count("(") == text.value.count(")") for text in found)
    return found if whole else []


def _joined_list(code: Codebase, known: Ref) -> Ref | None:
    """Return what `join` is called on, with a comma."""
    inner, word = _called_on(known)
    given = arguments(known.node) if word == "join" else []
    by = [text.value.strip() for text in texts(code, known.to(given[0]))] if given else [","]
    return inner if word == "join" and by == [","] else None


def _called_on(ref: Ref) -> tuple[Ref | None, str]:
    """Return of a call of a method what it is called on, and the method."""
    node = bare(ref.node)
    callee = node.child_by_field_name("function") if node.type == "call_expression" else None
    inner = callee.child_by_field_name("object") if callee is not None else None
    name = callee.child_by_field_name("property") if callee is not None else None
    if inner is None or name is None:
        return None, ""
    return ref.to(inner), ref.module.text(name)


def _parts(code: Codebase, listed: Ref) -> list[Ref]:
    """Return the expressions that the elements of a list are, nothing when not all of them are known."""
    inner, word = _called_on(listed)
    if inner is not None and word in KEPT:
        return _parts(code, inner)
    if inner is not None and word == "map":
        given = arguments(bare(listed.node))
        function: Node | None = given[0] if given and given[0].type in FUNCTIONS else None
        return [listed.to(one) for one in returned(listed.module, function)] if function is not None else []
    found = list(elements(code, listed))
    parts = [one for one in found if isinstance(one, Ref)]
    return parts if len(parts) == len(found) else []
