"""A contract drafted from the code: what each file needs of the database, for a team to read, name and shorten."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath

from pgproof.code.queries.attempt import Unfit, attempts
from pgproof.code.queries.examine import parsed
from pgproof.code.queries.runtime import made_by_code
from pgproof.code.queries.tree import relations
from pgproof.code.source import Role
from pgproof.code.usage import Call, Handling, Query, TableUse, Unread, Usage
from pgproof.contract.grammar import parse
from pgproof.contract.need import Column, Need, Relation, Routine
from pgproof.contract.wording import sentence
from pgproof.contract.words import Unreadable
from pgproof.evidence.scope import BOOKKEEPING, BOOKKEEPING_SCHEMAS
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.evidence.usages import Usages
from pgproof.project.config import Config

_HEAD = """\
# What the code needs of the database, file by file, as pgproof read it. Give the features the names that people use,
# join those that belong together, say the types that matter (docs/contracts.md), then name this file in pgproof.toml:
# contracts = ["{file}"]
"""
FOREIGN = BOOKKEEPING_SCHEMAS | {"pg_catalog", "information_schema"}
_WIDTH = 110
"""Columns that a line of needs takes."""
_ROUTE = re.compile(r"(?:^|/)(?:app|pages)/(?P<route>.*?)(?:/?(?:route|page|index))?\.[cm]?[jt]sx?$")
_GROUP = re.compile(r"\([^/)]*\)/?")
"""A folder of Next.js that is no part of the route."""


def draft(root: Path, file: str) -> str:
    """Return a contract as TOML, to be written as `file`; empty when no code uses the database.

    Code in folders that have migrations of their own works with another database.
    """
    with Evidence(Settings(root, Config())) as evidence:
        usages = evidence.get(Usages)
        if not isinstance(usages, Usages):
            return ""
        product = [one for one in usages.readings if one.role is Role.PRODUCT and not one.path.endswith(".sql")]
        made = made_by_code((one.role, use) for one, use in usages.of(Query))[Role.PRODUCT].names
        own = {name for kind, name in made if kind == "relation"}
        alike = Counter(_name(one.path) for one in product)
        sections = [
            _section(_name(one.path) if alike[_name(one.path)] == 1 else one.path, one.path, one.found, own)
            for one in product
        ]
    told = [section for section in sections if section]
    return "\n".join([_HEAD.format(file=file), *told]) if told else ""


def _name(path: str) -> str:
    return str(PurePosixPath(path).with_suffix(""))


def _section(name: str, path: str, found: Iterable[Usage | Unread], own: Collection[str]) -> str:
    """Return what a file needs, but for the tables that the code makes itself (`own`: temporary ones)."""
    needs: dict[Need, bool] = {}
    for use in found:
        if not isinstance(use, Unread):
            required = use.handling is not Handling.EXPECTED
            for need in filter(_can_be_said, _needs(use)):
                needs[need] = needs.get(need, False) or required
    needs = {one: needed for one, needed in needs.items() if _relation(one) not in own}
    # A column says that its table is there.
    columns = {need.relation for need in needs if isinstance(need, Column)}
    kept = {one: needed for one, needed in needs.items() if not (isinstance(one, Relation) and one.path in columns)}
    if not kept:
        return ""
    lines = [f"[feature.{_text(name)}]", f"files = [{_text(path)}]"]
    if route := _route(path):
        lines.append(f"routes = [{_text(route)}]")
    lines += _list("needs", [one for one, required in kept.items() if required])
    lines += _list("optional", [one for one, required in kept.items() if not required])
    return "\n".join(lines) + "\n"


def _relation(need: Need) -> str:
    path = need.relation if isinstance(need, Column) else need.path if isinstance(need, Relation) else ("",)
    return path[-1]


def _can_be_said(need: Need) -> bool:
    """Whether the names in it can exist."""
    try:
        return parse(sentence(need)) == need
    except Unreadable:
        return False


def _needs(use: Usage) -> Iterator[Need]:
    if isinstance(use, TableUse):
        path = (use.schema, use.table) if use.schema else (use.table,)
        if use.schema is None or not use.table:
            return
        yield Relation(path)
        named = (one for one in use.columns if one.column and not one.relation and not one.typed)
        yield from (Column(path, one.column) for one in named)
    elif isinstance(use, Call):
        if use.schema is not None and use.name:
            yield Routine((use.schema, use.name) if use.schema else (use.name,))
    elif use.client:  # other strings that look like SQL go nobody knows where
        yield from _of_query(use)


def _of_query(query: Query) -> Iterator[Need]:
    try:
        texts = [attempt.text for attempt in attempts(query)]
    except Unfit:
        return
    for text in texts:
        tree = parsed(text)
        for schema, name in sorted(relations(tree)) if tree is not None else ():
            if schema not in FOREIGN and not name.startswith("pg_") and name not in BOOKKEEPING:
                yield Relation((schema, name) if schema else (name,))


def _list(key: str, needs: list[Need]) -> list[str]:
    if not needs:
        return []
    lines: list[str] = []
    for text in (f"{_text(one)}," for one in sorted(map(sentence, needs))):
        if lines and len(lines[-1]) + len(text) < _WIDTH:
            lines[-1] += f" {text}"
        else:
            lines.append(f"    {text}")
    return [f"{key} = [", *lines, "]"]


def _route(path: str) -> str:
    """Return the route that a file of Next.js serves."""
    match = _ROUTE.search(path)
    if not match or not re.search(r"(?:^|/)pages/api/|/(?:route|page)\.", path):
        return ""
    return "/" + _GROUP.sub("", match["route"]).strip("/")


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
