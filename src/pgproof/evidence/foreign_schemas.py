"""Schemas that function bodies name and nothing makes: another tool's, when the project speaks of it elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pgproof.code.project import Files
from pgproof.evidence.repository import Repository
from pgproof.probes.bodies.proved import Defect, Proved, Untold


def without_foreign(
    bodies: Collection[Proved], root: Path, repository: Repository, migrations: Collection[str]
) -> tuple[Proved, ...]:
    """Return the bodies, their errors of another tool's schema as unknown: a library makes its tables when it starts.

    It is another tool's when a file that is no migration names it: a dependency (`graphile-worker`), its configuration.
    """
    schemas = {defect.foreign for body in bodies for defect in body.defects if defect.foreign}
    spoken = _spoken_of(schemas, root, repository, migrations) if schemas else {}
    return tuple(_without(body, spoken) for body in bodies)


def _without(body: Proved, spoken: Mapping[str, str]) -> Proved:
    kept = tuple(defect for defect in body.defects if defect.foreign not in spoken)
    if len(kept) == len(body.defects):
        return body
    return replace(body, defects=kept, untold=(*body.untold, *_untold(body.defects, spoken)))


def _untold(defects: Collection[Defect], spoken: Mapping[str, str]) -> Iterator[Untold]:
    for defect in defects:
        if path := spoken.get(defect.foreign):
            reason = f"no migration makes the schema {defect.foreign}, which {path} speaks of"
            yield Untold(reason, defect.offset)


def _spoken_of(
    schemas: Collection[str], root: Path, repository: Repository, migrations: Collection[str]
) -> dict[str, str]:
    """Return the first file that names each schema, spelled as a dependency may be, too."""
    waiting = {
        schema: re.compile(r"(?<![^\W_])" + re.escape(schema).replace("_", "[-_]?") + r"(?![^\W_])", re.IGNORECASE)
        for schema in schemas
    }
    paths = sorted(set(repository.paths()).difference(migrations), key=_known_first)
    files, found = Files(root, paths), {}
    for path in paths:
        if not waiting:
            break
        text = files.read(path)[1] or ""
        for schema in [schema for schema, pattern in waiting.items() if pattern.search(text)]:
            found[schema] = path
            del waiting[schema]
    return found


def _known_first(path: str) -> tuple[bool, int, str]:
    """Order files as people look for them: those at the top first, those of tools last."""
    return path.startswith("."), path.count("/"), path
