"""Function bodies of the replayed catalog, proved statement by statement; nothing of them is executed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pgproof.evidence.examined import Examined
from pgproof.evidence.part import gathers
from pgproof.evidence.second_opinion import SecondOpinion
from pgproof.evidence.wording import counted
from pgproof.evidence.written import Written
from pgproof.migrations.observation import Replay
from pgproof.model import Gap, Location, Method, ObjectName, Proof, Subject
from pgproof.platforms import Platform
from pgproof.probes.bodies.proved import Defect, Proved, Remark

if TYPE_CHECKING:
    from pgproof.catalog.object import Catalog, Object

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Bodies:
    """What was tried: every statement of every body, by PL/pgSQL's and SQL's own parsers on the private server."""

    items: tuple[Proved, ...]
    written: Mapping[ObjectName, Written]
    catalog: Catalog
    gaps: tuple[Gap, ...] = ()
    jobs: tuple[Proved, ...] = ()
    """The commands of pg_cron's jobs, tried the same way."""

    def __len__(self) -> int:
        """Return the number of routines."""
        return len(self.items)

    def place(self, body: Proved, defect: Defect) -> Location | None:
        """Return where a defect is written."""
        return place(self.written, body, defect.offset)


@dataclass(frozen=True, slots=True)
class ScheduledJobs:
    """The commands of pg_cron's jobs, tried like bodies, among which `bodies` has their places."""

    bodies: Bodies

    def __len__(self) -> int:
        """Return the number of jobs."""
        return len(self.bodies.jobs)


@dataclass(frozen=True, slots=True)
class BodyTexts:
    """What the texts of the bodies show without a trial, and what each reads, writes and calls."""

    items: tuple[Proved, ...]
    written: Mapping[ObjectName, Written]
    exposed: frozenset[ObjectName] = frozenset()
    """Routines by which a caller may do what he could not do himself: with their owner's rights, or through an API."""
    open_schemas: frozenset[str] = frozenset()
    """Schemas in which everyone may make something."""

    def __len__(self) -> int:
        """Return the number of routines."""
        return len(self.items)

    def place(self, body: Proved, remark: Remark) -> Location | None:
        """Return where it is written."""
        return place(self.written, body, remark.offset)


def place(written: Mapping[ObjectName, Written], body: Proved, offset: int) -> Location | None:
    """Return the place of a character of a body, of its statement for -1."""
    return written[body.name].place(offset) if body.name in written else None


@gathers(Bodies, Proof(Method.EXECUTED, (Subject.REPLAY,)))
def tried_bodies(examined: Examined, replay: Replay, opinion: SecondOpinion) -> Bodies:
    """Take what was tried, and what plpgsql_check says otherwise."""
    gaps = (*_gaps((*examined.items, *examined.jobs)), *opinion.gaps)
    return Bodies(examined.items, examined.written, replay.catalog, gaps, examined.jobs)


@gathers(ScheduledJobs, Proof(Method.EXECUTED, (Subject.REPLAY,)))
def scheduled_jobs(bodies: Bodies) -> ScheduledJobs:
    """Take what was tried of the jobs."""
    return ScheduledJobs(bodies)


@gathers(BodyTexts, Proof(Method.PARSED, (Subject.REPLAY,)))
def read_bodies(examined: Examined, replay: Replay, platform: Platform) -> BodyTexts:
    """Take what the texts show, and who may call the routines."""
    exposed = frozenset(body.name for body in examined.items if _is_exposed(body, replay.catalog, platform))
    schemas = replay.catalog.of("schema")
    everyone = frozenset(one.name.parts[0] for one in schemas if "CREATE" in _granted(one).get("public", ()))
    return BodyTexts(examined.items, examined.written, exposed, everyone)


def _is_exposed(body: Proved, catalog: Catalog, platform: Platform) -> bool:
    routine = catalog.objects[body.name]
    callers = set(_granted(routine)) - {routine.attributes["owner"]}
    return bool(callers and (body.security_definer or callers.intersection(platform.api_roles)))


def _granted(thing: Object) -> Mapping[str, Any]:
    """Return the privileges on an object by role; `public` is everyone."""
    granted = thing.attributes["privileges"]
    return granted if isinstance(granted, dict) else {}


def _gaps(bodies: Iterable[Proved]) -> Iterator[Gap]:
    """Say what could not be judged, one gap for all functions."""
    untold = {str(body.name): body.untold[0].reason for body in bodies if body.untold}
    if untold:
        shown = "; ".join(f"{name}: {reason}" for name, reason in sorted(untold.items())[:SHOWN])
        more = " …" if len(untold) > SHOWN else ""
        yield Gap(
            f"parts of {counted(len(untold), 'function')}, whose statements depend on what is unknown ({shown}{more})"
        )
