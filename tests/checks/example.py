"""An example project of a check, made real: its files in a folder, its live database on a server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_SECTION = re.compile(r"^-- (?:file: (?P<path>\S+)|(?P<live>live):)\s*$", re.MULTILINE)
_COMMAND = re.compile(r"-- (apply|record) (.+)")


@dataclass(frozen=True)
class Example:
    """The files by path, and the SQL of the live database (None: there is none)."""

    files: dict[str, str]
    live: str | None


def parse(text: str) -> Example:
    """Read an example (checks/check.py says how it is written)."""
    marks = list(_SECTION.finditer(text))
    if not marks:
        return Example({"migrations/0001_example.sql": text}, None)
    files: dict[str, str] = {}
    live = None
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        body = text[mark.end() : following.start() if following else len(text)].strip() + "\n"
        if mark["live"]:
            live = body
        else:
            files[mark["path"]] = body
    return Example(files, live)


def write_files(example: Example, root: Path) -> None:
    """Write the project's files below `root`."""
    for path, text in example.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def live_sql(example: Example) -> list[str]:
    """Return the SQL that makes the live database, its commands replaced by what they stand for."""
    steps = []
    buffer = ""
    for line in (example.live or "").splitlines():
        if command := _COMMAND.fullmatch(line):
            steps += [buffer, *_stands_for(command[1], command[2].split(), example.files)]
            buffer = ""
        else:
            buffer += line + "\n"
    return [step for step in (*steps, buffer) if step.strip()]


def _stands_for(verb: str, which: list[str], files: dict[str, str]) -> list[str]:
    migrations = {path: text for path, text in files.items() if path.endswith(".sql")}
    versions = {Path(path).name.partition("_")[0]: text for path, text in sorted(migrations.items())}
    chosen = list(versions) if which == ["all"] else which
    if verb == "apply":
        return [versions[version] for version in chosen]
    rows = ", ".join(f"('{version}')" for version in chosen)
    return [f"create table schema_migrations (version text primary key); insert into schema_migrations values {rows}"]
