"""Tagged templates: what stands in them comes in as a value, unless it is a piece of SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgproof.code.queries.written import Written, hole, join, piece
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import External, Known, Open, Ref
from pgproof.code.typescript.module import FUNCTIONS, Module, bare, callee, escaped, nth
from pgproof.code.typescript.objects import written_by_helper
from pgproof.code.typescript.running import single
from pgproof.code.typescript.strings import choice
from pgproof.code.usage import Literal

if TYPE_CHECKING:
    from tree_sitter import Node

_TAGS = re.compile(
    r"(?:^|\.)(?:sql\w*|SQL|\$(?:query|execute)Raw|queryRaw|pgsql|psql|tx|trx|db|client|conn|connection|pg|t|query)$"
)
_FRAGMENTS = re.compile(
    r"^(?:sql|SQL|Prisma|tx|trx|db)(?:\.(?:raw|unsafe|join|fragment|sql|empty|and|or|append|unprepared|lit|literal|val|unnest"
    r"|array))?$|^(?:and|or|eq|ne|gt|gte|lt|lte|not|desc|asc|inArray|exists|isNull|isNotNull|like|ilike|between|raw|join)$"
)
_NAMES = re.compile(r"^\w+\.(?:identifier|ident|id|ref|table|column|dynamic|name)$")
_SQL_TYPE = re.compile(
    r"\b(?:Sql|SQL|SQLWrapper|SqlFragment|QuerySqlToken|Fragment|PendingQuery|RawBuilder|Expression|AnyColumn|PgColumn|PgTable)\b"
)
_SQL_NAME = re.compile(
    r"(?:where|clause|fragment|filters?|condition|cond|order|column|cols|sql|query|join|cte|table|limit|offset|sort|search|group|having|select|set)(?:s|Sql|SQL|By)?$",
    re.IGNORECASE,
)
_DEPTH = 4
"""Templates in templates."""
_PIECEWISE = frozenset({"drizzle"})
"""Clients in whose tags a bare name may be a column or a table."""


def is_statement_tag(module: Module, node: Node, tag: str) -> bool:
    """Whether a tagged template may be a whole statement: not `sql.fragment`, and nothing is appended to it."""
    known = _TAGS.search(tag) is not None or tag.startswith("sql")
    return known and not tag.endswith(".fragment") and not _is_continued(module, node)


def _is_continued(module: Module, node: Node) -> bool:
    above = node.parent.parent if node.parent is not None else None
    name = above.child_by_field_name("property") if above is not None and above.type == "member_expression" else None
    return name is not None and module.text(name) in ("append", "concat")


def tag_of(module: Module, node: Node) -> str | None:
    """Return the tag of a template as it is written, without its type arguments."""
    call = node.parent
    if node.type != "template_string" or call is None or call.type != "call_expression":
        return None
    function = callee(call)
    given = call.child_by_field_name("arguments")
    if function is None or given is None or given.id != node.id:
        return None
    return re.sub(r"<.*>|\s|[?!]", "", module.text(function), flags=re.DOTALL)


def tagged(code: Codebase, ref: Ref, client: str, depth: int = 0) -> Written:
    """Return the text of a tagged template, the templates in it put in where it is known which."""
    node, module = ref.node, ref.module
    parts: list[Written] = []
    for child in node.named_children:
        if child.type == "comment":
            continue
        if child.type != "template_substitution":
            parts.append(piece(escaped(module, child), *module.place(child.start_byte)))
            continue
        inner = nth(child, 0)
        if inner is None:
            continue
        before = join(parts).text if parts else ""
        parts.append(
            _made_by_client(code, ref.to(inner), before)
            or _nested(code, ref.to(inner), client, depth)
            or _unnested(code, ref.to(inner), module.text(child), client)
        )
    return join(parts) if parts else piece("", *module.place(node.start_byte))


def _unnested(code: Codebase, ref: Ref, shown: str, client: str) -> Written:
    kind, values = _filling(code, ref, client)
    return hole(shown, *ref.module.place(ref.node.start_byte - 2), kind, values=values)


def _made_by_client(code: Codebase, ref: Ref, before: str) -> Written | None:
    node = bare(ref.node)
    return written_by_helper(code, ref.to(node), before) if node.type == "call_expression" else None


def _nested(code: Codebase, ref: Ref, client: str, depth: int) -> Written | None:
    """Return the text of the template that an expression surely is; a hole with the texts that it may be."""
    found = follow(code, ref) if depth < _DEPTH else []
    if not any(isinstance(known, Ref) and _template(known) is not None for known in found):
        return None
    texts: list[Written] = []
    for known in found:
        template = _template(known) if isinstance(known, Ref) else None
        if isinstance(known, Ref) and template is not None:
            texts.append(tagged(code, known.to(template), client, depth + 1))
        elif _is_nothing(known):
            texts.append(piece("", *ref.module.place(ref.node.start_byte)))
        else:
            return None
    same = isinstance(found[0], Ref) and found[0].module is ref.module
    if len(texts) == 1 and same:
        return texts[0]
    shown = "${" + ref.module.text(ref.node)[:80] + "}"
    values = [choice(one) for one in texts]
    literals = [Literal("string", one) for one in values if one is not None]
    return hole(
        shown,
        *ref.module.place(ref.node.start_byte),
        "text",
        values=literals if len(literals) == len(values) else (),
    )


def _template(known: Ref) -> Node | None:
    """Return the template of SQL that a value is."""
    node = known.node
    given = node.child_by_field_name("arguments") if node.type == "call_expression" else None
    if given is None or given.type != "template_string":
        return None
    tag = tag_of(known.module, given) or ""
    return given if _TAGS.search(tag) or tag.startswith("sql") else None


def _is_nothing(known: Known) -> bool:
    """Whether a value adds nothing to a text: `Prisma.empty`, an empty string."""
    if isinstance(known, Ref):
        node, text = known.node, known.module.text(known.node)
        return text.endswith(".empty") or (node.type in ("string", "template_string") and not text.strip("'\"` \n"))
    return isinstance(known, External) and known.name.endswith(".empty")


def _filling(code: Codebase, ref: Ref, client: str) -> tuple[str, tuple[Literal, ...]]:
    """Return what kind of hole an expression in a tagged template fills, and its values."""
    kinds: set[str] = set()
    for known in follow(code, ref):
        kinds.add(_kind(known, ref, client))
    for kind in ("identifier", "text"):
        if kind in kinds:
            return kind, ()
    return "value", single(code, ref)


def _kind(known: Known, ref: Ref, client: str) -> str:
    node, module = (known.node, known.module) if isinstance(known, Ref) else (bare(ref.node), ref.module)
    if isinstance(known, Ref) and node.type in ("call_expression", "new_expression"):
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        name = re.sub(r"<.*>|\s", "", module.text(function), flags=re.DOTALL) if function is not None else ""
        if _NAMES.search(name):
            return "identifier"
        if _FRAGMENTS.search(name) or name.endswith((".sql", "Table", ".as", ".raw", ".join")):
            return "text"
    if isinstance(known, Open) and known.ref is not None and _says_sql(known.ref):
        return "text"
    if node.type in ("identifier", "member_expression", "subscript_expression"):
        written = ref.module.text(ref.node)
        last = re.split(r"[.\[]", written)[-1]
        if client in _PIECEWISE or _SQL_NAME.search(last) or written.startswith(("Prisma.", "sql.")):
            return "text"
    if node.type == "call_expression" and client in _PIECEWISE:
        return "text"
    return "value"


def _says_sql(ref: Ref) -> bool:
    """Whether the declaration of something unknown names a type that is a piece of SQL."""
    above = ref.node
    while above.parent is not None and above.type not in ("required_parameter", "variable_declarator", *FUNCTIONS):
        above = above.parent
    return above.type not in FUNCTIONS and _SQL_TYPE.search(ref.module.text(above)[:200]) is not None
