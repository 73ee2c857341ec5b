"""Which driver a TypeScript module hands its SQL to: by what it imports, itself or through its own modules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pgproof.code.queries.dialect import foreign_words
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.module import Module
from pgproof.code.typescript.scopes import lookup

if TYPE_CHECKING:
    from tree_sitter import Node

_IMPORT = re.compile(
    rb"""\b(?:from|import|require)\s*\(?\s*["']([^"'\n]+)["']""",
)
_CLIENTS = (
    (re.compile(r"^(?:pg-promise|massive)$"), "pg-promise"),
    (re.compile(r"^(?:pg|pg-(?:pool|native|cursor|query-stream)|@(?:vercel|fastify)/postgres.*)$"), "node-postgres"),
    (re.compile(r"^@(?:neondatabase|electric-sql)/|^@databases/pg|deno.*/postgres"), "node-postgres"),
    (re.compile(r"^(?:npm:)?postgres(?:@|$)|postgresjs"), "postgres.js"),
    (re.compile(r"^@?slonik"), "slonik"),
    (re.compile(r"^drizzle-orm"), "drizzle"),
    (re.compile(r"^kysely"), "kysely"),
    (re.compile(r"^@?prisma|/prisma/client|/generated/prisma"), "prisma"),
    (re.compile(r"^knex|^objection|^bookshelf"), "knex"),
    (re.compile(r"^@mikro-orm/"), "mikro-orm"),
    (re.compile(r"^typeorm|^@nestjs/typeorm"), "typeorm"),
    (re.compile(r"^sequelize|^@sequelize"), "sequelize"),
)  # fmt: skip
_LOCAL = re.compile(r"^(?:[.~#@]/|\.\.?/|\$lib|@[\w-]+/[\w-]+)")
_RELATIVE = re.compile(r"^(?:[.~#@]/|\.\.?/|\$lib)")
_MAY_CONNECT = re.compile(
    r"(?:^|[/.@_-])(?:db|database|data-?source|client|pool|conn\w*|prisma|drizzle|pg|psql|sql|postgres\w*|knex|kysely|neon|orm"
    r"|store|storage|persistence|repositor\w+|quer\w+|core|server|lib|utils?|infra\w*)(?:[/.]|$)",
    re.IGNORECASE,
)
"""Names of modules that may hold a connection."""
_DEPTH = 2
_MOST = 40


def client_of(code: Codebase, module: Module) -> tuple[str, str]:
    """Return the driver that a module imports, and the other database system that it imports a driver of; `""`: none.

    A module without a driver of its own gets the pool from another module of the project.
    """
    seen: set[str] = set()
    waiting = [(module, 0)]
    client = foreign = ""
    while waiting and len(seen) < _MOST and not (client and foreign):
        current, depth = waiting.pop(0)
        if current.path in seen:
            continue
        seen.add(current.path)
        sources = list(imports(current))
        outside = [one for one in sources if not _RELATIVE.match(one)]
        client = client or next((name for pattern, name in _CLIENTS if any(pattern.search(one) for one in sources)), "")
        foreign = foreign or next((system for one in outside if (system := foreign_words(one))), "")
        if depth == 0 and (client or foreign):
            break
        if depth < _DEPTH:
            found = (code.find(current.path, one) for one in sources if _LOCAL.match(one) and _MAY_CONNECT.search(one))
            waiting += [(other, depth + 1) for other in found if other is not None]
    return client, foreign


def client_of_tag(module: Module, tag: Node) -> str:
    """Return the driver that a tag is imported from, or that its name tells of; `""`: neither."""
    name = module.text(tag)
    if "Raw" in name or name.startswith("Prisma."):
        return "prisma"
    root = tag
    while root.type != "identifier" and root.named_children:
        root = root.named_children[0]
    binding = lookup(module, root, module.text(root)) if root.type == "identifier" else None
    source = binding.source if binding is not None and binding.kind == "import" else ""
    return next((client for pattern, client in _CLIENTS if source and pattern.search(source)), "")


def client_of_call(name: str, client: str) -> str:
    """Return the driver whose method has this name, where the imports tell of another: Knex brings `pg` along."""
    if name.startswith(("$queryRaw", "$executeRaw")):
        return "prisma"
    return "knex" if name == "raw" and client == "node-postgres" else client


def imports(module: Module) -> Iterator[str]:
    """Yield what a module imports, as it is written."""
    return (found[1].decode("utf-8", "replace") for found in _IMPORT.finditer(module.data))
