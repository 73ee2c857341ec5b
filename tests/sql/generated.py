"""Statements that are hard to split, and what may stand between them."""

from __future__ import annotations

from hypothesis import strategies as st

_INSIDE = st.text("ab;'\"$\\/*-\n\r (){}é√:", max_size=12)


def _dollar_quoted(tag: str, body: str) -> str:
    return f"${tag}${body.replace('$', '')}${tag}$"


_strings = st.one_of(
    _INSIDE.map(lambda body: "'" + body.replace("'", "''") + "'"),
    _INSIDE.map(lambda body: "E'" + body.replace("\\", "\\\\").replace("'", "\\'") + "'"),
    st.builds(_dollar_quoted, st.sampled_from(["", "a", "bodyé", "_1"]), _INSIDE),
    _INSIDE.map(lambda body: "U&'" + body.replace("'", "''").replace("\\", "\\\\") + "'"),
)
_names = st.one_of(
    st.sampled_from(["t", "é", "a$b", "begin_", "case_1", "e"]),
    _INSIDE.filter(bool).map(lambda body: '"' + body.replace('"', '""') + '"'),
)
_inner_comments = st.text("ab;'\"$\n ", max_size=8).map(lambda body: f"/* {body} /* {body} */ {body} */")
_line_comments = st.text("ab;'\"$/*\\ ", max_size=8).map(lambda body: f"-- {body}\n")

statements = st.one_of(
    st.builds("select {} as {}".format, _strings, _names),
    st.builds("insert into {} values ({}, (1 + (2)))".format, _names, _strings),
    st.builds("create table {} (a int {} default 1, b text[])".format, _names, _inner_comments),
    st.builds("do {}".format, st.builds(_dollar_quoted, st.just("x"), _INSIDE)),
    st.builds("select a::text, b - -1, c /2, d[1:2], '1'::int {}from {}".format, _line_comments, _names),
    st.builds(
        "create function {}() returns int begin atomic select {}; select case when a then 1 end from t; end".format,
        _names,
        _strings,
    ),
    st.builds("create rule r as on insert to {} do also (select {}; select 2)".format, _names, _strings),
)
"""Whole statements without a semicolon at the end, each of which PostgreSQL parses."""

separators = st.lists(
    st.one_of(st.sampled_from([" ", "\n", "\r\n", "\t"]), _inner_comments, _line_comments), max_size=4
)
"""What may stand before a statement."""


@st.composite
def scripts(draw: st.DrawFn) -> tuple[str, list[tuple[int, str]]]:
    """Return a script, and the offset and text of each of its statements."""
    text = ""
    placed = []
    for statement in draw(st.lists(statements, min_size=1, max_size=6)):
        text += "".join(draw(separators))
        placed.append((len(text), statement))
        text += statement + ";"
    return text + "".join(draw(separators)), placed
