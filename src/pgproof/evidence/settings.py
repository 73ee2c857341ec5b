"""What the user asked for: the only evidence that is given and not gathered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pgproof.project.config import Config


@dataclass(frozen=True, slots=True)
class Settings:
    """The project's root, its configuration, and what the command line added to it.

    `live` is the URL of the live database that was named, the absolute path of a snapshot file of it, or `None`. `base`
    is a dump, a snapshot file or a URL. `progress` is told, in a few words, what is being done. `today` is the day that
    decides which ignores have expired; without one, none has. `database` is the migration directory of the one of
    several databases that this run is about; `""`: it is about the only one, or the one that is named.
    """

    root: Path
    config: Config
    live: str | None = None
    base: str | None = None
    use_cache: bool = True
    progress: Callable[[str], None] = lambda _: None
    today: date | None = None
    database: str = ""
