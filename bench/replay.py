"""Replay with all observations, against `psql` running the same files in one process on the same server.

    python -m bench replay

100 files of 37 statements, each file in a transaction: tables, columns, indexes, functions, triggers, views, policies,
privileges, comments, data, and changes to the table of the file before. Ours includes parsing the files and everything
that is observed, but neither layers nor reading the catalog; psql's includes the start of its process (about 10 ms).
The databases are in memory where there is /dev/shm. The best of several runs, taken in turns.
"""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from pgproof.migrations.file import MigrationFile
from pgproof.migrations.layout import Transaction
from pgproof.migrations.replay import PREPARE, Task
from pgproof.migrations.replay.ahead import read_ahead
from pgproof.migrations.replay.assumed import Roles
from pgproof.migrations.replay.file import replay_file
from pgproof.migrations.replay.prerequisites import Prerequisites
from pgproof.migrations.replay.stage import Stage
from pgproof.platforms import PLAIN, load
from pgproof.server import binaries
from pgproof.server.binaries import Installation
from pgproof.shadow.sandbox import OWNER
from pgproof.shadow.shadow import Shadow, open_shadow

FILES = 100
RUNS = 7
MAJORS = (15, 16, 18)
OBSERVERS = ("command_ended", "objects_dropped", "table_rewritten")

FIRST = """
create table t{n} (id bigint generated always as identity primary key, tenant_id uuid not null, name text not null,
  amount numeric(12, 2) check (amount >= 0), state text not null default 'new',
  made timestamptz not null default now());
comment on table t{n} is 'table {n}';
alter table t{n} add column c0 text; alter table t{n} add column c1 text; alter table t{n} add column c2 text;
alter table t{n} add column c3 text; alter table t{n} add column c4 text; alter table t{n} add column c5 text;
create index t{n}_c0 on t{n} (c0); create index t{n}_c1 on t{n} (c1); create index t{n}_c2 on t{n} (c2);
create index t{n}_c3 on t{n} (c3); create unique index t{n}_tenant on t{n} (tenant_id, name);
create type e{n} as enum ('a', 'b', 'c'); create type r{n} as (a int, b text);
create function f{n}(a int) returns int language plpgsql as $$ begin return a + {n}; end $$;
create function g{n}() returns trigger language plpgsql as $$ begin new.made := now(); return new; end $$;
create trigger touch before update on t{n} for each row execute function g{n}();
create view v{n} as select id, name, amount from t{n} where amount > 0;
create or replace view w{n} as select v.id, t.name from v{n} v join t{n} t using (id);
alter table t{n} enable row level security;
create policy p0 on t{n} for select using (c0 <> ''); create policy p1 on t{n} for select using (c1 <> '');
create policy p2 on t{n} for update using (tenant_id is not null);
grant select, insert on t{n} to public; revoke all on function f{n}(int) from public;
insert into t{n} (tenant_id, name) select gen_random_uuid(), 'n' || i from generate_series(1, 20) i;
update t{n} set amount = id where amount is null;
alter table t{n} alter column name set default 'y';
alter table t{n} add constraint t{n}_state check (state in ('new', 'old'));
"""
LATER = """
create sequence s{n};
alter table t{before} add column late{n} int; create index t{before}_late on t{before} (late{n});
alter table t{before} add constraint t{before}_late check (late{n} > 0) not valid;
drop index t{before}_c3; comment on table t{before} is 'older';
alter table t{n} add column ref bigint references t{before} (id);
"""
FILLED = "create sequence s{n}; select 1; select 2; select 3; select 4; select 5; select 6;"


def texts() -> list[str]:
    """Return the files."""
    return [(FIRST + (LATER if n else FILLED)).format(n=n, before=n - 1) for n in range(FILES)]


def main() -> None:
    """Print a Markdown table."""
    print("| server | statements | `psql` | replay | ratio |")
    print("|---|---:|---:|---:|---:|")
    memory = Path("/dev/shm")
    found = {installation.major for installation in binaries.find()}
    for major in sorted(found.intersection(MAJORS)):
        installation = binaries.choose(major)
        with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
            Path(folder).chmod(0o755)
            statements, theirs, ours = measured(installation, Path(folder))
        server = f"{installation.version} ({installation.origin})"
        print(f"| {server} | {statements} | {theirs:.0f} ms | {ours:.0f} ms | {ours / theirs:.2f} |", flush=True)


def measured(installation: Installation, folder: Path) -> tuple[int, float, float]:
    """Return how many statements there are, and the best times in milliseconds of psql and of a replay."""
    files = [MigrationFile(f"{n:03}.sql", str(n), "", text) for n, text in enumerate(texts())]
    scripts = [folder / file.path for file in files]
    for script, file in zip(scripts, files, strict=True):
        script.write_text(f"begin;\n{file.text}\ncommit;\n")
    theirs, ours, statements = [], [], 0
    with open_shadow("bench", installation, load(PLAIN), prepare=PREPARE, cache_dir=folder / "cache") as shadow:
        for _ in range(RUNS):
            theirs.append(psql(shadow, scripts))
            statements, elapsed_ms = replay(
                shadow, Task(folder, tuple(files), Transaction.FILE, installation, load(PLAIN))
            )
            ours.append(elapsed_ms)
    return statements, min(theirs), min(ours)


def psql(shadow: Shadow, scripts: list[Path]) -> float:
    """Run the scripts in one process, without the observing event triggers; return the milliseconds."""
    with shadow.database() as database:
        with database.admin() as admin:
            for observer in OBSERVERS:
                admin.execute(f"drop event trigger pgproof_{observer}")
        command: list[str | Path] = [shadow.installation.bindir / "psql", database.url, "-X", "-q", "-o", "/dev/null"]
        command += ["-v", "ON_ERROR_STOP=1", *(part for script in scripts for part in ("-f", str(script)))]
        started = time.perf_counter()
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return (time.perf_counter() - started) * 1000


def replay(shadow: Shadow, task: Task) -> tuple[int, float]:
    """Replay the files; return how many statements were observed, and the milliseconds."""
    with shadow.database() as database, Stage(database, task, Roles(OWNER, ()), Prerequisites(())) as stage:
        started, told = time.perf_counter(), []
        for file, steps in read_ahead(task):
            told.append(replay_file(stage, file, steps, task.transaction))
        traces = [trace for each in told for trace in each()]
        elapsed_ms = (time.perf_counter() - started) * 1000
    failed = [trace.observation for trace in traces if trace.observation.failure]
    if failed:
        raise RuntimeError(f"{failed[0].location}: {failed[0].failure}")
    return len(traces), elapsed_ms


if __name__ == "__main__":
    main()
