"""The house: which room may import which. ARCHITECTURE.md shows this table, and is compared with it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "pgproof"

ALLOWED = {
    "model": "",
    "sql": "model",
    "server": "model",
    "catalog": "model server sql",
    "platforms": "model",
    "shadow": "model server sql platforms",
    "migrations": "model sql server catalog platforms shadow",
    "project": "model platforms migrations contract",
    "code": "model sql server catalog",
    "contract": "model sql server catalog",
    "probes": "model sql server catalog shadow",
    "evidence": "model sql server catalog platforms shadow migrations project code contract probes",
    "checks": "model sql catalog migrations code contract probes evidence",
    "judge": "model evidence checks",
    "reports": "model judge",
    "workflows": "model sql server catalog platforms shadow migrations project code contract probes evidence "
    "checks judge demo",
    "cli": "model server project checks judge reports workflows",
    "demo": "",
}


def imports(path: Path) -> set[str]:
    """Return the rooms that a file imports, wherever in the file it does so."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module] if node.module != "pgproof" else [f"pgproof.{alias.name}" for alias in node.names]
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: relative import"
        found |= {name.split(".")[1] for name in names if name.startswith("pgproof.")}
    return found & ALLOWED.keys()


def test_every_room_is_in_the_table() -> None:
    assert {folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists()} == ALLOWED.keys()


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_only_what_the_table_allows(room: str) -> None:
    allowed = {room, *ALLOWED[room].split()}
    wrong = {
        f"{path.relative_to(PACKAGE)} imports {other}"
        for path in sorted((PACKAGE / room).rglob("*.py"))
        for other in imports(path) - allowed
    }
    assert not wrong


def test_only_sql_imports_the_parser_and_only_server_and_shadow_start_servers() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).parts[0]
        text = path.read_text("utf-8")
        assert "import postgast" not in text or room == "sql", path


def test_the_architecture_page_shows_the_table() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for room, others in ALLOWED.items():
        assert f"| `{room}` | {others or '–'} |" in page, room
