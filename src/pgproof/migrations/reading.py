"""What the readers of all layouts do alike: make a migration of a file, and say what the files beside it are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from pgproof.migrations.file import Debris, MigrationDirectory, MigrationFile
from pgproof.migrations.folder import Folder
from pgproof.sql.dialect import dialect, is_postgresql

_SAMPLE = 20
_SET_ASIDE = re.compile(
    r"\.sql[._-]?(?:bak|backup|old|orig|disabled|skip|tmp|txt|example|sample|draft|off|~)\d*$", re.I
)
_REVERSAL = re.compile(
    r"(?:(?:^|^\d+[._-]+)(?:rollback|revert|undo|down)(?:$|[._-])|[._-](?:rollback|revert|undo|down|downgrade)$)", re.I
)
_SEED = re.compile(r"(?:^|[._-])(?:seeds?|fixtures?|samples?|demo|dummy|mock)(?=$|[._-])", re.I)
_TEST = re.compile(r"(?:^|[._-])(?:tests?|pgtap)(?=$|[._-])", re.I)
_PGTAP = re.compile(r"^\s*select\s+(?:\*\s+from\s+)?(?:plan|no_plan)\s*\(", re.I | re.M)
_BRANCH = re.compile(r"\{\{-?\s*(?:if|else|end|range|with|define)\b|\{%-?\s*(?:if|for|endif|endfor|macro)\b")
_DATA = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|(\$\w*\$).*?\1", re.DOTALL)
"""Strings and comments: a template there is data."""
_SYSTEMS = {
    name: re.compile(rf"(?:^|[/_.-])(?:{spellings})(?=$|[/_.-])", re.I)
    for name, spellings in {
        "Cassandra": "cassandra|scylla(?:db)?",
        "ClickHouse": "clickhouse",
        "CockroachDB": "cockroach(?:db)?|crdb",
        "Drill": "(?:apache[-_])?drill",
        "DuckDB": "duckdb",
        "Firebird": "firebird",
        "H2": "h2",
        "Hive": "hive",
        "HSQLDB": "hsqldb",
        "MySQL": "mysql|mariadb",
        "SQLite": "sqlite3?|hiqlite|rqlite|d1|turso|libsql",
        "SQL Server": "mssql|sqlserver",
        "Oracle": "oracle",
        "Redshift": "redshift",
        "Snowflake": "snowflake",
        "Spanner": "spanner",
        "BigQuery": "bigquery",
        "YDB": "ydb",
        "YugabyteDB": "yugabyte(?:db)?",
    }.items()
}
_KIN = {"CockroachDB", "Redshift", "YugabyteDB"}
_FOLDERS = {
    "rollback scripts": re.compile(r"(?:rollbacks?|reverts?|undo|downs?|downgrades?|reverse)", re.I),
    "seeds": re.compile(r"(?:seeds?|fixtures?|samples?|sample[-_]data|test[-_]data)", re.I),
    "tests": re.compile(r"(?:tests?|__tests__|verify|pgtap)", re.I),
    "set aside": re.compile(
        r"[_.]?(?:archived?|old|obsolete|deprecated|backups?|disabled|skipped|drafts?|legacy)", re.I
    ),
}


def migration(
    folder: Folder,
    name: str,
    version: str,
    title: str = "",
    *,
    cut: Callable[[str], str | None] | None = None,
    missing: str = "",
    alone: re.Pattern[str] | None = None,
) -> MigrationFile:
    """Read a file as a migration.

    `cut` returns what of its text is applied, or `None`: then `missing` is the problem. A file in which `alone` is
    found runs outside of a transaction. A template has branches for several databases, or loops: it is no SQL yet.
    """
    text, problem, way_out = folder.read(name)
    if is_template(text):
        return in_code(folder, name, version, title, "a language for templates")
    if cut and not problem:
        kept = cut(text)
        problem = missing if kept is None else ""
        outside = alone is not None and alone.search(text) is not None
        return MigrationFile(folder.join(name), version, title, kept or "", problem, transactional=not outside)
    outside = alone is not None and alone.search(text) is not None
    return MigrationFile(folder.join(name), version, title, text, problem, way_out, not outside)


def is_template(text: str) -> bool:
    """Say whether branches or loops of Go's or Jinja's templates stand between the statements: `{{if .mysql}}`."""
    return _BRANCH.search(text) is not None and _BRANCH.search(_DATA.sub("", text)) is not None


def in_code(folder: Folder, name: str, version: str, title: str, language: str) -> MigrationFile:
    """Return a migration that is not SQL: it is part of the order, and cannot be replayed."""
    return MigrationFile(
        folder.join(name), version, title, "", f"written in {language}, which is not replayed", code=True
    )


def is_reversal(stem: str) -> bool:
    """Say whether a name says that the file undoes something."""
    return _REVERSAL.search(stem) is not None


def is_data(stem: str) -> bool:
    """Say whether a name says that the file holds data to begin or to test with, or tests."""
    return bool(_SEED.search(stem) or _TEST.search(stem))


def is_pgtap(text: str) -> bool:
    """Say whether a text is a test in pgTAP."""
    return _PGTAP.search(text) is not None


def debris(folder: Folder, used: Collection[str]) -> tuple[Debris, ...]:
    """Say what the files of a folder are that no migration was made of, and the folders in it that hold SQL."""
    found = [
        Debris(folder.join(name), _what(folder, name))
        for name in folder.files
        if name not in used and (name.lower().endswith(".sql") or _SET_ASIDE.search(name))
    ]
    for inner in folder.folders.values():
        count = len(inner.with_suffix(".sql")) + sum(len(below.with_suffix(".sql")) for below in inner.below())
        if count:
            files = "1 file" if count == 1 else f"{count} files"
            found.append(Debris(inner.path, f"{aside(inner.name) or 'loose SQL'} ({files})"))
    return tuple(sorted(found, key=lambda one: one.path))


def aside(name: str) -> str:
    """Return what a folder beside migrations holds by its name (`rollback scripts`), `""` when it does not tell."""
    return next((what for what, pattern in _FOLDERS.items() if pattern.fullmatch(name)), "")


def sampled_dialect(directory: MigrationDirectory) -> str:
    """Return the database system that a directory is written for, `""` for PostgreSQL.

    Most files of any system would do for every other. So a few that certainly would not are enough, when a part of the
    directory's path names the system, or when none is certainly PostgreSQL's. Systems that speak PostgreSQL's language
    are known by the path alone.
    """
    texts = [file.text[:65_536] for file in directory.files if file.text.strip()]
    sample = texts[:: max(len(texts) // _SAMPLE, 1)]
    named = system_named(directory.path)
    if any(is_postgresql(text) for text in sample):
        return named if named in _KIN else ""
    others = [name for text in sample if (name := dialect(text))]
    if named or len(others) * 4 < len(sample) or not others:
        return named
    return max(sorted(set(others)), key=others.count)


def system_named(path: str) -> str:
    """Return the other database system that a part of a path names, `""` when none does."""
    return next((name for name, pattern in _SYSTEMS.items() if pattern.search(path)), "")


def _what(folder: Folder, name: str) -> str:
    stem = name.rpartition(".")[0]
    if _SET_ASIDE.search(name):
        return "set aside"
    if is_reversal(stem):
        return "rollback script"
    if _SEED.search(stem):
        return "seed"
    if _TEST.search(stem) or is_pgtap(folder.head(name)):
        return "test"
    other = dialect(folder.head(name))
    return f"{other} script" if other else "loose SQL"
