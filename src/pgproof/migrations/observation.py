"""What a replay saw, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pgproof.catalog.object import Catalog
from pgproof.model import Gap, Location, ObjectName

_DUPLICATE_TABLE = "42P07"
"""The SQLSTATE of the NOTICE (manual, appendix A)."""


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """A NOTICE or WARNING that a statement raised."""

    severity: str
    sqlstate: str
    message: str


@dataclass(frozen=True, slots=True, order=True)
class Effect:
    """One DDL effect: `action` is `create`, `alter`, `drop` or `comment`, the rest as PostgreSQL says it."""

    action: str
    object_type: str
    identity: str
    address: tuple[str, int, int] | None = None
    in_extension: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Lock:
    """A lock newly held on a relation that is older than the file."""

    relation: str
    mode: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a statement failed: what the server said, and where. Without a `sqlstate`, psql would not even send it.

    `limit`: it was not the statement's own mistake but took more than it may; the key of `[replay]` that allows more,
    or `-` when none does. `raised`: by a RAISE, so that the SQLSTATE is somebody's choice.
    """

    sqlstate: str
    message: str
    detail: str = ""
    hint: str = ""
    location: Location | None = None
    """The place inside the statement, when the server named a position."""
    limit: str = ""
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    r"""One statement that was replayed and what it did.

    `origin` is the migration file that was being applied (`location` differs from it inside `\i` includes). `mentions`
    are the names that the text of a failed or refused statement mentions, as (schema or "", name): they are unknown.
    `elapsed_ms` is measured, and never part of a result that is compared.
    """

    origin: str
    index: int
    location: Location
    text: str
    node: str
    notices: tuple[Notice, ...] = ()
    effects: tuple[Effect, ...] = ()
    locks: tuple[Lock, ...] = ()
    rewrites: tuple[str, ...] = ()
    scans: tuple[str, ...] = ()
    failure: Failure | None = None
    refused: str = ""
    """Why pgproof did not run it at all (`\\connect`, a subscription): what it mentions is unknown too."""
    mentions: frozenset[tuple[str, str]] = frozenset()
    elapsed_ms: float = field(default=0.0, compare=False)

    @property
    def skipped(self) -> bool:
        """Whether it made nothing, because there was a relation of the name: CREATE TABLE IF NOT EXISTS."""
        return any(notice.sqlstate == _DUPLICATE_TABLE for notice in self.notices)


@dataclass(frozen=True, slots=True)
class CommandRecords:
    """What the project's own tool recorded: its table, as SQL writes it, and the migrations in it.

    `head`: the table says where the database is, and not how it came there.
    """

    table: str
    names: frozenset[str]
    head: bool = False


@dataclass(frozen=True, slots=True)
class Replay:
    """The result of replaying a sequence of migration files on a private server.

    `catalog` is what they make. `origins` maps each object to the place of the statement that last created or
    altered it; `created` maps each object to the place of the statement that created it. `assumed` are roles,
    extensions and schemas that the files use but never create, and that pgproof created so that the replay could go on
    (`role app`, `extension pg_trgm`). `standins` are the extensions that were stand-ins. `unknown` are the names that
    failed or refused statements mention. `gaps` say what of the base could not be made, or what could not be observed.
    `layer` is the shadow's layer that holds the result, as long as the shadow keeps it. `search_path` is the one that
    the session had, when it was not the server's default. `limited`: a limit was hit, so that another run may see more.
    `recorded` is what the project's own command wrote down, when it was that which ran.
    """

    files: tuple[str, ...]
    server: str
    """For example `PostgreSQL 16.14 (embedded)`."""
    catalog: Catalog
    observations: tuple[Observation, ...]
    origins: Mapping[ObjectName, Location]
    created: Mapping[ObjectName, Location]
    assumed: tuple[str, ...] = ()
    standins: tuple[str, ...] = ()
    unknown: frozenset[tuple[str, str]] = frozenset()
    gaps: tuple[Gap, ...] = ()
    layer: str = field(default="", compare=False)
    search_path: str = field(default="", compare=False)
    limited: bool = field(default=False, compare=False)
    recorded: CommandRecords | None = None

    def __len__(self) -> int:
        """Return the number of statements."""
        return len(self.observations)
