"""What the programs of a repository make themselves: functions before migrations run, tables for a session."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pgproof.code.project import Files
from pgproof.code.roles import role_of
from pgproof.code.source import Role
from pgproof.evidence.part import gathers
from pgproof.evidence.repository import Repository
from pgproof.evidence.settings import Settings
from pgproof.migrations.lacking import Lacking, lacking
from pgproof.model import Location
from pgproof.probes.bodies.proved import Defect, Proved, Untold

_SUFFIXES = (".go", ".rs", ".py", ".ts", ".js", ".java", ".kt", ".rb", ".cs", ".ex", ".php", ".sh")
_MAKES = re.compile(
    r"""\bcreate\s+(?:or\s+replace\s+)?(?:(?:global|local)\s+)?(?P<kind>function|procedure|temp(?:orary)?\s+table)\s+
    (?:if\s+not\s+exists\s+)?(?:"?\w+"?\s*\.\s*)?"?(?P<name>\w+)""",
    re.IGNORECASE | re.VERBOSE,
)
_RUN = frozenset({Role.PRODUCT, Role.SCRIPT})


@dataclass(frozen=True)
class Programs:
    """Names of routines and of temporary tables in the texts of programs, looked for when the first is asked for."""

    root: Path
    paths: tuple[str, ...]

    def routine(self, missed: Lacking | None) -> str:
        """Return why it is no defect that a routine is not there when the migrations run, or `""`."""
        place = self._found.get(("routine", missed.name.lower())) if missed and missed.kind == "function" else None
        return f"the program makes {missed.name} itself, at {place}" if missed and place else ""

    def without_temporary(self, bodies: Collection[Proved]) -> tuple[Proved, ...]:
        """Return the bodies, their errors about tables that the program makes for its session as unknown."""
        return tuple(map(self._without, bodies))

    def _without(self, body: Proved) -> Proved:
        told = {defect: reason for defect in body.defects if (reason := self._of_session(defect))}
        if not told:
            return body
        kept = tuple(defect for defect in body.defects if defect not in told)
        untold = (Untold(reason, defect.offset, defect.message) for defect, reason in told.items())
        return replace(body, defects=kept, untold=(*body.untold, *untold))

    def _of_session(self, defect: Defect) -> str:
        missed = lacking(defect.sqlstate, defect.message)
        place = self._found.get(("table", missed.name.lower())) if missed and missed.kind == "relation" else None
        return f"the program makes {missed.name} for its session, at {place}" if missed and place else ""

    @cached_property
    def _found(self) -> dict[tuple[str, str], Location]:
        found: dict[tuple[str, str], Location] = {}
        files = Files(self.root, self.paths)
        for path in self.paths:
            if not path.endswith(_SUFFIXES) or role_of(path, "") not in _RUN:
                continue
            text = files.text(path) or ""
            for match in _MAKES.finditer(text):
                kind = "table" if match["kind"].lower().startswith("temp") else "routine"
                place = Location(path, text.count("\n", 0, match.start()) + 1)
                found.setdefault((kind, match["name"].lower()), place)
        return found


@gathers(Programs, None)
def look_into_programs(settings: Settings, repository: Repository) -> Programs:
    """Say where to look."""
    return Programs(settings.root, tuple(sorted(repository.paths())))
