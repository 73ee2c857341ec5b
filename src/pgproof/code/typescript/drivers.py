"""Which driver a TypeScript module hands its SQL to: by what it imports, itself or through its own modules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgproof.code.queries.dialect import foreign_words
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.module import Module

_IMPORT = re.compile(
    rb"""\b(?:from|import|require)\s*\(?\s*["']([^"'\n]+)["']""",
)
_CLIENTS = (
    (re.compile(r"^(?:pg|pg-(?:pool|native|cursor|query-stream|promise)|@vercel/postgres.*)$"), "node-postgres"),
    (re.compile(r"^@(?:neondatabase|electric-sql)/|^@databases/pg|deno.*/postgres"), "node-postgres"),
    (re.compile(r"^(?:npm:)?postgres(?:@|$)|postgresjs"), "postgres.js"),
    (re.compile(r"^@?slonik"), "slonik"),
    (re.compile(r"^drizzle-orm"), "drizzle"),
    (re.compile(r"^kysely"), "kysely"),
    (re.compile(r"^@?prisma|/prisma/client|/generated/prisma"), "prisma"),
    (re.compile(r"^knex|^objection|^bookshelf"), "knex"),
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


def imports(module: Module) -> Iterator[str]:
    """Yield what a module imports, as it is written."""
    return (found[1].decode("utf-8", "replace") for found in _IMPORT.finditer(module.data))
