"""Two schemas compared, as each format shows them; the golden files were read by a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from pgproof.judge.schema_diff import Changed, Compared, SchemaDiff, Weight
from pgproof.model import Gap, Location
from pgproof.reports import format_names, render
from pgproof.reports.view import View

SIDES = (
    Compared("migrations@0007", "migrations (numbered, 7 files), replayed on PostgreSQL 18.4 (embedded)", 18, 120),
    Compared("app@db.example.org:5432/shop", "database shop on PostgreSQL 17", 17, 121),
)
BODY = "\nbegin\n  update note set seen = now()\n  where id = new.id;\n  return new;\nend"
DRIFTED = SchemaDiff(
    SIDES,
    (
        Changed("table", "public.a", "changed", "privileges", "anon", None, "SELECT", Weight.SECURITY,
                others=tuple(f"public.t{n}" for n in range(6))),
        Changed("policy", "public.note.own", "only in A", "", "", None, None, Weight.SECURITY,
                location=Location("migrations/0003_policies.sql", 12, 1)),
        Changed("table", "public.log", "only in A", "", "", None, None, Weight.INTEGRITY, hidden=1,
                along=("column public.log.id",)),
        Changed("function", "public.touch()", "changed", "body", "", BODY, BODY.replace("now()", "clock_timestamp()"),
                Weight.INTEGRITY, location=Location("migrations/0002_touch.sql", 3, 1)),
        Changed("column", "public.note.state", "changed", "default", "", "'new'", "f(x)", Weight.INTEGRITY,
                note="compared as text: the second text cannot be parsed in the schema of the first"),
        Changed("index", "public.note_idx", "renamed", "name", "", "note_idx", "note_by_body", Weight.COSMETIC),
        Changed("table", 'public."\\x1b[31m\\u202e```"', "only in B", "", "", None, None, Weight.COSMETIC),
    ),
    140,
    2,
    (Gap("2 attributes that the role may not read in app@db.example.org:5432/shop", way_out="docs/live.md"),),
)  # fmt: skip
EQUAL = SchemaDiff(SIDES, (), 140)
CANNOT_TELL = SchemaDiff(
    SIDES, (), 140, gaps=(Gap('what this statement makes: relation "x" does not exist', True, Location("a.sql", 3)),)
)
SUFFIXES = {"text": "txt", "markdown": "md", "json": "json"}


@pytest.mark.parametrize("form", format_names(SchemaDiff))
@pytest.mark.parametrize(("name", "diff"), [("drifted", DRIFTED), ("equal", EQUAL), ("undecided", CANNOT_TELL)])
def test_reports_are_as_they_were_read(
    name: str, diff: SchemaDiff, form: str, golden: Callable[[str, str], None]
) -> None:
    golden(f"diff-{name}.{SUFFIXES[form]}", render(form, diff, View()))


def test_no_name_or_value_leaves_its_line() -> None:
    evil = "\x1b]0;x\x07\n```\u202e"
    change = Changed("table", evil, "changed", evil, evil, evil, evil + "x", Weight.COSMETIC, note=evil)
    diff = replace(EQUAL, changes=(change, replace(change, action="renamed"), replace(change, others=(evil, evil))))
    for form in ("text", "markdown"):
        shown = render(form, diff, View())
        assert not {"\x1b", "\x07", "\u202e"} & set(shown)
        assert form == "text" or shown.splitlines().count("```") == 0


def test_the_exit_is_told_by_the_result() -> None:
    assert (EQUAL.same, EQUAL.undecided) == (True, False)
    assert (CANNOT_TELL.same, CANNOT_TELL.undecided) == (True, True)
    assert (DRIFTED.same, DRIFTED.undecided) == (False, False)
    assert json.loads(render("json", DRIFTED, View()))["same"] is False


def test_more_than_the_limit_is_counted() -> None:
    change = Changed("table", "public.t", "only in A", "", "", None, None, Weight.INTEGRITY)
    many = replace(EQUAL, changes=(change,) * 30)
    assert "… and 20 more (--all shows them)" in render("text", many, View(limit=10))
    assert "more" not in render("text", many, View(limit=None))


def test_what_is_missing_with_an_object_is_named_when_all_is_asked_for() -> None:
    named = "with column public.log.id"
    assert named in render("text", DRIFTED, View(limit=None))
    assert named not in render("text", DRIFTED, View(limit=10))
