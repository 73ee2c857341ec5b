"""The languages of PostgREST's parameters."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgproof.code.postgrest import (
    HOLE,
    Column,
    Condition,
    Filled,
    Item,
    Path,
    PostgrestSyntaxError,
    Relation,
    Term,
    parse_logic,
    parse_names,
    parse_operator,
    parse_order,
    parse_path,
    parse_select,
)

SELECTS: list[tuple[str, tuple[Item, ...]]] = [
    ("", ()),
    ("*", (Column("*", 0),)),
    ("id, name", (Column("id", 0), Column("name", 4))),
    ("n:full name", (Column("fullname", 2, "n"),)),
    ('n:"full name"', (Column("full name", 2, "n"),)),
    ("price::text", (Column("price", 0, cast="text"),)),
    ("data->a->>b-c", (Column("data", 0, json="->a->>b-c"),)),
    ("data->0->>x::int", (Column("data", 0, json="->0->>x", cast="int"),)),
    ("count()", (Column("*", 0, aggregate="count"),)),
    ("total:amount.sum()::text", (Column("amount", 6, "total", aggregate="sum"),)),
    ("a::numeric.avg()", (Column("a", 0, cast="numeric", aggregate="avg"),)),
    ("a-b", (Column("a-b", 0),)),
    ("rel()", (Relation("rel", 0, hint_at=0),)),
    ("rel(count)", (Relation("rel", 0, items=(Column("count", 4),)),)),
    ("r:rel!fk!inner(id)", (Relation("rel", 2, "r", "fk", 6, True, False, (Column("id", 15),)),)),
    ("rel!left(id)", (Relation("rel", 0, items=(Column("id", 9),)),)),
    ("...rel(id)", (Relation("rel", 3, hint_at=3, spread=True, items=(Column("id", 7),)),)),
    (
        "rel\n(\n  id,\n  other(x)\n)",
        (Relation("rel", 0, items=(Column("id", 8), Relation("other", 14, hint_at=14, items=(Column("x", 20),)))),),
    ),
    (f"id,{HOLE},name", (Column("id", 0), Filled(3), Column("name", 5))),
    (f"id{HOLE}", (Filled(0),)),
    (f"rel({HOLE})", (Relation("rel", 0, items=(Filled(4),)),)),
    (f"{HOLE}:rel(id)", (Relation("rel", 2, HOLE, hint_at=2, items=(Column("id", 6),)),)),
]


@pytest.mark.parametrize(("text", "items"), SELECTS)
def test_a_select_list_is_read(text: str, items: tuple[Item, ...]) -> None:
    assert parse_select(text) == items


@pytest.mark.parametrize(
    ("text", "at"),
    [("id,", 3), ("a.b", 1), ("id::", 2), ("rel(id", 6), ("name!x", 6), (",id", 0), ("a b:c:d", 5), ("rel(id) x(y)", 8),
     ("users.name", 5), ("id;name", 2), ("[id]", 0), ("rel->a(id)", 6)],
)  # fmt: skip
def test_a_select_list_that_postgrest_refuses_is_malformed_at_that_place(text: str, at: int) -> None:
    with pytest.raises(PostgrestSyntaxError) as error:
        parse_select(text)
    assert (error.value.at, error.value.certain) == (at, True)


def test_a_text_that_is_partly_filled_in_at_run_time_is_never_surely_malformed() -> None:
    with pytest.raises(PostgrestSyntaxError) as error:
        parse_select(f"id,rel({HOLE}")
    assert not error.value.certain


def test_relations_nested_deeper_than_a_reader_goes_are_not_called_malformed() -> None:
    with pytest.raises(PostgrestSyntaxError) as error:
        parse_select("a(" * 5000 + ")" * 5000)
    assert not error.value.certain
    with pytest.raises(PostgrestSyntaxError) as error:
        parse_logic("and(" * 5000 + "a.eq.1" + ")" * 5000)
    assert not error.value.certain


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("a.eq.1,b.is.null", (Condition("a", 0, "eq", ("1",)), Condition("b", 7, "is", ("null",)))),
        ("a.not.in.(1,\"x,y\")", (Condition("a", 0, "in", ("1", "x,y"), negated=True),)),
        ("and(a.gt.1, or(b.lt.2,not.and(c.neq.3)))",
         (Condition("a", 4, "gt", ("1",)), Condition("b", 15, "lt", ("2",)), Condition("c", 30, "neq", ("3",)))),
        ("t.cs.{a,b},n.ilike.*x*", (Condition("t", 0, "cs", ("{a,b}",)), Condition("n", 11, "ilike", ("*x*",)))),
        ("d->a->>b.eq.1", (Condition("d", 0, "eq", ("1",), "->a->>b"),)),
        ("t.fts(english).word", (Condition("t", 0, "fts", ("word",)),)),
        ("t.like(any).{a,b}", (Condition("t", 0, "like", ("{a,b}",)),)),
        (f"name.ilike.%{HOLE}%,b.eq.1", (Condition("name", 0, "ilike", (None,)), Condition("b", 15, "eq", ("1",)))),
        (f"a.in.({HOLE}),b.in.{HOLE}", (Condition("a", 0, "in", (None,)), Condition("b", 9, "in", (None,)))),
        ('a.eq."x,)y"', (Condition("a", 0, "eq", ("x,)y",)),)),
        ("at.gte.2024-01-01T00:00:00.000Z", (Condition("at", 0, "gte", ("2024-01-01T00:00:00.000Z",)),)),
    ],
)  # fmt: skip
def test_a_condition_is_read(text: str, conditions: tuple[Condition, ...]) -> None:
    assert parse_logic(text) == conditions


@pytest.mark.parametrize(
    "text", ["", "a", "a.eq", "a.equals.1", "rel.a.eq.1", "a.in.1,2", "a.is.nothing", "and(a.eq.1", "a.eq.1\n,b.eq.2,"]
)
def test_a_condition_that_postgrest_refuses_is_malformed(text: str) -> None:
    with pytest.raises(PostgrestSyntaxError):
        parse_logic(text)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("id", Path("id", 0)),
        ("rel.id", Path("id", 4, ("rel",))),
        ("a.b.data->x->>y", Path("data", 4, ("a", "b"), "->x->>y")),
        ('"a.b"', Path("a.b", 0)),
        (f"rel.{HOLE}", Path(HOLE, 4, ("rel",), known=False)),
    ],
)
def test_the_column_of_a_filter_is_read(text: str, path: Path) -> None:
    assert parse_path(text) == path


@pytest.mark.parametrize("text", ["", "a,b", "a(b)", ".a", "a.", "a::text"])
def test_the_column_of_a_filter_that_postgrest_refuses_is_malformed(text: str) -> None:
    with pytest.raises(PostgrestSyntaxError):
        parse_path(text)


def test_an_order_is_read() -> None:
    assert parse_order("a.desc, rel(b).asc.nullslast,c->>d,e.nullsfirst") == (
        Term("a", 0), Term("b", 12, "rel"), Term("c", 29, json="->>d"), Term("e", 35),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "a.down", "a.desc.asc", "rel(a,b)", "a desc,", "rel.a.asc"])
def test_an_order_that_postgrest_refuses_is_malformed(text: str) -> None:
    with pytest.raises(PostgrestSyntaxError):
        parse_order(text)


def test_a_list_of_columns_is_read() -> None:
    assert parse_names('a, "b c",d') == (("a", 0), ("b c", 3), ("d", 9))


@pytest.mark.parametrize("text", ["", "a,", "(a,b)"])
def test_a_list_of_columns_that_postgrest_refuses_is_malformed(text: str) -> None:
    with pytest.raises(PostgrestSyntaxError):
        parse_names(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [("eq.1", ("eq", False, False)), ("not.in.(1)", ("in", True, False)), ("like(all).{a}", ("like", False, True)),
     ("plfts.x", ("plfts", False, False)), ("equals.1", None), ("not", None)],
)  # fmt: skip
def test_an_operator_is_told(text: str, found: tuple[str, bool, bool] | None) -> None:
    assert parse_operator(text) == found


NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True).filter(lambda name: name != "count")
COLUMNS = st.builds(
    lambda alias, name, json, cast: f"{alias}{name}{json}{cast}",
    st.one_of(st.just(""), NAMES.map("{}:".format)),
    NAMES,
    st.sampled_from(["", "->a", "->a->>b"]),
    st.sampled_from(["", "::text"]),
)
LISTS = st.recursive(
    st.lists(COLUMNS, min_size=1, max_size=3).map(",".join),
    lambda inner: st.builds(
        lambda name, hint, inside, more: f"{name}{hint}({inside}),{more}",
        NAMES,
        st.sampled_from(["", "!fk", "!inner"]),
        inner,
        COLUMNS,
    ),
    max_leaves=4,
)


def printed(item: Item) -> str:
    if isinstance(item, Filled):
        return HOLE
    alias = f"{item.alias}:" if item.alias else ""
    if isinstance(item, Column):
        return f"{alias}{item.name}{item.json}" + (f"::{item.cast}" if item.cast else "")
    hint = f"!{item.hint}" if item.hint else ""
    return f"{alias}{item.name}{hint}" + ("!inner" if item.inner else "") + f"({','.join(map(printed, item.items))})"


@given(LISTS, st.data())
def test_what_is_read_prints_as_what_was_written_whatever_white_space_it_had(text: str, data: st.DataObject) -> None:
    pieces = re.split(r"(?<=[,()])", text)
    spaced = "".join(piece + data.draw(st.sampled_from(["", " ", "\n  "])) for piece in pieces)
    items = parse_select(spaced)
    assert ",".join(map(printed, items)) == text
    for item in items:
        if not isinstance(item, Filled):
            assert spaced.startswith(item.name, item.at)


def fault(parse: Callable[[str], object], text: str) -> int:
    try:
        parse(text)
    except PostgrestSyntaxError as error:
        return error.at
    return 0


@given(st.text(alphabet='ab.,:()!->"*{} \n\\eqino' + HOLE, max_size=40))
def test_no_text_crashes_and_every_error_has_a_place_in_it(text: str) -> None:
    for parse in (parse_select, parse_logic, parse_path, parse_order, parse_names):
        assert 0 <= fault(parse, text) <= len(text)
