"""Starting: cheap, and every way to end has its code and its words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pgproof import __version__
from tests.cli.running import REPORTS, environment, pgproof

HEAVY = (
    "psycopg",
    "postgast",
    "jinja2",
    "rich",
    "pgproof.sql",
    "pgproof.server",
    "pgproof.evidence",
    "pgproof.workflows",
)


def heavy_modules_after(*arguments: str) -> str:
    script = (
        "import sys, contextlib, io\n"
        "from pgproof.cli.run import run\n"
        f"with contextlib.redirect_stdout(io.StringIO()): run({list(arguments)!r})\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment())
    return done.stdout


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["check", "--help"], ["report", "--help"], []])
def test_starting_imports_nothing_heavy(arguments: list[str]) -> None:
    assert heavy_modules_after(*arguments) == "[]\n"


def test_a_report_imports_no_server_and_no_parser() -> None:
    assert heavy_modules_after("report", str(REPORTS / "broken.json")) == "[]\n"


def test_what_is_recalled_needs_no_driver_and_no_grammar() -> None:
    script = (
        "import sys, pgproof.workflows.baseline\n"
        "from pgproof.checks import all_checks\n"
        "from pgproof.evidence.store import Evidence\n"
        "all_checks(), Evidence()\n"
        "print([name for name in ('psycopg', 'multiprocessing', 'tree_sitter', 'jinja2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment())
    assert done.stdout == "[]\n"


def test_the_version() -> None:
    assert pgproof("--version").stdout == f"pgproof {__version__}\n"


def test_without_a_command_help_is_shown_and_the_code_is_2() -> None:
    done = pgproof()
    assert (done.returncode, done.stdout, done.stderr) == (2, pgproof("--help").stdout, "")


@pytest.mark.parametrize("arguments", [["--help"], ["-h"]])
def test_help_names_every_command_and_the_exit_codes(arguments: list[str]) -> None:
    done = pgproof(*arguments)
    assert done.returncode == 0
    for word in ("check", "demo", "explain", "init", "report", "server", "0 GO, 1 NO-GO"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["chek"], 'pgproof: there is no command "chek", did you mean "check"?\n  The commands are baseline, check, '),
        (
            ["check", "--formt", "json"],
            "pgproof: No such option '--formt'. Did you mean '--format'?\n  pgproof check --help",
        ),
        (["check", "--format", "jsn"], 'pgproof: there is no format "jsn", did you mean "json"?\n  The formats are '),
        (["check", "--format", "json="], "pgproof: --format json= names no file.\n"),
        (["check", "--format", "json", "--format", "text"], "pgproof: two formats go to standard output.\n"),
        (["check", "--format", "json=a", "--format", "text=./a"], "pgproof: two formats go to "),
        (
            ["check", "--format", "json=no/such/folder/x"],
            "pgproof: no/such/folder/x cannot be written: there is no folder",
        ),
        (["check", "--output", "/"], "pgproof: / is a folder.\n"),
        (["check", "--live", ""], "pgproof: --live is empty.\n  A variable was probably not set: in a pull request"),
        (["check", "--live", " "], "pgproof: --live is empty.\n"),
        (["baseline", "--live", ""], "pgproof: --live is empty.\n"),
        (["snapshot", "--live", ""], "pgproof: --live is empty.\n"),
        (["check", "--base", ""], "pgproof: --base is empty.\n"),
        (["check", "--live", "x", "--no-live"], "pgproof: --live and --no-live exclude each other.\n"),
        (["check", "--layout", "supabas"], 'pgproof: there is no layout "supabas", did you mean "supabase"?\n'),
        (["check", "--base", "nothing.sql"], "pgproof: the base nothing.sql is no file.\n"),
        (["check", "--migrations", "nowhere"], "pgproof: there is no directory nowhere.\n"),
        (["check", "--server", "new"], "pgproof: Invalid value for '--server': 'new' is not a valid integer.\n"),
        (["check", "--select", "MGI"], 'pgproof: --select: no check is called "MGI", did you mean "MIG"?\n'),
        (
            ["check", "--ignore", "missing-objekt"],
            'no check is called "missing-objekt", did you mean "missing-object"?\n',
        ),
        (["check", "nowhere"], "pgproof: there is no folder nowhere.\n"),
        (
            ["check", "postgres://u:hunter2@h/d"],
            "pgproof: a database is no folder.\n  Name the database with --live URL.\n",
        ),
        (
            ["check", ".", "postgres://u:hunter2@h/d"],
            "pgproof: Got unexpected extra argument (postgres://u:***@h/d).\n",
        ),
        (["check", "/etc/passwd"], "pgproof: /etc/passwd is a file.\n"),
        (["explain", "DRF1"], 'pgproof: no check is called "DRF1"; DRF1 is the beginning of DRF101, '),
        (["explain", "DRG101"], 'pgproof: no check is called "DRG101", did you mean "DRF101"?\n'),
        (["report"], "pgproof: Missing argument 'RESULT...'.\n"),
        (["report", "nothing.json"], "pgproof: cannot read nothing.json: No such file or directory.\n"),
        (["report", "migrations"], "pgproof: there is no stored result in migrations: "),
    ],
)
def test_a_usage_error_is_2_and_says_the_way_out(arguments: list[str], expected: str, tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    done = pgproof(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


FIVE_MISTAKES = """\
migration = "db"
fail_on = "eror"
server = "16"

[replay]
comand = "alembic upgrade head"
statement_timeout = 30
"""


def test_five_mistakes_in_the_configuration_are_shown_at_once(tmp_path: Path) -> None:
    (tmp_path / "pgproof.toml").write_text(FIVE_MISTAKES)
    done = pgproof("check", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(
        "pgproof: pgproof.toml has 5 mistakes.\n  line 1: migration is not known, did you mean"
    )
    assert len(done.stderr.splitlines()) == 6


def test_an_unknown_code_in_the_configuration_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "pgproof.toml").write_text('[ignore]\nMIG999 = "because"\n')
    done = pgproof("check", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith('pgproof: pgproof.toml:2: no check is called "MIG999"')


def test_a_hostile_key_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "pgproof.toml").write_text('"\\u001b[2J\\n\\u202e" = 1\n')
    done = pgproof("check", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[1].startswith('  "\\u001b[2J\\n\\u202e" is not known')


@pytest.mark.parametrize("state", [{}, {"MY_DATABASE": ""}])
def test_a_configured_variable_that_holds_nothing_is_never_left_out_silently(
    tmp_path: Path, state: dict[str, str]
) -> None:
    (tmp_path / "pgproof.toml").write_text('live = "${MY_DATABASE}"\n')
    done = pgproof("check", cwd=tmp_path, **state)
    assert done.returncode == 2
    assert f"the variable MY_DATABASE {'is empty' if state else 'is not set'}" in done.stderr
    assert "--no-live" in done.stderr


def test_a_defect_is_4_never_1_and_shows_no_password(tmp_path: Path) -> None:
    script = (
        "import pgproof.cli.output, pgproof.cli\n"
        "def fail(*a): raise KeyError('postgres://u:hunter2@h/d password=hunter2')\n"
        "pgproof.cli.output.parse_outputs = fail\n"
        "pgproof.cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", script, "check"], capture_output=True, text=True, env=environment())
    assert done.returncode == 4
    assert "Traceback" in done.stderr
    assert done.stderr.endswith("pgproof: a defect in pgproof: KeyError.\n  Please report it with the lines above.\n")
    assert "hunter2" not in done.stderr
