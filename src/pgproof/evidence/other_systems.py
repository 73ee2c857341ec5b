"""Files that work with another database system than PostgreSQL, or with one besides it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pgproof.code.packages import find_packages, package_of
from pgproof.code.project import Files
from pgproof.code.roles import role_of
from pgproof.code.source import Role
from pgproof.evidence.part import gathers
from pgproof.evidence.repository import Repository
from pgproof.evidence.settings import Settings

_DRIVER = r"""(?:aio)?sqlite3?|pysqlite3?|apsw|pymysql|aiomysql|asyncmy|MySQLdb|mysql\.connector|mariadb|pyodbc|aioodbc
    |pymssql|cx_Oracle|oracledb|clickhouse_(?:driver|connect)|asynch|duckdb|snowflake|google\.cloud\.bigquery|redshift_connector
    |pyathena|trino"""
_WORKS = re.compile(
    rf"""^[ \t]*(?:import|from)\s+(?:{_DRIVER})\b
    | ["'](?:mysql|mariadb|mssql|oracle|sqlite|clickhouse|snowflake|bigquery|redshift|duckdb)(?:\+\w+)?://""",
    re.MULTILINE | re.VERBOSE,
)


@dataclass(frozen=True)
class OtherSystems:
    """Looked for when the first file is asked for."""

    root: Path
    paths: tuple[str, ...]
    """Of the files that are looked at."""
    every: frozenset[str]
    """Of all files: they tell where packages begin."""

    def used(self, path: str, *, nearby: bool) -> bool:
        """Whether a file, or with `nearby` one of the same package, imports a driver or names a connection of one."""
        files, packages = self._found
        return package_of(path, self._packages) in packages if nearby else path in files

    @cached_property
    def _packages(self) -> frozenset[str]:
        return frozenset(find_packages(self.every))

    @cached_property
    def _found(self) -> tuple[frozenset[str], frozenset[str]]:
        texts = Files(self.root, self.paths)
        files = frozenset(path for path in self.paths if _WORKS.search(texts.text(path) or ""))
        return files, frozenset(package_of(path, self._packages) for path in files)


@gathers(OtherSystems, None)
def find_other_systems(settings: Settings, repository: Repository) -> OtherSystems:
    """Say where to look: in all Python files but those of tests."""
    every = frozenset(repository.paths())
    python = (path for path in every if path.endswith(".py") and role_of(path, "") is not Role.TEST)
    return OtherSystems(settings.root, tuple(sorted(python)), every)
