"""Roles that the files use and never create: they exist where the migrations really run, so they are made up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import psycopg

from pgproof.migrations.replay.wire import ServerError
from pgproof.server.admin import AdminSession
from pgproof.sql.parse import SyntaxProblem, parse
from pgproof.sql.quote import identifier

_MISSING = re.compile(r'role "(.*)" does not exist', re.DOTALL)
_DENIED = re.compile(r"permission denied for (schema|database) (.*)", re.DOTALL)
_MADE = re.compile(
    r"""--[^\n]*|/\*.*?\*/|\bcreate\s+(?:role|user|group)\s+(?:"((?:[^"]|"")+)"|([\w$]+))""", re.IGNORECASE | re.DOTALL
)
_NOT_MEMBER = re.compile(r'must be (?:member of role|able to SET ROLE) "(.*)"', re.DOTALL)
_JOINS = 2
"""How often it is tried for one statement: its transaction may have been undone in between."""
_OWNER_TO = re.compile(r"\bowner\s+to\b", re.IGNORECASE)
_UNDEFINED_OBJECT = "42704"
_INVALID_PARAMETER_VALUE = "22023"
"""What SET ROLE says of a role that does not exist."""
_INSUFFICIENT_PRIVILEGE = "42501"


class Roles:
    """The roles that were made up so far."""

    def __init__(self, owner: str, texts: Iterable[str], assumed: Iterable[str] = ()) -> None:
        """`owner` runs the migrations; `texts` are all files: a role that one of them makes is never made up."""
        self._owner = owner
        self._texts = tuple(texts)
        self._assumed = set(assumed)
        self._lent: dict[tuple[str, str, str], None] = {}
        self._joined: Counter[tuple[str, str]] = Counter()

    @property
    def assumed(self) -> tuple[str, ...]:
        """The names, sorted."""
        return tuple(sorted(self._assumed))

    @cached_property
    def _made(self) -> frozenset[str]:
        """The roles that the files make; looked for when a role is missing, which is seldom."""
        found = (pair for text in self._texts for pair in _MADE.findall(text))
        return frozenset(quoted.replace('""', '"') or plain.lower() for quoted, plain in found if quoted or plain)

    def assume(self, admin: AdminSession, name: str) -> None:
        """Make a role that can do nothing and not log in; the owner of the database may use it."""
        admin.execute(f"create role {identifier(name)} nologin")
        options = " with admin true, inherit true, set true" if admin.version >= 160000 else " with admin option"
        admin.execute(f"grant {identifier(name)} to {identifier(self._owner)}{options}")
        self._assumed.add(name)

    def supply(self, admin: AdminSession, error: ServerError | None, text: str) -> bool:
        """Make up what a statement failed for the want of; say whether it is worth another try."""
        if error is None:
            return False
        if error.sqlstate in (_UNDEFINED_OBJECT, _INVALID_PARAMETER_VALUE):
            missing = _MISSING.fullmatch(error.message)
            name = missing[1] if missing else ""
            if not name or name in self._made or name in self._assumed or name.startswith("pg_"):
                return False
            try:
                self.assume(admin, name)
            except psycopg.Error:  # the error was raised by a migration: the role is there, or cannot be
                return False
            return True
        return error.sqlstate == _INSUFFICIENT_PRIVILEGE and self._lend(admin, error.message, text)

    def joining(self, error: ServerError | None, text: str) -> str:
        """Return the SQL that makes the owner of the database a member of the role that a statement failed for.

        It is `""` when that is not why it failed. Before 16 a role that is made does not count its creator among its
        members (manual, CREATE ROLE): whoever runs such files is a superuser. The owner may run this himself.
        """
        if error is None or error.sqlstate != _INSUFFICIENT_PRIVILEGE:
            return ""
        refused = _NOT_MEMBER.fullmatch(error.message)
        if refused is None or refused[1].startswith("pg_"):
            return ""
        self._joined[refused[1], text] += 1
        if self._joined[refused[1], text] > _JOINS:
            return ""
        return f"grant {identifier(refused[1])} to {identifier(self._owner)}"

    def take_back(self, admin: AdminSession) -> None:
        """Take back the privileges that were lent."""
        for kind, name, role in self._lent:
            if admin.rows(_OF_ANOTHER[kind], [name, role]):  # it is there, and not the role's own by now
                admin.execute(f"revoke create on {kind} {identifier(name)} from {identifier(role)}")
        self._lent.clear()

    def _lend(self, admin: AdminSession, message: str, text: str) -> bool:
        """Let a role own something: an owner must be allowed to create it, unless a superuser says so (ALTER TABLE)."""
        denied = _DENIED.fullmatch(message)
        if denied is None or not _OWNER_TO.search(text):
            return False
        lent = False
        for role in _new_owners(text):
            loan = (denied[1], denied[2], role)
            if role and not role.startswith(("pg_", "pgproof")) and loan not in self._lent:
                if not admin.rows(_OF_ANOTHER[denied[1]], [denied[2], role]):
                    return False  # the open transaction has made it: nobody else sees it yet
                try:
                    admin.execute(f"grant create on {denied[1]} {identifier(denied[2])} to {identifier(role)}")
                except psycopg.Error:  # the open transaction holds a lock on it
                    return lent
                self._lent[loan] = None
                lent = True
        return lent


# The error may be one that a migration has raised: whatever it names, nothing of the superuser's is lent.
_OF_ANOTHER = {
    "schema": """
        select 1 from pg_catalog.pg_namespace n join pg_catalog.pg_roles r on r.oid = n.nspowner
        where n.nspname = $1 and r.rolname <> $2 and (n.nspname = 'public' or not r.rolsuper)
    """,
    "database": """
        select 1 from pg_catalog.pg_database d join pg_catalog.pg_roles r on r.oid = d.datdba
        where d.datname = $1 and r.rolname <> $2 and d.datname = pg_catalog.current_database()
    """,
}


def _new_owners(text: str) -> set[str]:
    try:
        trees: list[Any] = list(parse(text))
    except SyntaxProblem:
        return set()
    owners = set()
    while trees:
        node = trees.pop()
        if isinstance(node, list):
            trees += node
        elif isinstance(node, dict):
            owners |= {node["newowner"].get("rolename", "")} if isinstance(node.get("newowner"), dict) else set()
            trees += node.values()
    return owners
