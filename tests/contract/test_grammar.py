"""Sentences of a contract: what is read, what is refused and where, and that writing is the inverse of reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgproof.contract.grammar import COMMANDS, parse
from pgproof.contract.need import (
    Absence,
    AppendOnly,
    Column,
    Compare,
    Fresh,
    Index,
    Key,
    Need,
    Policy,
    Privilege,
    Relation,
    Retired,
    Routine,
    Rows,
    RowSecurity,
    States,
    Thing,
    Together,
    Trigger,
)
from pgproof.contract.predicates import ACTIONS, ON_DELETE, WITH_COLUMNS
from pgproof.contract.wording import sentence
from pgproof.contract.words import Unreadable

READ = {
    "deals": Relation(("deals",)),
    "relation app.v_daily_spend": Relation(("app", "v_daily_spend")),
    "view v_daily_spend": Relation(("v_daily_spend",), "view"),
    'table app."Order"': Relation(("app", "Order"), "table"),
    "deals.stage_entered_at timestamptz not null": Column(("deals",), "stage_entered_at", "timestamptz", True),
    "Deals.Stage TEXT NULL": Column(("deals",), "stage", "TEXT", False),
    "a.b.c numeric(10, 2)[] default 'x' || now() not null": Column(
        ("a", "b"), "c", "numeric(10, 2)[]", True, "'x' || now()"
    ),
    "a.b boolean default c is not null": Column(("a",), "b", "boolean", None, "c is not null"),
    "a.b timestamp(3) with time zone no default": Column(("a",), "b", "timestamp(3) with time zone", no_default=True),
    "increment(uuid, numeric(8,2)) returns setof outreach_campaigns": Routine(
        ("increment",), ("uuid", "numeric(8,2)"), "setof outreach_campaigns"
    ),
    "function increment": Routine(("increment",)),
    "now_utc()": Routine(("now_utc",), ()),
    "index on deals (stage, created_at desc) where stage is not null": Index(
        (), ("deals",), ("stage", "created_at desc"), where="stage is not null"
    ),
    "unique index idx_slug on deals using btree (lower(slug))": Index(
        ("idx_slug",), ("deals",), ("lower(slug)",), unique=True
    ),
    "index on notes using gin (tags)": Index((), ("notes",), ("tags",), method="gin"),
    "targets.campaign_id references campaigns (id) on delete set null": Key(
        "foreign key", ("targets",), ("campaign_id",), ("campaigns",), ("id",), "set null"
    ),
    "primary key on deals (id)": Key("primary key", ("deals",), ("id",)),
    "policy on deals for select to anon": Policy(("deals",), command="select", role="anon"),
    "row security on deals": RowSecurity(("deals",)),
    "trigger touch on deals": Trigger(("deals",), "touch"),
    "enum mood ('sad', 'it''s')": Thing("enum", ("mood",), ("sad", "it's")),
    "extension pg_trgm": Thing("extension", ("pg_trgm",)),
    "no table campaigns": Absence(Relation(("campaigns",), "table")),
    "anon may not select spend_log": Privilege("anon", "select", ("spend_log",), allowed=False),
    "authenticated may update notes (classification)": Privilege(
        "authenticated", "update", ("notes",), ("classification",)
    ),
    "anon may execute f(uuid)": Privilege("anon", "execute", ("f",), arguments=("uuid",)),
    "templates has at least 5 rows where tier = 'template'": Rows(
        ("templates",), 5, Compare.AT_LEAST, "tier = 'template'"
    ),
    "templates has rows": Rows(("templates",), 1, Compare.AT_LEAST),
    "templates has no rows": Rows(("templates",), 0),
    "api_response_logs.created_at is at most 2 days old": Fresh(("api_response_logs",), "created_at", 172_800),
    "feature_metrics is append only": AppendOnly(("feature_metrics",)),
    "deals.stage goes lead -> won | lost": States(("deals",), "stage", (("lead", "won"), ("lead", "lost"))),
    "deals.stage is written with deals.stage_entered_at": Together(("deals",), "stage", "stage_entered_at"),
    "campaigns is now outreach_campaigns": Retired(("campaigns",), ("outreach_campaigns",)),
    "clients.name is now clients.company_name": Retired(("clients",), ("clients",), "name", "company_name"),
}

REFUSED = {
    "": (0, "nothing is said"),
    "anon may selekt deals": (9, 'did you mean "select"?'),
    "deals.ctid": (0, "a system column"),
    f"deals.{'x' * 64}": (6, "more than 63 bytes"),
    "deals.a text not null null": (26, "contradict each other"),
    "deals.a text default": (20, "expected an expression"),
    "deals 'x": (6, "a quote is not closed"),
    "deals.a goes 'x'": (16, "expected ->"),
    "deals.a is at most 2 fortnights old": (21, "expected one of seconds"),
    "a (b) references c (d, e)": (6, "did not expect this"),
    "foreign key on a (b) references c (d, e)": (40, "as many columns"),
    "a.b references c on delete explode": (27, "expected one of cascade"),
    "index on deals": (14, "its columns in parentheses"),
    "no index on deals (a)": (3, "only a table, view, column or function"),
    "a.b.c.d text": (5, "at most 3 names"),
    "a.b is written with c.d": (20, "of one table"),
    "campaigns is now campaigns": (17, "are the same"),
}


@pytest.mark.parametrize("text", READ)
def test_a_sentence_is_read(text: str) -> None:
    assert parse(text) == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_a_mistake_is_told_with_its_place(text: str) -> None:
    with pytest.raises(Unreadable) as raised:
        parse(text)
    position, problem = REFUSED[text]
    assert (raised.value.position, problem in raised.value.problem) == (position, True), raised.value.problem


def test_a_table_may_be_called_like_a_key_word() -> None:
    assert parse("index has 3 rows") == Rows(("index",), 3)
    assert parse("view.name text") == Column(("view",), "name", "text")
    assert parse("table may select policy") == Privilege("table", "select", ("policy",))


names = st.one_of(
    st.sampled_from(["deals", "stage", "index", "has", "may", "no", "on", "Order", "with blank", 'a"b', "é", "not"]),
    st.text("abcX_ 1\"'", min_size=1, max_size=8),
)
optional_names = st.one_of(st.just(""), names)
paths = st.lists(names, min_size=1, max_size=2).map(tuple)
types = st.sampled_from(["text", "numeric(10, 2)", "timestamp(3) with time zone", '"Mood"[]', "app.mood"])
expressions = st.sampled_from(["now()", "'x' || y", "a is not null", "f(b, 'c)')", "(1 + 2) * 3", "'{}'::jsonb"])
states = st.text("ab' \\é", max_size=5)
columns = st.lists(names, min_size=1, max_size=3).map(tuple)
relations = st.builds(Relation, paths, st.sampled_from(["", "table", "view", "materialized view", "foreign table"]))
arguments = st.one_of(st.none(), st.lists(types, max_size=3).map(tuple))
routines = st.builds(
    Routine, paths, arguments, st.one_of(st.just(""), types), st.sampled_from(["function", "procedure"])
)
bare = st.builds(Column, paths, names)


@st.composite
def keys(draw: st.DrawFn) -> Key:
    kind = draw(st.sampled_from(["primary key", "unique", "foreign key"]))
    relation, of = draw(paths), draw(columns)
    if kind != "foreign key":
        return Key(kind, relation, of)
    referenced = draw(st.one_of(st.just(()), st.lists(names, min_size=len(of), max_size=len(of)).map(tuple)))
    return Key(kind, relation, of, draw(paths), referenced, draw(st.sampled_from(["", *ON_DELETE])))


@st.composite
def privileges(draw: st.DrawFn) -> Privilege:
    action = draw(st.sampled_from(ACTIONS))
    of = draw(st.one_of(st.just(()), columns)) if action in WITH_COLUMNS else ()
    given_arguments = draw(arguments) if action == "execute" else None
    return Privilege(draw(names), action, draw(paths), of, given_arguments, draw(st.booleans()))


@st.composite
def retirements(draw: st.DrawFn) -> Retired:
    old, now = draw(paths), draw(names)
    if len(old) == 1 and draw(st.booleans()):
        return Retired(old, (f"{old[0]}_",))
    return Retired(old, (*old[:-1], f"{old[-1]}_"), now, now)


needs: st.SearchStrategy[Need] = st.one_of(
    relations,
    st.builds(
        Column, paths, names, st.one_of(st.just(""), types), st.sampled_from([None, True, False]),
        st.one_of(st.just(""), expressions),
    ),
    st.builds(Column, paths, names, types, no_default=st.just(True)),
    routines,
    st.builds(Index, paths, unique=st.booleans()),
    st.builds(
        Index, st.one_of(st.just(()), paths), paths,
        st.lists(st.sampled_from(["a", "b desc", "lower(c)", '"X" nulls last']), min_size=1).map(tuple),
        st.booleans(), st.one_of(st.just(""), expressions), st.sampled_from(["", "gin"]),
    ),
    keys(),
    st.builds(Policy, paths, optional_names, st.sampled_from(["", *COMMANDS]), optional_names),
    st.builds(RowSecurity, paths),
    st.builds(Trigger, paths, st.one_of(st.just(""), names)),
    st.builds(Thing, st.sampled_from(["sequence", "type"]), paths),
    st.builds(Thing, st.just("enum"), paths, st.lists(states, max_size=3).map(tuple)),
    st.builds(Absence, st.one_of(relations, bare, st.builds(Routine, paths, arguments))),
    privileges(),
    st.builds(Rows, paths, st.integers(0, 9999), st.sampled_from(Compare), st.one_of(st.just(""), expressions)),
    st.builds(Fresh, paths, names, st.integers(1, 9_999_999)),
    st.builds(AppendOnly, paths),
    st.builds(
        States, paths, names, st.lists(st.tuples(states, states), min_size=1, max_size=4, unique=True).map(tuple)
    ),
    st.builds(Together, paths, names, names),
    retirements(),
)  # fmt: skip


@given(needs)
def test_what_is_written_is_read_as_the_same(need: Need) -> None:
    assert parse(sentence(need)) == need, sentence(need)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    position = 0
    try:
        parse(text)
    except Unreadable as unreadable:
        position = unreadable.position
    assert 0 <= position <= len(text)
