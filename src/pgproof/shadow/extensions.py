"""The extensions that a private server offers: real ones, and stand-ins for those that are not installed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pgproof import platforms
from pgproof.platforms.members import extensions_with
from pgproof.server.binaries import Installation

REACHES_OUT = frozenset({"dblink", "file_fdw", "http", "adminpack", "plsh", "plr"})
"""Real extensions that read files, run programs or connect elsewhere: only when the configuration names them."""

_CONNECTS = frozenset({"postgres_fdw", "pg_net", "mysql_fdw", "oracle_fdw", "tds_fdw", "redis_fdw"})
# Untrusted extensions whose scripts are safe although the migrations have made objects where they run: PostgreSQL's own
# (its scripts are hardened, manual, section 36.17.6), and those that do nothing but create objects.
_HARDENED = frozenset(
    {
        *("amcheck", "autoinc", "bloom", "dict_xsyn", "earthdistance", "insert_username", "intagg", "moddatetime"),
        *("old_snapshot", "pageinspect", "pg_buffercache", "pg_freespacemap", "pg_logicalinspect", "pg_prewarm"),
        *("pg_stat_statements", "pg_surgery", "pg_visibility", "pg_walinspect", "pgrowlocks", "pgstattuple"),
        *("postgres_fdw", "refint", "sslinfo", "xml2", "hstore_plperl", "jsonb_plperl", "bool_plperl"),
        *("vector", "hypopg", "pg_uuidv7"),
    }
)
_KNOWN = frozenset(
    {
        *("address_standardizer", "address_standardizer_data_us", "age", "h3", "h3_postgis", "hll", "index_advisor"),
        *("ip4r", "pg_bigm", "pg_cron", "pg_graphql", "pg_hint_plan", "pg_ivm", "pg_jsonschema", "pg_partman"),
        *("pg_qualstats", "pg_repack", "pg_similarity", "pg_stat_kcache", "pgaudit", "pgjwt", "pgmq", "pgroonga"),
        *("pgrouting", "pgsodium", "pgtap", "plpgsql_check", "postgis", "postgis_sfcgal"),
        *("postgis_tiger_geocoder", "postgis_topology", "prefix", "q3c", "rum", "semver", "supabase_vault"),
        *("temporal_tables", "timescaledb", "unit", "vchord", "vectorscale"),
    }
)
"""Others that are known to stay in the database. Their scripts are run where no migration can have laid traps."""

_UNTRUSTED_LANGUAGES = ("plperlu", "pltclu", "plpython", "pljavau", "plluau")
_SETTING = re.compile(r"^\s*(\w+)\s*=\s*(?:'((?:[^']|'')*)'|(\w+))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Control:
    """What an extension's control file says (manual, section 36.17.1), and whether it is a stand-in's."""

    trusted: bool
    requires: tuple[str, ...]
    standin: bool = False
    schema: str = ""
    """The schema that it must be in; `""`: the creator chooses."""


def read_control(text: str, *, standin: bool = False) -> Control:
    """Read a control file."""
    settings = {name: plain or quoted.replace("''", "'") for name, quoted, plain in _SETTING.findall(text)}
    requires = tuple(filter(None, re.split(r"[,\s]+", settings.get("requires", ""))))
    trusted = settings.get("trusted", "").lower() in ("true", "on", "yes", "1")
    return Control(trusted, requires, standin, settings.get("schema", ""))


def standins_for(installation: Installation, controls: Iterable[Path]) -> tuple[Path, ...]:
    """Return the stand-ins' control files that this installation needs: of what it does not really have."""
    real = installation.share / "extension"
    return tuple(sorted(path for path in controls if not (real / path.name).exists()))


def script_files(control: Path) -> list[Path]:
    """Return a stand-in's control file and its scripts."""
    return [control, *sorted(control.parent.glob(f"{control.stem}--*.sql"))]


class Extensions:
    """What creating an extension would need.

    `allowed` are those that the configuration names although they reach out; `networked` says that the server can reach
    the network.
    """

    def __init__(
        self, installation: Installation, standins: Collection[Path], *, networked: bool, allowed: Collection[str] = ()
    ) -> None:
        """Take the server and the control files of the stand-ins that it was given."""
        real = installation.share / "extension"
        standin = {path.stem: path for path in standins}
        self._networked = networked
        self._allowed = frozenset(allowed)
        self.index_options = {
            method: options
            for one in platforms.standins()
            if one.extension in standin
            for method, options in one.index_options.items()
        }

        @cache
        def control(name: str) -> Control | None:
            if name in standin:
                return read_control(standin[name].read_text(), standin=True)
            file = real / f"{name}.control"
            plain = re.fullmatch(r"[\w-]+", name) is not None  # a name is not a path
            return read_control(file.read_text(errors="replace")) if plain and file.exists() else None

        self.control = control

    def bringing(self, kind: str, schema: str, name: str) -> str:
        """Return the only well-known extension that makes such an object and may be created here, or `""`."""
        known = extensions_with(kind, schema, name)
        allowed = [extension for extension in known if self.control(extension) and not self.refusal(extension)]
        return allowed[0] if len(allowed) == 1 else ""

    def trusted(self, name: str) -> bool:
        """Whether a role that is no superuser may create it (true of what does not exist: that fails by itself)."""
        control = self.control(name)
        return control is None or control.trusted

    def brought(self, name: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return the extension and all that it requires."""
        control = self.control(name)
        missing = set(control.requires if control else ()) - seen
        return frozenset({name}).union(*(self.brought(other, seen | {name} | missing) for other in missing))

    def schema(self, name: str) -> str:
        """Return the schema that it must be in, or `""`: the creator chooses."""
        control = self.control(name)
        return control.schema if control else ""

    def could_be_trapped(self, name: str) -> bool:
        """Whether a superuser would run a script that could call what a migration has made in the same schema."""
        return any(not self.trusted(one) and one not in _HARDENED for one in self.brought(name))

    def connects(self, name: str) -> bool:
        """Whether it connects to other servers, be it by a unix socket, and the configuration does not allow that."""
        return bool(self.brought(name) & _CONNECTS - self._allowed)

    def refusal(self, name: str, seen: frozenset[str] = frozenset()) -> str:
        """Why pgproof does not create it, or `""`; what it requires counts too, since `cascade` would bring it."""
        control = self.control(name)
        if control is None or control.standin or name in self._allowed or name in seen:
            return ""
        if name in REACHES_OUT:
            return f"extension {name} can leave the sandbox"
        if name.startswith(_UNTRUSTED_LANGUAGES):
            return f"{name} is an untrusted language"
        if self._networked and name in _CONNECTS:
            return f"extension {name} connects to other servers, and the network could not be cut off"
        if not control.trusted and name not in _HARDENED | _KNOWN | _CONNECTS:
            return f"extension {name} needs a superuser, and is not known to stay in the sandbox"
        required = (self.refusal(other, seen | {name}) for other in control.requires)
        return next(filter(None, required), "")
