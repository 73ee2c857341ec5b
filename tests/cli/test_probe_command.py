"""`pgproof probe`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pgproof.cli.run import run


def project(root: Path, function: str) -> str:
    (root / "migrations").mkdir()
    (root / "migrations" / "0001_first.sql").write_text(f"create table note (id int primary key); {function}", "utf-8")
    return str(root)


BROKEN = """create function f() returns int language plpgsql as $$
declare r record; name text;
begin
  foreach name in array array['a'] loop execute format('select 1 as %I', name) into r; end loop;
  return r.b;
end $$;"""


def test_the_text_says_how_far_it_came(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["probe", project(tmp_path, "select 1;"), "--server", "18"]) == 0
    out = capsys.readouterr().out
    assert "1 of 1 tables that took a row" in out
    assert "2 of 2 constraints tried with a row that breaks them" in out
    assert "\nGO " in out


def test_json_is_as_that_of_check_and_the_exit_code_is_the_verdicts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["probe", project(tmp_path, BROKEN), "--server", "18", "--format", "json"]) == 1
    result = json.loads(capsys.readouterr().out)
    assert [finding["code"] for finding in result["findings"]] == ["BEH102"]
    assert result["verdict"] == "NO-GO"
