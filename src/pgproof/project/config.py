"""The configuration: `pgproof.toml`, or `[tool.pgproof]` in `pyproject.toml`, decoded with all mistakes at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pgproof.contract.contract import Contract
from pgproof.model import Severity
from pgproof.model.errors import UsageError
from pgproof.project.ignore import Ignore
from pgproof.project.keys import KEYS, Key, texts
from pgproof.project.policy import Policy, read_policy
from pgproof.project.probe import PROBES, ProbeEntry, read_probes
from pgproof.project.toml import Document, parse, read_document, read_text, refuse_all

FILE = "pgproof.toml"
PYPROJECT = "pyproject.toml"
_PASSWORD = re.compile(r"://[^/@:]*:[^/@]+@|\bpassword\s*=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Config:
    """What the project says about itself; every field has the value that stands for "not said".

    Parameters
    ----------
    path
        The file that it was read from, relative to the root; `""` when there is none.
    migrations
        The migration directory, relative to the root; `""`: those of all databases that are found.
    databases
        The migration directories when several are named, each of a database of its own.
    layout
        How the files of `migrations` are named and recorded (a module of `migrations/layouts`); `""`: recognised.
    history
        The table (schema, name) in which the tool records what it applied; `None`: where the layout's tool does.
    encoding
        How the migration files are encoded, a Python codec's name.
    live
        The live database: a URL, or `$VARIABLE` for the environment variable that holds one; `""`: none.
    base
        What was there before the first migration: a dump, a snapshot file, a URL or `$VARIABLE`; `""`: nothing.
    fail_on
        The mildest severity that makes the verdict NO-GO.
    require
        The evidence without which the verdict is UNDECIDED (`live`).
    server
        The major version to replay on; `None`: the live database's, else the best one found.
    platform
        The platform's name (`supabase`); `""`: recognised.
    ignore_schemas
        Schemas that are left out of every comparison.
    ignore
        Findings that are not reported, each with the reason; those of the policy too.
    baseline
        The file that lists the findings that were there before, relative to the root; `""`: the usual one if it exists.
    extends, policy
        The organisation's policy: how the configuration names it, and what it says.
    roles
        Roles of the migrations that have another name in the live database.
    replay_command
        The project's own tool, which brings an empty database up to date (`alembic upgrade head`); `""`: none.
    replay_environment
        The environment variables that `replay_command` needs.
    statement_timeout_ms
        How long one statement of a migration may take in the replay; `None`: the default.
    replay_timeout_ms
        How long the whole replay may take; `None`: the default.
    memory_bytes
        The memory that one session of the private server may take; `None`: the default.
    disk_bytes
        What the replayed database may take on disk; `None`: the default.
    output_bytes
        What one statement may send, messages and rows; `None`: the default.
    replay_extensions
        Extensions that may be created in the replay although they can leave the sandbox.
    objects
        How many objects the migrations may make; `None`: the default.
    search_path
        The search path that the project's connection sets, as SQL writes it; `""`: the server's default.
    plpgsql_check
        Whether that extension is asked about function bodies, too.
    contract
        What was promised, in this file and in those that `contracts` names.
    probes
        Behaviour that was promised: `[[probe]]`.
    warnings
        What is allowed and yet unwise, a line each.
    """

    path: str = ""
    migrations: str = ""
    databases: tuple[str, ...] = ()
    layout: str = ""
    encoding: str = "utf-8"
    live: str = ""
    base: str = ""
    fail_on: Severity = Severity.ERROR
    require: frozenset[str] = frozenset()
    server: int | None = None
    platform: str = ""
    history: tuple[str, str] | None = None
    ignore_schemas: tuple[str, ...] = ()
    ignore: tuple[Ignore, ...] = ()
    baseline: str = ""
    extends: str = ""
    policy: Policy = field(default_factory=Policy)
    roles: Mapping[str, str] = field(default_factory=dict)
    replay_command: str = ""
    replay_environment: Mapping[str, str] = field(default_factory=dict)
    statement_timeout_ms: int | None = None
    replay_timeout_ms: int | None = None
    memory_bytes: int | None = None
    disk_bytes: int | None = None
    output_bytes: int | None = None
    objects: int | None = None
    replay_extensions: tuple[str, ...] = ()
    search_path: str = ""
    plpgsql_check: bool = False
    contract: Contract = field(default_factory=Contract)
    probes: tuple[ProbeEntry, ...] = ()
    warnings: tuple[str, ...] = ()


def find_root(start: Path) -> Path:
    """Return the nearest folder from `start` upwards that holds a configuration or is a repository, else `start`.

    Nothing above the repository's own folder is looked at.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / ".git").exists() or configured_in(folder):
            return folder
    return start


def folder_in_repository(root: Path) -> str:
    """Return a project's folder in its repository, with `/`; `""` for the root, and where there is no repository."""
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            return root.relative_to(folder).as_posix().removeprefix(".")
    return ""


def configured_in(folder: Path) -> str:
    """Return the name of the file that holds a folder's configuration, `""` when it has none."""
    if (folder / FILE).exists():
        return FILE
    return PYPROJECT if _table_of(folder / PYPROJECT) is not None else ""


def read_config(root: Path) -> Config:
    """Return the configuration of the project at `root`, joined with the policy that it extends; else the empty one.

    Raises UsageError with every mistake of a file: its line, its key, what is allowed there, what was probably meant.
    """
    own, shared = root / FILE, _table_of(root / PYPROJECT)
    if own.is_file():
        config = _decode(read_document(own, FILE), root)
        unread = f"{PYPROJECT} has a [tool.pgproof] too, which is not read: {FILE} comes first"
        return config if shared is None else replace(config, warnings=(*config.warnings, unread))
    if shared is not None:
        text = read_text(root / PYPROJECT, PYPROJECT)
        return _decode(Document(PYPROJECT, text, shared, "tool.pgproof"), root)
    return Config()


def _decode(document: Document, root: Path) -> Config:
    from pgproof.project.contract import CONTRACT, read_contract

    values, mistakes = document.decode({**KEYS, **CONTRACT, **PROBES, "contracts": Key("contracts", texts)})
    if isinstance(values.get("migrations"), tuple):
        values["databases"] = values.pop("migrations")
    values["probes"], wrong = read_probes(document, values.get("probes", []))
    mistakes += wrong
    values["contract"], mistaken = read_contract(document, values, root)
    refuse_all(
        [(document, [*mistakes, *(one for other, several in mistaken if other is document for one in several)])]
        + [(other, several) for other, several in mistaken if other is not document]
    )
    if "extends" not in values:
        return Config(path=document.path, warnings=_warnings(values, document.path), **values)
    policy = read_policy(values["extends"], root / document.path, root)
    document.refuse(policy.mistakes(values))
    values["ignore"] = (*policy.bound(values["ignore"]), *policy.ignore)
    values["require"] = policy.require | values.get("require", frozenset())
    return Config(
        path=document.path,
        warnings=_warnings(values, document.path),
        policy=policy,
        **{"fail_on": policy.fail_on, **values},
    )


def _warnings(values: Mapping[str, Any], path: str) -> tuple[str, ...]:
    return tuple(
        f'{path}: {key} holds a password in plain text; name a variable instead: {key} = "$DATABASE_URL"'
        for key in ("live", "base")
        if _PASSWORD.search(values.get(key, ""))
    )


def _table_of(pyproject: Path) -> dict[str, Any] | None:
    """Return the table `[tool.pgproof]`; a file that does not mention pgproof is not even parsed."""
    try:
        mentioned = b"pgproof" in pyproject.read_bytes()
    except OSError:
        return None
    if not mentioned:
        return None
    table: object = parse(read_text(pyproject, pyproject.name), pyproject.name).get("tool", {}).get("pgproof")
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{pyproject.name} has a mistake", "tool.pgproof should be a section: [tool.pgproof]")
    return table
