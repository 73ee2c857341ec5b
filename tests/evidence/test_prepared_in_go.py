"""Whether Go's SQL is for the database of the migrations: a file may name neither a driver nor a table rightly."""

from __future__ import annotations

from pathlib import Path

from pgproof.evidence.part import Absent
from pgproof.evidence.prepared import Prepared
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.project.config import Config

SCHEMA = "create table FrontDesk (id bigint primary key, guest text not null);"
PLAIN = 'package hotel\n\nfunc {name}(db Database) {{\n\tdb.Query(ctx, "{text}")\n}}\n'
DRIVEN = """package hotel

import "github.com/jackc/pgx/v5"

func guests(db *pgx.Conn) {
\tdb.Query(ctx, "select guest from FrontDesk")
\tdb.Query(ctx, "select id from FrontDesk")
\tdb.Query(ctx, "select id from FrontDesks")
}
"""


def test_names_in_capitals_and_files_beside_tell_the_database(tmp_path: Path) -> None:
    files = {
        "migrations/0001_hotel.up.sql": SCHEMA,
        "hotel/guests.go": DRIVEN,
        "hotel/late.go": PLAIN.format(name="late", text="select id, room from frontdesk where id > 7"),
        "hotel/other.go": PLAIN.format(name="other", text="select id, price from minibar where id > 7"),
        "crdb/guests.go": DRIVEN.replace("select id from FrontDesks", "select floor from FrontDesk"),
        "bar/go.mod": "module bar",
        "bar/stock.go": DRIVEN.replace("guest from", "drink from").replace("FrontDesks", "FrontDesk"),
        **{f"bar/{one}.go": DRIVEN.replace("FrontDesk", one) for one in ("shelf", "bottle", "glass", "tab")},
        "cache/old.go": PLAIN.format(name="old", text="select id, floor from frontdesk where id > 7"),
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    with Evidence(Settings(tmp_path, Config(), None, use_cache=False)) as evidence:
        found = evidence.get(Prepared)
    assert not isinstance(found, Absent)
    assert sorted(one.tried.refusal.message for one in found.refused) == [
        'column "floor" does not exist',
        'column "room" does not exist',
        'relation "frontdesks" does not exist',
    ]
