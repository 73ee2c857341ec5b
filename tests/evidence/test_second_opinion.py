"""plpgsql_check is asked when the configuration says so: what it says otherwise, and what it ends the server at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pgproof.evidence import second_opinion
from pgproof.evidence.settings import Settings
from pgproof.judge.result import Result
from pgproof.project.config import Config
from pgproof.server import binaries
from pgproof.workflows.check import check

SQL = """create table job (id bigint primary key, state text);
create function well() returns void language plpgsql as $$ begin perform state from job; end $$;
create function broken() returns void language plpgsql as $$ begin perform stat from job; end $$;
create function doubted() returns void language plpgsql as $$
begin
  perform 1;
  perform 2;
end $$;
create function fatal() returns void language plpgsql as $$ begin perform 1; end $$;
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touch before insert on job for each row execute function touch();
"""
IMITATION = """
create function pgproof_check.plpgsql_check_function_tb(
  asked regprocedure, relation regclass, oldtable name, newtable name, fatal_errors boolean, other_warnings boolean,
  performance_warnings boolean, extra_warnings boolean, out lineno integer, out sqlstate text, out message text,
  out level text
) returns setof record language plpgsql as $$
begin
  perform pg_terminate_backend(pg_backend_pid()) where asked::text = 'fatal()';
  return query select 4, '42P01', 'said of ' || asked::text, 'error' where asked::text in ('doubted()', 'broken()');
  return query select 1, '00000', 'on ' || relation::text, 'warning' where relation <> 0;
end $$
"""


def run(root: Path, *, asked: bool = True, server: int = 18) -> Result:
    (root / "migrations").mkdir(exist_ok=True)
    (root / "migrations" / "0001_all.sql").write_text(SQL)
    return check(Settings(root, Config(server=server, plpgsql_check=asked)), select=("FUN",))


def sources(result: Result) -> dict[str, str]:
    return dict(result.sources)


@pytest.mark.parametrize("server", [15, 18])
def test_the_extension_of_this_machine_or_a_gap(tmp_path: Path, server: int) -> None:
    result = run(tmp_path, server=server)
    there = (binaries.choose(server).share / "extension/plpgsql_check.control").exists()
    assert sources(result).get("function bodies", "").startswith("tried, and plpgsql_check ") is there
    assert any("does not have it" in gap.reason for gap in result.gaps) is not there


def test_what_it_says_otherwise_and_what_it_ends_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def installed(_: Any, connection: Any) -> tuple[str, str]:
        connection.execute("create schema pgproof_check")
        connection.execute(IMITATION)
        return "pgproof_check", "9.9"

    monkeypatch.setattr(second_opinion, "_installed", installed)
    monkeypatch.setattr(second_opinion, "_control", lambda _: tmp_path)
    result = run(tmp_path)
    assert sources(result)["function bodies"] == "tried, and plpgsql_check 9.9"
    assert [(gap.reason, str(gap.location)) for gap in result.gaps if "plpgsql_check" in gap.reason] == [
        (
            "public.doubted(): plpgsql_check 9.9 says said of doubted() (42P01); its trial found nothing",
            "migrations/0001_all.sql:7:1",
        ),
        ("what plpgsql_check 9.9 says of public.fatal(): it ended the server there", "None"),
    ]
    assert [finding.subject for finding in result.findings] == ["public.broken()"]
    assert "function bodies" not in sources(run(tmp_path, asked=False))
