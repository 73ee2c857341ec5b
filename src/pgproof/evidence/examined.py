"""The function bodies and scheduled commands of the replayed catalog, tried once for all who ask about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgproof.evidence.directories import COMMAND, Migrations
from pgproof.evidence.foreign_schemas import without_foreign
from pgproof.evidence.limits import absent_extension
from pgproof.evidence.missing import MissingBase
from pgproof.evidence.part import gathers
from pgproof.evidence.programs import Programs
from pgproof.evidence.replay import Replayer
from pgproof.evidence.repository import Repository
from pgproof.evidence.shadow import PrivateServers, ReplayServer
from pgproof.evidence.trials import Names, proved_in, surroundings
from pgproof.evidence.undone import undone
from pgproof.evidence.wording import counted
from pgproof.evidence.written import Written, find_written
from pgproof.migrations.observation import Replay
from pgproof.migrations.replay.task import Task
from pgproof.model import ObjectName
from pgproof.platforms import Platform
from pgproof.probes.bodies.proved import Proved
from pgproof.probes.bodies.routine import Routine
from pgproof.probes.bodies.stored import decode, encode
from pgproof.probes.bodies.surroundings import Surroundings
from pgproof.probes.bodies.versions import brought_later

if TYPE_CHECKING:
    from pgproof.shadow.shadow import Shadow


@dataclass(frozen=True, slots=True)
class Examined:
    """The bodies with all that is known of them, and where each is written; `jobs` are pg_cron's commands."""

    items: tuple[Proved, ...]
    written: Mapping[ObjectName, Written]
    jobs: tuple[Proved, ...] = ()


@gathers(Examined, None)
def examine(
    replay: Replay,
    base: MissingBase,
    platform: Platform,
    migrations: Migrations,
    server: ReplayServer,
    servers: PrivateServers,
    replayer: Replayer,
    repository: Repository,
    programs: Programs,
) -> Examined:
    """Prove the bodies in a copy of the replay's last state, or recall what an earlier run found there."""
    wanted = frozenset(
        thing.name for thing in replay.catalog.of("function", "procedure") if _is_own(thing.name, replay)
    )
    if not wanted and "pg_cron" not in replay.standins:
        return Examined((), {})
    by_command = migrations.directory.layout == COMMAND
    installation = next((i for i in (server.installation, *server.alternatives) if str(i) == replay.server), None)
    task = None
    if installation and not by_command:
        task = replayer.task(migrations.directory.files, frozenset(), installation, replay.search_path)
    memory, key = replayer.memory, task.key if task else None
    named = bool(replayer.settings.config.server or replayer.settings.live)
    stored = f"bodies-{key}-{named}"
    found = memory.read(stored, decode) if memory and key else None
    if found is None:
        found = _prove(
            replay, base, platform, task, replayer, servers.shadow(installation or server.installation), wanted
        )
        if memory and key:
            memory.write(stored, encode(found))
    jobs = tuple(body for body in found if body.language == "job")
    bodies = {body.name: body.text or str(replay.catalog.objects[body.name].attributes["body"]) for body in found}
    found = without_foreign(found, replayer.settings.root, repository, replay.files)
    found = programs.without_temporary(found)
    routines = tuple(body for body in found if body.language != "job")
    return Examined(routines, find_written(bodies, replay), jobs)


def _prove(
    replay: Replay,
    base: MissingBase,
    platform: Platform,
    task: Task | None,
    replayer: Replayer,
    shadow: Shadow,
    wanted: frozenset[ObjectName],
) -> tuple[Proved, ...]:
    from pgproof.catalog.ddl import make_all

    replayer.settings.progress(f"proving {counted(len(wanted), 'function')}")
    layer = replay.layer
    if task and layer not in shadow.layers():
        layer = replayer.again(task).layer

    def around(names: Names, routines: Sequence[Routine]) -> Surroundings:
        failed, settings = undone(replay.observations), replayer.settings
        named = settings.config.server or settings.live  # one of them says which version the project runs on
        later = () if named else brought_later(shadow.installation.major)
        # migrations that are programs may have made what is missing, as those before the first one may
        unknown = bool(base) or any(not observation.text for observation in replay.observations)
        return surroundings(
            names,
            routines,
            platform,
            replay.standins,
            failed,
            assumed=replay.assumed,
            base_is_missing=unknown,
            extension_is_absent=any(map(absent_extension, replay.observations)),
            other_versions=later,
        )

    with shadow.database(layer or None) as database:
        if not layer:
            with database.connect() as connection:
                make_all(replay.catalog, connection)
        return proved_in(database, wanted, around, replay.search_path)


def _is_own(name: ObjectName, replay: Replay) -> bool:
    """Whether the migrations made it; a project's own command is not observed, so that all counts."""
    return name in replay.created or not replay.created
