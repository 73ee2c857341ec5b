"""The files of examples/ad-platform, and what its report promises."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from tests.conftest import LiveDatabase

FOLDER = Path(__file__).parents[2] / "examples" / "ad-platform"
MIGRATIONS = sorted((FOLDER / "database" / "migrations").glob("*.sql"))
FIX = FOLDER / "fixed" / "claim_pending_ad_change.sql"
REPORT: dict[str, Any] = tomllib.loads((FOLDER / "report.toml").read_text(encoding="utf-8"))
PROMISED: list[dict[str, Any]] = REPORT["migration"]


def text(file: str) -> str:
    """Return the text of a migration."""
    return (FOLDER / "database" / "migrations" / file).read_text(encoding="utf-8")


def apply_all(database: LiveDatabase) -> None:
    """Apply the six migrations in order."""
    for path in MIGRATIONS:
        database.execute(path.read_text(encoding="utf-8"))


def column(database: LiveDatabase, sql: str) -> list[Any]:
    """Return the first column of a query's rows."""
    return [row[0] for row in database.rows(sql)]
