"""The drivers' own parameters in a text: `$1`, `$(name)`, `%s`, `%(name)s`, `%L`, `:name`, `@name`, `?`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pgproof.code.queries.tokens import MARK, masked, tokens
from pgproof.code.queries.written import Place, Written
from pgproof.code.usage import Hole, Literal

DOLLAR, BRACKETS, FORMAT, LITERAL, COLON, AT, QUESTION = "$1", "$(name)", "%s", "%L", ":name", "@name", "?"

STYLES: Mapping[str, tuple[str, ...]] = {
    "aiosql": (COLON,),
    "asyncpg": (DOLLAR,),
    "django": (FORMAT,),
    "drizzle": (DOLLAR,),
    "database/sql": (DOLLAR, AT),
    "gorm": (QUESTION, AT),
    "knex": (QUESTION, COLON),
    "kysely": (DOLLAR,),
    "mikro-orm": (QUESTION,),
    "node-postgres": (DOLLAR,),
    "pg-promise": (BRACKETS, DOLLAR),
    "pgtyped": (COLON, DOLLAR),
    "pgx": (DOLLAR, AT),
    "postgres.js": (DOLLAR,),
    "prisma": (DOLLAR,),
    "psycopg": (FORMAT, DOLLAR),
    "sequelize": (QUESTION, COLON, DOLLAR),
    "slonik": (DOLLAR,),
    "sqlalchemy": (COLON,),
    "sqlc": (DOLLAR, AT),
    "sqlx": (DOLLAR,),
    "sqlx (go)": (DOLLAR, COLON, QUESTION),
    "typeorm": (DOLLAR, COLON),
}
"""How each client writes its parameters."""

_ANY = (LITERAL, BRACKETS, DOLLAR, FORMAT, COLON, AT, QUESTION)
_WRAPPED = (LITERAL, COLON, QUESTION)
"""What a wrapper around a driver that has `$1` only may turn into it."""
_FORMAT = re.compile(r"%(?:%|\((?P<name>[^()]*)\)s|(?P<plain>[sbt]))")
_HOW = r"(?P<how>:(?:csv|list|raw|name|alias|json|value)\b|[~^#](?=[\s,);.]|\Z))?"
_DOLLAR = re.compile(r"\$(?P<name>\d+)\b" + _HOW)
_BRACKETS = re.compile(r"\$[{(<\[/]\s*(?P<name>[A-Za-z_][\w.]*)\s*" + _HOW + r"\s*[})>\]/]")
_SORTS = {":raw": "text", "^": "text", ":csv": "text", ":list": "text", "#": "text", ":value": "text"}
_SORTS |= dict.fromkeys((":name", ":alias", "~", "I"), "identifier") | {"s": "text"}
"""What pg-promise puts in that is no single value (its documentation, "Formatting Filters")."""
_COLON = re.compile(r"(?<![\w:\]\)]):(?P<name>[A-Za-z_]\w*)(?:!(?!=))?(?!\()")  # PgTyped: `:name!` is never null
_AT = re.compile(r"(?<![\w@<|&#~!])@(?P<name>\w+)")  # `=@id` is no operator of PostgreSQL
_LITERAL = re.compile(r"%(?:\d+\$)?(?P<how>[LIs])(?![\w%])")
"""pg-format's, as of PostgreSQL's own `format` (manual, 9.4.1): there is `%L` or `%I` where it is meant."""
_QUESTION = re.compile(r"\?\?|\?(?![|&?])")
_NO_VALUE_BEFORE = re.compile(r"[\w)\]\"'.]\s*\Z")
_VALUE_BEFORE = re.compile(
    r"\b(?:where|and|or|not|in|i?like|between|limit|offset|values|set|then|else|when|case|any|interval|is|from|by|returning"
    r"|select|distinct|to|escape|zone|all|on|having|date|timestamp|timestamptz|time|join|into|update|table|as|using|desc"
    r"|asc|first|next|similar|overlaps)\s*\Z",
    re.IGNORECASE,
)
_PATTERNS = {
    DOLLAR: _DOLLAR, BRACKETS: _BRACKETS, LITERAL: _LITERAL, COLON: _COLON, AT: _AT, QUESTION: _QUESTION
}  # fmt: skip
_TEMPLATE = re.compile(r"\{\{[^{}\ue000]*\}\}")
_CLOSED = frozenset({"string", "dollar", "name"})


@dataclass(frozen=True, slots=True)
class Filled:
    """The text as the server gets it, its places and all its holes: an escaped `%%` is one `%` there."""

    text: str
    lines: tuple[Place, ...]
    holes: tuple[Hole, ...]


def fill(
    written: Written, client: str, parameters: Mapping[str, Literal] | None = None, *, bound: bool = True
) -> Filled:
    """Find the parameters of a client's style. Those of an unknown client may be of any style, but of one only.

    `parameters` are the values that are known, by name or number. `bound` says whether anything is bound: psycopg reads
    a `%` as its own only then.
    """
    written = replace(written, holes=_with_templates(written))
    styles = STYLES.get(client)
    if styles is None:
        styles = _style_of(written)
    holes: list[Hole] = list(written.holes)
    text, lines = written.text, written.lines
    if FORMAT in styles and bound and "%" in text:
        found, text, lines = _formatted(written)
        holes = found
    known = parameters or {}
    for style in styles:
        if style != FORMAT:
            holes += _found(style, text, holes)
    if len(holes) == len(written.holes) and not set(styles) & {FORMAT, COLON, AT, QUESTION}:
        holes += next((more for style in _WRAPPED if (more := _found(style, text, holes))), [])
    counter = 0
    numbered: list[Hole] = []
    for one in sorted(holes, key=lambda each: each.start):
        if one.kind == "value" and not one.values:
            counter += not one.name
            value = known.get(one.name or str(counter))
            numbered.append(replace(one, values=(value,)) if value else one)
        else:
            numbered.append(one)
    return Filled(text, lines, tuple(numbered))


def in_text(text: str, offset: int) -> list[Hole]:
    """Return the parameters in a text that is put in at an offset of another, of whatever style."""
    filled = fill(Written(text, ()), "")
    if len(filled.text) != len(text):
        return []
    return [replace(one, start=one.start + offset, end=one.end + offset) for one in filled.holes]


def _with_templates(written: Written) -> tuple[Hole, ...]:
    """Find what a template engine puts in (`{{name}}`): anything."""
    if "{{" not in written.text:
        return written.holes
    found = [Hole(one.start(), one.end(), "text") for one in _TEMPLATE.finditer(masked(written.text, written.holes))]
    return tuple(sorted((*written.holes, *found), key=lambda one: one.start))


def _style_of(written: Written) -> tuple[str, ...]:
    """Return the style that an unknown client's text is in: the first of which there is one."""
    for style in _ANY:
        if style == FORMAT:
            open_text = masked(written.text, written.holes)  # Go's verbs are holes by now
            if any(found.group() != "%%" for found in _FORMAT.finditer(open_text)):
                return (FORMAT,)
        elif _found(style, written.text, list(written.holes)):
            return (style,)
    return ()


def _found(style: str, text: str, holes: Sequence[Hole]) -> list[Hole]:
    """Return the parameters of a style outside of strings, quoted names and comments."""
    pattern = _PATTERNS[style]
    if pattern.search(text) is None or (style == LITERAL and not re.search(r"%(?:\d+\$)?[LI](?![\w%])", text)):
        return []
    open_text = _outside(masked(text, holes))
    found = pattern.finditer(open_text)
    if style == QUESTION:
        return [Hole(one.start(), one.end(), _of_question(one)) for one in found if _is_parameter(one)]
    return [Hole(one.start(), one.end(), *_sort(one)) for one in found]


def _sort(found: re.Match[str]) -> tuple[str, str]:
    """Return the kind and the name of a parameter."""
    groups = found.groupdict()
    return _SORTS.get(groups.get("how") or "", "value"), groups.get("name") or ""


def _of_question(found: re.Match[str]) -> str:
    return "identifier" if found.group() == "??" else "value"  # Knex's


def _is_parameter(found: re.Match[str]) -> bool:
    """Whether a question mark stands where a value can, and not between two: there it is an operator of jsonb."""
    before = found.string[max(found.start() - 20, 0) : found.start()]
    return found.group() == "??" or _NO_VALUE_BEFORE.search(before) is None or _VALUE_BEFORE.search(before) is not None


def _outside(text: str) -> str:
    """Return the text with blanks in place of strings, quoted names and comments."""
    kept: list[str] = []
    end = 0
    for token in tokens(text):
        kept.append(" " * (token.start - end))
        kept.append(" " * len(token.text) if token.kind in _CLOSED else token.text)
        end = token.end
    return "".join(kept).ljust(len(text)).replace(MARK, "\ue000")


def _formatted(written: Written) -> tuple[list[Hole], str, tuple[Place, ...]]:
    """Find `%s` and `%(name)s`, wherever they stand, and take one `%` of each `%%` away."""
    text, removed = written.text, []
    holes = list(written.holes)
    covered = [(one.start, one.end) for one in holes]
    found = [f for f in _FORMAT.finditer(text) if not any(a < f.end() and f.start() < b for a, b in covered)]
    for one in found:
        if one.group() == "%%":
            removed.append(one.start())
        else:
            holes.append(Hole(one.start(), one.end(), "value", one["name"] or ""))
    if not removed:
        return holes, text, written.lines

    def moved(offset: int) -> int:
        return offset - sum(at < offset for at in removed)

    from pgproof.code.queries.written import place

    lines = {moved(offset): (line, column) for offset, line, column in written.lines}
    for at in removed:  # what follows stands one character further in the source
        lines[moved(at + 1)] = place(text, written.lines, at + 1)
    shorter = "".join(text[a:b] for a, b in _between(removed, len(text)))
    return (
        [replace(one, start=moved(one.start), end=moved(one.end)) for one in holes],
        shorter,
        tuple((offset, *where) for offset, where in sorted(lines.items())),
    )


def _between(removed: Sequence[int], length: int) -> Iterator[tuple[int, int]]:
    start = 0
    for at in removed:
        yield start, at
        start = at + 1
    yield start, length
