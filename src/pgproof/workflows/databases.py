"""Each database of the project examined in turn; what does not depend on one of them is looked at once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from pgproof.checks.check import Check
from pgproof.contract.contract import Contract
from pgproof.evidence.definitions import Definitions
from pgproof.evidence.directories import Directories
from pgproof.evidence.history import History
from pgproof.evidence.live import Connection
from pgproof.evidence.repository import Repository
from pgproof.evidence.settings import Settings
from pgproof.evidence.shadow import PrivateServers
from pgproof.evidence.store import Evidence
from pgproof.evidence.usages import Code
from pgproof.model.errors import UsageError
from pgproof.platforms import Platform
from pgproof.workflows.examine import Examined, examine
from pgproof.workflows.since import Past

_OF_ALL = (Repository, Definitions, Code)
"""What is the same whichever database is looked at."""
SHOWN = 5


def examine_all(evidence: Evidence, settings: Settings, checks: Sequence[Check], since: Past | None) -> list[Examined]:
    """Examine every database: the one that is named, or all that are found.

    What the settings say of one database (its base, promises, probes) is said of the best one found; the live database
    is that of the migrations that it records. `evidence` is empty; afterwards it is that of the best one.

    Raises UsageError when nobody can tell whose the live database is.
    """
    directories = evidence.get(Directories)
    assert isinstance(directories, Directories)
    several = directories.databases
    if settings.config.migrations or settings.config.replay_command or len(several) < 2:
        return [examine(evidence, settings, checks, since)]
    stack = evidence.get(ExitStack)
    assert isinstance(stack, ExitStack)
    asked = _ask_live(stack, evidence, settings, directories) if settings.live else None
    servers: list[tuple[Platform, PrivateServers]] = []
    examined: list[Examined] = []
    for path in several:
        settings.progress(f"looking at {path}")
        mine = replace(settings, database=path, live=settings.live if asked and path == asked.path else None)
        with ExitStack() as own:
            one = evidence if not examined else own.enter_context(Evidence())
            if examined:
                mine = replace(mine, base=None, config=replace(settings.config, contract=Contract(), probes=()))
                _share(evidence, one)
            for part in (mine, directories.using(path), *([asked.connection] if asked and mine.live else [])):
                one.give(part)
            one.give(_servers(one, settings, servers, stack))
            examined.append(examine(one, mine, checks, since))
    return examined


@dataclass(frozen=True, slots=True)
class _Asked:
    """The migrations that the live database records, and the connection to it."""

    path: str
    connection: Connection


def _ask_live(stack: ExitStack, evidence: Evidence, settings: Settings, directories: Directories) -> _Asked:
    """Find out whose the live database is: the migrations of one directory are recorded in it, and of no other."""
    way_out = "say which one it is: pgproof check --live … --migrations DIR"
    several = ", ".join(directories.databases[:SHOWN]) + " …" * (len(directories.databases) > SHOWN)
    prober = stack.enter_context(Evidence(settings))
    connection = prober.get(Connection)
    if not isinstance(connection, Connection):
        raise UsageError(f"the snapshot may be of any of {len(directories.databases)} databases: {several}", way_out)
    recorded: dict[str, History] = {}
    for path in directories.databases:
        with Evidence(replace(settings, database=path), directories.using(path), connection) as one:
            history = one.get(History)
            if isinstance(history, History) and history.recorded:
                recorded[path] = history
    whole = [path for path, history in recorded.items() if not history.without_file]
    chosen = whole if len(whole) == 1 else list(recorded)
    if len(chosen) != 1:
        what = f"records migrations of {len(chosen)} of them" if chosen else "records the migrations of none of them"
        raise UsageError(
            f"the live database may be any of {len(directories.databases)} databases ({several}): it {what}", way_out
        )
    return _Asked(chosen[0], connection)


def _share(evidence: Evidence, other: Evidence) -> None:
    for part in _OF_ALL:
        if (known := evidence.known(part)) is not None:
            other.give(known)


def _servers(
    evidence: Evidence, settings: Settings, servers: list[tuple[Platform, PrivateServers]], stack: ExitStack
) -> PrivateServers:
    """Return the private servers of a database's platform: one for all databases of that."""
    platform = evidence.get(Platform)
    assert isinstance(platform, Platform)
    known = next((running for of, running in servers if of == platform), None)
    if known is None:
        known = PrivateServers(settings, platform, stack, f"#{platform.name}" if servers else "")
        servers.append((platform, known))
    return known
