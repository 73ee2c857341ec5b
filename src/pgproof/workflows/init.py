"""What is in this repository, and the short configuration that follows from it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pgproof.evidence.independent import independent, place_of
from pgproof.migrations.discover import discover
from pgproof.migrations.file import MigrationDirectory
from pgproof.platforms import PLAIN, recognise
from pgproof.project.clients import Client, Unread, find_clients
from pgproof.workflows.draft import draft

CONTRACT = "pgproof.contract.toml"
_SHOWN = 5
_LABEL = 17


@dataclass(frozen=True, slots=True)
class InitReport:
    """`text` says what was found and what could not be told; `toml` is the proposed `pgproof.toml`.

    `contract` is a draft of what the code needs, to be written as the file CONTRACT; empty when it needs nothing.
    """

    text: str
    toml: str
    contract: str = ""


def init(root: Path) -> InitReport:
    """Look at the project at `root`; nothing is written, run or connected to."""
    directories = discover(root)
    databases = [one.path for one in independent(directories, {one.path: place_of(root, one) for one in directories})]
    platform = recognise(root)
    clients, unread = find_clients(root)
    alembic = any(client.name == "Alembic" for client in clients)
    found = [
        *_labelled("migrations", _directories(directories, databases)),
        *_labelled("platform", [platform] if platform != PLAIN else ["none recognised: plain PostgreSQL"]),
    ]
    for kind, group in groupby(clients, key=lambda client: client.kind):
        found += _labelled(f"{kind}s", _clients(group))
    unknown = _unknown(directories, databases, unread, alembic)
    text = "\n".join(["found", *found, "", "could not tell", *(f"  {line}" for line in unknown)]) + "\n"
    contract = draft(root, CONTRACT)
    return InitReport(text, _toml(databases, alembic, contract=bool(contract)), contract)


def _directories(directories: Sequence[MigrationDirectory], databases: Sequence[str]) -> Iterator[str]:
    if not directories:
        yield "none"
    for directory in directories:
        dialect = f", written for {directory.dialect}" if directory.dialect else ""
        used = "   (used)" if directory.path in databases else ""
        files = f"{len(directory)} file{'s' * (len(directory) != 1)}"
        yield f"{directory.path}   {directory.layout}, {files}{dialect}{used}"
        for what, count in sorted(Counter(one.what for one in directory.debris).items()):
            yield f"  beside them: {count} × {what}"


def _clients(clients: Iterable[Client]) -> Iterator[str]:
    for name, group in groupby(clients, key=lambda client: client.name):
        paths = [client.path for client in group]
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        yield f"{name}   ({paths[0]}{more})"


def _unknown(
    directories: Sequence[MigrationDirectory], databases: Sequence[str], unread: Sequence[Unread], alembic: bool
) -> Iterator[str]:
    if len(directories) > len(databases):
        yield "whether these directories belong to one database: only those that are used are replayed"
    if not directories and not alembic:
        yield "where the migrations are: pgproof check --migrations DIR"
    if alembic:
        yield "what Alembic's migrations do: they are Python, and run only when [replay] command names the tool"
    yield "which database is the live one: none is connected to until it is named"
    yield "which major version of PostgreSQL production runs: that of the live database is taken, else server = …"
    for one in unread[:_SHOWN]:
        yield f"what {one.path} says: {one.reason}"
    if len(unread) > _SHOWN:
        yield f"what {len(unread) - _SHOWN} more manifests say"


def _toml(databases: Sequence[str], alembic: bool, *, contract: bool) -> str:
    lines = []
    if databases and all(path.isprintable() for path in databases):
        named = databases[0] if len(databases) == 1 else list(databases)
        lines.append(f"migrations = {json.dumps(named, ensure_ascii=False)}")
    else:
        lines.append('# migrations = "…"            # the directory of the SQL files')
    lines += [
        '# live = "$DATABASE_URL"      # compare with this database; a variable, so that no password stands here',
        '# require = ["live"]          # without it the verdict is UNDECIDED',
        "# server = 16                 # the major version to replay on when no live database is named",
        '# fail_on = "warning"         # NO-GO from this severity on; the default is "error"',
    ]
    if contract:
        lines.append(f'# contracts = ["{CONTRACT}"]   # what the code needs, drafted: read it before it counts')
    if alembic:
        lines += [
            "",
            "# [replay]                    # the project's own tool, run on this machine, fills a private database",
            '# command = "alembic upgrade head"',
            "# environment = {}            # what it needs to start",
        ]
    return "\n".join(lines) + "\n"


def _labelled(label: str, lines: Iterable[str]) -> list[str]:
    return [f"  {'' if number else label:{_LABEL}}{line}" for number, line in enumerate(lines)]
