"""`pgproof report`: another format of a stored result."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.cli.running import REPORTS, environment, pgproof

BROKEN = str(REPORTS / "broken.json")


def test_text_is_the_default_and_the_code_is_0_whatever_the_verdict_was() -> None:
    done = pgproof("report", BROKEN)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (REPORTS / "broken.txt").read_text("utf-8")


def test_json_gives_back_the_same_bytes() -> None:
    assert pgproof("report", BROKEN, "--format", "json").stdout == Path(BROKEN).read_text("utf-8")


def test_a_result_comes_from_standard_input() -> None:
    done = pgproof("report", "-", "--quiet", stdin=Path(BROKEN).read_text("utf-8"))
    assert done.stdout == (REPORTS / "broken.txt").read_text("utf-8").splitlines()[-1] + "\n"


def test_several_formats_each_to_its_place(tmp_path: Path) -> None:
    done = pgproof("report", BROKEN, "--format", "json=r.json", "--format", "text=r.txt", cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "r.json").read_text() == Path(BROKEN).read_text()
    assert (tmp_path / "r.txt").read_text("utf-8") == done.stdout == (REPORTS / "broken.txt").read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.json", "r.txt"]


def test_output_is_the_place_of_a_format_without_one(tmp_path: Path) -> None:
    done = pgproof("report", BROKEN, "--format", "json", "--output", "r.json", cwd=tmp_path)
    assert (tmp_path / "r.json").read_text() == Path(BROKEN).read_text()
    assert done.stdout == (REPORTS / "broken.txt").read_text("utf-8")


def test_all_shows_every_finding() -> None:
    shown = pgproof("report", str(REPORTS / "crowded.json"), "--all").stdout
    assert shown.count("= more: pgproof explain") == 19


def test_a_full_disk_is_4_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    done = pgproof("report", BROKEN, "--format", "json=/dev/full")
    assert done.returncode == 4
    assert done.stderr == "pgproof: cannot write /dev/full: No space left on device.\n"


def test_standard_output_on_a_full_disk_is_4() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "pgproof", "report", BROKEN]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, env=environment())
    assert done.returncode == 4
    assert done.stderr == "pgproof: No space left on device.\n"


def test_a_reader_that_goes_away_is_no_failure(tmp_path: Path) -> None:
    result = json.loads(Path(BROKEN).read_text())
    result["introduction"] = ["x" * 1000] * 1000
    (tmp_path / "big.json").write_text(json.dumps(result))
    run = f"{sys.executable} -m pgproof report {tmp_path}/big.json"
    command = ["bash", "-c", f"{run} | head -n 1 > /dev/null; echo ${{PIPESTATUS[0]}}"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment())
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_what_is_no_result_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text('{"schema_version": 3}')
    done = pgproof("report", "r.json", cwd=tmp_path)
    assert done.returncode == 2
    assert "a newer pgproof wrote it, with version 3" in done.stderr
    (tmp_path / "r.json").write_bytes(b"\xff\xfe")
    done = pgproof("report", "r.json", cwd=tmp_path)
    assert done.returncode == 2
    assert "r.json: this is not a stored result: byte 1 is not UTF-8" in done.stderr


def test_an_ascii_terminal_gets_escapes_and_no_crash() -> None:
    done = pgproof("report", BROKEN, PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "\\u2026" in done.stdout


def on_terminal(*arguments: str, **env: str) -> str:
    """Run pgproof with a pseudo-terminal of 90 columns as its standard output, and return what it shows."""
    reader, writer = pty.openpty()
    command = [sys.executable, "-m", "pgproof", *arguments]
    with subprocess.Popen(command, stdout=writer, env=environment(COLUMNS="90", TERM="xterm", **env)) as process:
        os.close(writer)
        shown = b""
        try:
            while piece := os.read(reader, 65536):
                shown += piece
        except OSError:  # Linux: the other side was closed
            pass
        assert process.wait() == 0
    os.close(reader)
    return shown.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colour_and_its_width() -> None:
    shown = on_terminal("report", BROKEN)
    assert "\x1b[1;31merror[FUN101]\x1b[0m" in shown
    assert shown != on_terminal("report", BROKEN, NO_COLOR="1")


def test_no_color_and_force_color_are_followed() -> None:
    assert "\x1b" not in on_terminal("report", BROKEN, NO_COLOR="1")
    assert "\x1b[1;31m" in pgproof("report", BROKEN, FORCE_COLOR="1").stdout
    assert "\x1b" not in pgproof("report", BROKEN).stdout


def test_sarif_carries_the_documentation_of_the_checks() -> None:
    log = json.loads(pgproof("report", BROKEN, "--format", "sarif").stdout)
    rules = {rule["id"]: rule for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert "## Why" in rules["HIS103"]["help"]["markdown"]
    assert rules["HIS103"]["shortDescription"]["text"].startswith("A migration is recorded as applied")
