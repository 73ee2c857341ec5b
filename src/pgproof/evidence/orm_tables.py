"""Tables and columns that a Python ORM makes, in a project that lets it: its models are the base of what is there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from pathlib import Path

from pgproof.code.project import Files
from pgproof.code.python.models import makes_tables, models, tables
from pgproof.code.queries.runtime import Made, made_in
from pgproof.code.roles import role_of
from pgproof.code.source import Role
from pgproof.evidence.part import gathers
from pgproof.evidence.repository import Repository
from pgproof.evidence.settings import Settings

_OF_DJANGO = frozenset(
    {"auth_group", "auth_group_permissions", "auth_permission", "auth_user", "auth_user_groups"}
    | {"auth_user_user_permissions", "django_admin_log", "django_content_type", "django_session", "django_site"}
)
"""Tables of Django's own applications (django.contrib)."""
_MIGRATION = re.compile(r"(?:^|/)(?:versions|migrations?|alembic)/", re.IGNORECASE)
_RUNS_SQL = re.compile(r"\bop\.execute\(|\bRunSQL\(|\bstep\(|\bexecute\(")


@dataclass(frozen=True)
class OrmTables:
    """Looked for when the first name is asked for."""

    root: Path
    paths: tuple[str, ...]

    def have(self, table: str, column: str = "") -> bool:
        """Whether a model, or an operation of a migration in Python, has a table, or a column of it."""
        made, makes = self._read
        if makes and table in _OF_DJANGO:
            return True
        return table in made and (not column or column in made[table])

    def make(self) -> bool:
        """Whether the project lets the ORM make its tables: then it knows better than a file of SQL."""
        return self._read[1]

    def by_hand(self) -> Made:
        """Return what the SQL in migrations that are Python makes, as `op.execute("create view …")`."""
        files = Files(self.root, self.paths)
        texts = (files.text(path) or "" for path in self.paths if _MIGRATION.search(path))
        return reduce(or_, (made_in(text) for text in texts if _RUNS_SQL.search(text)), Made())

    @cached_property
    def _read(self) -> tuple[Mapping[str, frozenset[str]], bool]:
        files = Files(self.root, self.paths)
        texts = [(path, files.text(path) or "") for path in self.paths]
        found = [one for path, text in texts for one in models(path, text)]
        return tables(found), any(makes_tables(text) for _, text in texts)


@gathers(OrmTables, None)
def find_orm_tables(settings: Settings, repository: Repository) -> OrmTables:
    """Say where to look: in all Python files but those of tests."""
    paths = (path for path in repository.paths() if path.endswith(".py") and role_of(path, "") is not Role.TEST)
    return OrmTables(settings.root, tuple(sorted(paths)))
