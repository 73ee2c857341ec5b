"""The configuration: every mistake at once, each with its place and the way out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pgproof.model import Location, Severity
from pgproof.model.errors import UsageError
from pgproof.project.config import Config, find_root, read_config
from pgproof.project.ignore import Ignore
from pgproof.project.keys import KEYS, Entries, Key, Keys, Listed, Named, Section, Tables

FULL = """
migrations = "db/migrations"
encoding = "latin1"
live = "$DATABASE_URL"
base = "base.sql"
fail_on = "warning"
require = ["live"]
server = 16
platform = "supabase"
history = "ops.migrations"
ignore_schemas = ["partman"]

baseline = "db/baseline.json"

[ignore]
MIG203 = "we number by date"
DRF102 = [
    { subject = "partman.*", reason = "made by pg_partman" },
    { reason = "until the clean-up", until = "2027-01-31" },
]

[[ignore.DRF103]]
subject = "table public.note"
reason = "the vendor's"
until = 2027-01-31

[[ignore.DRF103]]
reason = "all others, too"

[roles]
postgres = "app_owner"

[replay]
command = "alembic upgrade head"
environment = { APP_ENV = "test" }
statement_timeout = "2min"
timeout = "30min"
memory = "8GB"
disk = "512MB"
output = "1 GB"
objects = 1000000
extensions = ["dblink"]
search_path = "app, public"
plpgsql_check = true
"""


def write(folder: Path, text: str, name: str = "pgproof.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def line(number: int) -> Location:
    return Location("pgproof.toml", number)


def refusal(folder: Path) -> str:
    with pytest.raises(UsageError) as caught:
        read_config(folder)
    return f"{caught.value.problem}\n{caught.value.way_out}"


def test_every_key_is_read(tmp_path: Path) -> None:
    assert read_config(write(tmp_path, FULL)) == Config(
        path="pgproof.toml",
        migrations="db/migrations",
        encoding="iso8859-1",
        live="$DATABASE_URL",
        base="base.sql",
        fail_on=Severity.WARNING,
        require=frozenset({"live"}),
        server=16,
        platform="supabase",
        history=("ops", "migrations"),
        ignore_schemas=("partman",),
        ignore=(
            Ignore("MIG203", "we number by date", line(16)),
            Ignore("DRF102", "made by pg_partman", line(17), subject="partman.*"),
            Ignore("DRF102", "until the clean-up", line(17), date(2027, 1, 31)),
            Ignore("DRF103", "the vendor's", line(22), date(2027, 1, 31), "table public.note"),
            Ignore("DRF103", "all others, too", line(27)),
        ),
        baseline="db/baseline.json",
        roles={"postgres": "app_owner"},
        replay_command="alembic upgrade head",
        replay_environment={"APP_ENV": "test"},
        statement_timeout_ms=120_000,
        replay_timeout_ms=1_800_000,
        memory_bytes=8 << 30,
        disk_bytes=512 << 20,
        output_bytes=1 << 30,
        objects=1_000_000,
        replay_extensions=("dblink",),
        search_path="app, public",
        plpgsql_check=True,
    )


def test_each_field_is_filled_by_one_key() -> None:
    def filled(keys: Keys) -> list[str]:
        own = (Key, Named, Entries, Tables, Section, Listed)
        return [f for key in keys.values() for f in ([key.field] if isinstance(key, own) else filled(key))]

    assert sorted(filled(KEYS)) == sorted(
        Config.__dataclass_fields__.keys() - {"path", "policy", "contract", "probes", "warnings", "databases"}
    )


def test_without_a_configuration_nothing_is_said(tmp_path: Path) -> None:
    assert read_config(tmp_path) == Config()


def test_pyproject_is_read_when_it_has_a_section(tmp_path: Path) -> None:
    write(tmp_path, '[project]\nname = "x"\n[tool.pgproof]\nserver = 15\n', "pyproject.toml")
    assert read_config(tmp_path) == Config(path="pyproject.toml", server=15)


def test_a_second_configuration_that_is_not_read_is_said(tmp_path: Path) -> None:
    write(tmp_path, "[tool.pgproof]\nserver = 15\n", "pyproject.toml")
    config = read_config(write(tmp_path, "server = 16\n"))
    assert config.server == 16
    assert "pyproject.toml has a [tool.pgproof] too" in config.warnings[0]


FIVE_MISTAKES = """\
migration = "db"
fail_on = "eror"
server = "16"

[replay]
comand = "alembic upgrade head"
statement_timeout = 30
"""


def test_five_mistakes_are_shown_at_once(tmp_path: Path) -> None:
    problem, *lines = refusal(write(tmp_path, FIVE_MISTAKES)).splitlines()
    assert problem == "pgproof.toml has 5 mistakes"
    assert [line.split(" should")[0].split(" (")[0] for line in lines] == [
        'line 1: migration is not known, did you mean "migrations"?',
        "line 2: fail_on",
        "line 3: server",
        'line 6: [replay] comand is not known, did you mean "command"?',
        "line 7: [replay] statement_timeout",
    ]
    assert lines[1].endswith('one of "error", "warning", "note", not "eror", did you mean "error"?')
    assert lines[4].endswith('a duration with its unit, such as "500ms", "30s" or "2min", not 30')


def test_mistakes_in_pyproject_have_their_lines(tmp_path: Path) -> None:
    write(
        tmp_path,
        "[project]\nserver = 1\n\n[tool.pgproof]\nserver = 1\n[tool.pgproof.replay]\ncommand = 2\n",
        "pyproject.toml",
    )
    assert [line[:8] for line in refusal(tmp_path).splitlines()[1:]] == ["line 5: ", "line 7: "]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('layout = "supabas"', "layout should be one of"),
        ('platform = "supabas"', 'platform should be one of "azure", '),
        ('platform = "supabas"', 'not "supabas", did you mean "supabase"?'),
        ('encoding = "klingon"', "the name of an encoding"),
        ('require = ["life"]', 'a list of "live", not ["life"], did you mean "live"?'),
        ("require = 'live'", "a list of strings"),
        ("migrations = ''", 'a string, not ""'),
        ("server = true", "a major version"),
        ("server = 160004", "a major version"),
        ("replay = 'alembic'", "replay should be a section: [replay]"),
        ("ignore = ['MIG101']", "ignore should be a section: [ignore]"),
        ("[ignore]\nMIG101 = ''", "line 2: [ignore] MIG101 should be the reason, or a table [ignore.MIG101] with it"),
        ("[ignore]\nMIG101 = []", "line 2: [ignore] MIG101 should be the reason, or a table"),
        ("[ignore]\nMIG101 = ['x', 3]", "line 2: [ignore] MIG101 should be the reason, or a table"),
        ("[ignore.MIG101]\nsubject = 'x'", "line 1: [ignore.MIG101] reason is missing"),
        ("[[ignore.A]]\nreason = 'x'\n[[ignore.A]]\nsubject = 'x'", "line 3: [ignore.A] reason is missing"),
        ("[[ignore.A]]\nreason = 'x'\n[[ignore.A]]\nreason = ''", "line 4: [ignore.A] reason should be a string"),
        ("[ignore.A]\nreason = 'x'\nuntil = 2027-01-31T10:00:00", "line 3: [ignore.A] until should be a day"),
        ("[ignore.A]\nreason = 'x'\nuntil = '2027-02-30'", "line 3: [ignore.A] until should be a day"),
        ("[ignore.A]\nreason = 'x'\nuntill = 2027-01-31", 'untill is not known, did you mean "until"?'),
        ("[replay]\nenvironment = { A = 1 }", "line 2: [replay.environment] A should be a string"),
        ("server = ", "is not TOML"),
    ],
)
def test_a_mistake_names_the_key_and_what_is_allowed(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in refusal(write(tmp_path, text))


def test_a_secret_is_in_no_message(tmp_path: Path) -> None:
    text = "live = ['postgres://u:hunter2@h/d']\nbase = ['hunter2']\n[replay]\nenvironment = { A = ['hunter2'] }"
    assert "hunter2" not in refusal(write(tmp_path, text))


@pytest.mark.parametrize("live", ["postgres://u:hunter2@h/d", "host=h password=hunter2"])
def test_a_plain_password_is_warned_about(tmp_path: Path, live: str) -> None:
    config = read_config(write(tmp_path, f'live = "{live}"'))
    assert "plain text" in config.warnings[0]
    assert "hunter2" not in config.warnings[0]


def test_a_variable_or_a_url_without_password_is_not_warned_about(tmp_path: Path) -> None:
    assert read_config(write(tmp_path, 'live = "$DATABASE_URL"\nbase = "postgres://u@h:5432/d"')).warnings == ()


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pgproof.toml").write_bytes(b'live = "\xe9"')
    assert "cannot read pgproof.toml: byte 9 is not UTF-8" in refusal(tmp_path)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "pgproof.toml").write_bytes(b"\xef\xbb\xbfserver = 16\r\n")
    assert read_config(tmp_path).server == 16


def test_the_root_is_the_nearest_configuration(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    below = tmp_path / "app" / "src"
    below.mkdir(parents=True)
    assert find_root(below) == tmp_path
    write(tmp_path / "app", "")
    assert find_root(below) == tmp_path / "app"


def test_a_section_in_pyproject_makes_a_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    below = tmp_path / "app" / "src"
    below.mkdir(parents=True)
    write(below, "[project]\n", "pyproject.toml")
    write(tmp_path / "app", "[tool.pgproof]\n", "pyproject.toml")
    assert find_root(below) == tmp_path / "app"


def test_a_configuration_above_the_repository_is_not_looked_at(tmp_path: Path) -> None:
    write(tmp_path, "server = 16")
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    assert find_root(tmp_path / "repository") == tmp_path / "repository"


def test_a_folder_outside_of_any_repository_is_its_own_root(tmp_path: Path) -> None:
    assert find_root(tmp_path) == tmp_path
