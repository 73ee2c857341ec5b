"""Which of a repository's migration directories are databases of their own, and the folder that each belongs to.

Two directories of one package speak of one database: a second layout, a draft, a whole schema. Directories of two
packages or services are two databases, unless one is a copy of the other, builds on its tables, or shows no sign of
PostgreSQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pgproof.migrations.discover import asides, is_named_for_migrations, surely_migrations
from pgproof.migrations.file import MigrationDirectory

MANIFESTS = (
    "Cargo.toml",
    "Gemfile",
    "build.gradle",
    "build.gradle.kts",
    "composer.json",
    "go.mod",
    "mix.exs",
    "package.json",
    "pom.xml",
    "pyproject.toml",
    "setup.py",
)
_OF_A_SERVICE = ("Dockerfile", "main.go", "main.py", "manage.py", "requirements.txt")
"""Files that a service has, which may be none of the package managers'."""
_SERVICES = frozenset({"apps", "backends", "microservices", "packages", "service", "services", "svc"})
"""Folders that hold one service or package each."""
_INNER = re.compile(
    r"(?:.*[_-])?(?:prisma|supabase|db|database|sql|schemas?|postgres|postgresql|pg)(?:[_-].*)?"
    r"|src|lib|resources|app|internal|infra|infrastructure|adapters?|persistence|storage|repository|data",
    re.IGNORECASE,
)
"""Folders between a service's own and its migrations."""
_MAIN = ("src", "main")
"""Maven's, which are no names of anything (`src/main/resources`)."""
_POSTGRES = re.compile(
    r"\b(?:timestamptz|jsonb|(?:big|small)?serial|bytea|tsvector|citext|plpgsql|gen_random_uuid|uuid_generate_v4"
    r"|with\s+time\s+zone|generated\s+(?:always|by\s+default)\s+as\s+identity|create\s+(?:extension|schema|domain)"
    r"|create\s+type\s+\S+\s+as\s+enum|using\s+(?:gin|gist|btree)|owner\s+to|character\s+varying)\b|::\s*[a-z]|\$\$",
    re.IGNORECASE,
)
"""What SQLite and MySQL have no place for."""
_OTHER_SYSTEM = re.compile(
    r"sqlite|mysql|mariadb|mssql|sqlserver|clickhouse|libsql|duckdb|spanner|oracle", re.IGNORECASE
)
_NAME = r'(?:"?\w+"?\s*\.\s*)?"?(\w+)"?'
_MAKES = re.compile(
    rf"\bcreate\s+(?:(?:unlogged|foreign|materialized)\s+)*(?:table|view)\s+(?:if\s+not\s+exists\s+)?{_NAME}", re.I
)
_NEEDS = re.compile(rf"\b(?:references|alter\s+table(?:\s+if\s+exists)?(?:\s+only)?)\s+{_NAME}", re.I)
_COPIED = 1 / 2
"""The share of a directory's files that stand in another one, too, from which on it is a copy of that."""
_DATED = re.compile(r"\d{8}")
"""Names of files that two teams do not both think of; `0001_init` is anyone's."""
_FEW = 4
_SAME = 3 / 4
"""The share of so many tables that two directories both make, from which on they are of one database."""


def package_of(root: Path, path: str) -> str:
    """Return the nearest folder from `path` upwards that holds a package's manifest, `.` when none does."""
    folder = Path(path)
    while folder != folder.parent and not _has(root / folder, MANIFESTS):
        folder = folder.parent
    return folder.as_posix()


def place_of(root: Path, directory: MigrationDirectory) -> str:
    """Return the folder of the package or service that migrations belong to, `""` for the repository itself."""
    parts = directory.path.split("/")
    above = next((number for number, part in enumerate(parts) if is_named_for_migrations(part)), len(parts))
    home = parts[:above]
    while home and (_INNER.fullmatch(home[-1]) or tuple(home[-2:]) == _MAIN):
        home.pop()
    package = package_of(root, "/".join(parts[:above]) or ".").removeprefix(".")
    service = "/".join(home)
    if len(service) > len(package) and (directory.layout == "supabase" or _is_service(root, home)):
        return service
    return package


def independent(found: Sequence[MigrationDirectory], places: dict[str, str]) -> list[MigrationDirectory]:
    """Return those that are databases of their own; the first one is. `places` are their folders by their paths."""
    taken = list(found[:1])
    if not taken or taken[0].dialect or asides(taken[0].path):
        return taken
    for one in found[1:]:
        place = places[one.path]
        within = any(f"{places[other.path]}/".startswith(f"{place}/") for other in taken)
        if place and not within and _is_a_database(one) and not any(_same(one, other) for other in taken):
            taken.append(one)
    first, *others = taken
    return [first, *(one for one in others if not any(_builds_on(one, other) for other in taken if other is not one))]


def tables_of(directory: MigrationDirectory) -> frozenset[str]:
    """Return the tables and views that migrations make, by their texts."""
    return frozenset(name for file in directory.files for name in _names(_MAKES, file.text))


def _is_a_database(directory: MigrationDirectory) -> bool:
    if directory.dialect or asides(directory.path) or not surely_migrations(directory) or not directory.files:
        return False
    if _OTHER_SYSTEM.search(directory.path):
        return False
    return directory.layout == "supabase" or any(_POSTGRES.search(file.text) for file in directory.files)


def _same(one: MigrationDirectory, other: MigrationDirectory) -> bool:
    """Whether two directories speak of one database: most of the one's files, or of its tables, are the other's."""
    mine, theirs = (frozenset(file.text.strip() for file in of.files if file.text.strip()) for of in (one, other))
    if len(mine & theirs) > min(len(mine), len(theirs)) * _COPIED:
        return True
    names, others = ({base for file in of.files if _DATED.match(base := _base(file.path))} for of in (one, other))
    if len(names) >= _FEW and len(names & others) > min(len(names), len(others)) * _COPIED:
        return True
    tables, made = tables_of(one), tables_of(other)
    return len(tables) >= _FEW and len(tables & made) >= len(tables) * _SAME


def _builds_on(one: MigrationDirectory, other: MigrationDirectory) -> bool:
    """Whether migrations change or refer to tables that they do not make, and the other directory does."""
    needed = {name for file in one.files for name in _names(_NEEDS, file.text)}
    return bool((needed - tables_of(one)) & tables_of(other))


def _names(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return (match[1].lower() for match in pattern.finditer(text))


def _base(path: str) -> str:
    return path.rpartition("/")[2] if not path.endswith("/migration.sql") else path.split("/")[-2]


def _is_service(root: Path, parts: Sequence[str]) -> bool:
    return (len(parts) > 1 and parts[-2] in _SERVICES) or _has(root / "/".join(parts), _OF_A_SERVICE)


def _has(folder: Path, names: Sequence[str]) -> bool:
    return any((folder / name).exists() for name in names)
