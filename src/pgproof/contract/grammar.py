"""One sentence of a contract read into a need. docs/contracts.md shows every form; `wording.py` is the inverse."""

from __future__ import annotations

from collections.abc import Callable

from pgproof.contract.need import (
    Absence,
    AppendOnly,
    Column,
    Compare,
    Fresh,
    Index,
    Key,
    Need,
    Path,
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
from pgproof.contract.words import Sentence, Unreadable
from pgproof.model.spelling import did_you_mean

SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
COMMANDS = ("all", "select", "insert", "update", "delete")
ACTIONS = ("select", "insert", "update", "delete", "truncate", "references", "trigger", "execute")
WITH_COLUMNS = ("select", "insert", "update", "references")
ON_DELETE = ("cascade", "restrict", "set null", "set default", "no action")
SYSTEM_COLUMNS = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"})
_END_OF_TYPE = (("not", "null"), ("null",), ("default",), ("no", "default"), ("references",))


def parse(text: str) -> Need:
    """Return what a sentence asks for; Unreadable with the place when it is none."""
    sentence = Sentence(text)
    if sentence.here.kind == "end":
        raise Unreadable("nothing is said", 0)
    need = _need(sentence)
    sentence.finish()
    return need


def _need(sentence: Sentence) -> Need:
    for words, read in _BY_FIRST_WORD.get(sentence.folded, ()):
        following = sentence.at + len(words)
        # A table may be called `index`: a key word is one when something follows that it can be said of.
        if sentence.peek(*words) and sentence.folded_at(following) not in OF_A_NAME | {".", "(", ""}:
            sentence.at = following
            return read(sentence)
    return _of_a_name(sentence)


def _of_a_name(sentence: Sentence) -> Need:
    """Read what begins with a name: a relation, a column, a function or a role, and what is said of it."""
    path = sentence.path(3)
    if sentence.peek("("):
        return _routine(sentence, path, "function")
    if sentence.take("may"):
        return _privilege(sentence, path)
    if len(path) < 3 and sentence.take("has"):
        return _rows(sentence, path)
    if len(path) < 3 and sentence.take("is", "append", "only"):
        return AppendOnly(path)
    if sentence.take("is", "now"):
        return _retired(sentence, path)
    if len(path) > 1:
        relation, column = path[:-1], path[-1]
        if sentence.take("goes"):
            return _states(sentence, relation, column)
        if sentence.take("is", "written", "with"):
            return _together(sentence, relation, column)
        if sentence.take("is", "at", "most"):
            return Fresh(relation, column, _age(sentence))
        if sentence.take("references"):
            return _references(sentence, relation, (column,))
        return _column(sentence, path)
    return Relation(path)


def _column(sentence: Sentence, path: Path | None = None) -> Column:
    path = path or sentence.path(3, "table.column")
    if len(path) < 2:
        raise sentence.wrong("a column is written table.column")
    if path[-1] in SYSTEM_COLUMNS:
        raise Unreadable(f"{path[-1]} is a system column, which every table has", 0)
    type_, not_null, default, no_default = sentence.until(*_END_OF_TYPE), None, "", False
    while sentence.here.kind != "end":
        if sentence.take("not", "null"):
            not_null = _once(sentence, not_null, True)
        elif sentence.take("null"):
            not_null = _once(sentence, not_null, False)
        elif sentence.take("no", "default"):
            no_default = True
        elif sentence.take("default"):
            default = _default(sentence)
        else:
            break
    if default and no_default:
        raise sentence.wrong("a default and no default contradict each other")
    return Column(path[:-1], path[-1], type_, not_null, default, no_default)


def _once(sentence: Sentence, before: bool | None, now: bool) -> bool:
    if before not in (None, now):
        raise sentence.wrong("not null and null contradict each other")
    return now


def _default(sentence: Sentence) -> str:
    """Read an expression; NOT NULL behind it belongs to the column, except after IS."""
    first = sentence.at
    last = len(sentence.words) - 1
    behind = last - first > 2 and sentence.peek("not", "null", ahead=last - 2 - first)
    if behind and sentence.folded_at(last - 3) != "is":
        last -= 2
    expression = sentence.between(first, last)
    sentence.at = last
    if not expression:
        raise sentence.wrong("expected an expression")
    return expression


def _relation(kind: str) -> Callable[[Sentence], Relation]:
    return lambda sentence: Relation(sentence.path(), kind)


def _named_routine(kind: str) -> Callable[[Sentence], Routine]:
    return lambda sentence: _routine(sentence, sentence.path(), kind)


def _routine(sentence: Sentence, path: Path, kind: str) -> Routine:
    if len(path) > 2:
        raise sentence.wrong("a function is written schema.function")
    arguments = sentence.listed() if sentence.peek("(") else None
    result = ""
    if sentence.take("returns") and not (result := sentence.until()):
        raise sentence.wrong("expected a type")
    return Routine(path, arguments, result, kind)


def _index(unique: bool) -> Callable[[Sentence], Index]:
    def read(sentence: Sentence) -> Index:
        name = () if sentence.peek("on") else sentence.path()
        if not sentence.take("on"):
            return Index(name, unique=unique)
        relation = sentence.path()
        method = sentence.name("an access method") if sentence.take("using") else ""
        keys = sentence.listed() if sentence.peek("(") else ()
        if not keys and (method or not name):
            raise sentence.wrong("expected the index's name or its columns in parentheses")
        where = _where(sentence) if keys else ""
        return Index(name, relation, keys, unique, where, method if method != "btree" else "")

    return read


def _key(kind: str) -> Callable[[Sentence], Key]:
    def read(sentence: Sentence) -> Key:
        relation = sentence.path()
        columns = sentence.names()
        if kind != "foreign key":
            return Key(kind, relation, columns)
        sentence.expect("references")
        return _references(sentence, relation, columns)

    return read


def _references(sentence: Sentence, relation: Path, columns: tuple[str, ...]) -> Key:
    references = sentence.path()
    referenced = sentence.names() if sentence.peek("(") else ()
    if referenced and len(referenced) != len(columns):
        raise sentence.wrong("as many columns are referenced as reference")
    action = ""
    if sentence.take("on", "delete"):
        action = next((one for one in ON_DELETE if sentence.take(*one.split())), "")
        if not action:
            raise sentence.wrong(f"expected one of {', '.join(ON_DELETE)}")
    return Key("foreign key", relation, columns, references, referenced, action)


def _policy(sentence: Sentence) -> Policy:
    name = "" if sentence.peek("on") else sentence.name()
    sentence.expect("on")
    relation, command = sentence.path(), ""
    if sentence.take("for"):
        command = _one_of(sentence, COMMANDS)
    return Policy(relation, name, command, sentence.name("a role") if sentence.take("to") else "")


def _row_security(sentence: Sentence) -> RowSecurity:
    return RowSecurity(sentence.path())


def _trigger(sentence: Sentence) -> Trigger:
    name = "" if sentence.peek("on") else sentence.name()
    sentence.expect("on")
    return Trigger(sentence.path(), name)


def _thing(kind: str) -> Callable[[Sentence], Thing]:
    def read(sentence: Sentence) -> Thing:
        path = sentence.path(1 if kind in ("schema", "extension") else 2)
        if kind != "enum" or not sentence.take("("):
            return Thing(kind, path)
        values = _states_of(sentence, ",")
        sentence.expect(")")
        return Thing(kind, path, values)

    return read


def _absence(sentence: Sentence) -> Absence:
    start = sentence.here.start
    need = _need(sentence)
    if not isinstance(need, Relation | Column | Routine) or (isinstance(need, Column) and need.not_null is not None):
        raise Unreadable("only a table, view, column or function can be asked not to be there", start)
    if isinstance(need, Column) and (need.type or need.default or need.no_default):
        raise Unreadable("say only the name of the column that is not to be there", start)
    return Absence(need)


def _privilege(sentence: Sentence, role: Path) -> Privilege:
    if len(role) > 1:
        raise Unreadable("a role's name has one part", 0)
    allowed = not sentence.take("not")
    action = _one_of(sentence, ACTIONS)
    sentence.take("on")
    if action == "execute":
        path = sentence.path()
        return Privilege(role[0], action, path, arguments=_arguments(sentence), allowed=allowed)
    path = sentence.path(3 if action in WITH_COLUMNS else 2)
    if sentence.peek("(") and action in WITH_COLUMNS:
        return Privilege(role[0], action, path, sentence.names(), allowed=allowed)
    if len(path) == 3:
        return Privilege(role[0], action, path[:2], path[2:], allowed=allowed)
    return Privilege(role[0], action, path, allowed=allowed)


def _arguments(sentence: Sentence) -> tuple[str, ...] | None:
    return sentence.listed() if sentence.peek("(") else None


def _rows(sentence: Sentence, relation: Path) -> Rows:
    compare, number = Compare.EXACTLY, 0
    if sentence.take("rows"):
        return Rows(relation, 1, Compare.AT_LEAST, _where(sentence))
    if sentence.take("at", "least"):
        compare = Compare.AT_LEAST
    elif sentence.take("at", "most"):
        compare = Compare.AT_MOST
    if not sentence.take("no"):
        number = _whole(sentence)
    if not (sentence.take("rows") or sentence.take("row")):
        raise sentence.wrong("expected rows")
    return Rows(relation, number, compare, _where(sentence))


def _where(sentence: Sentence) -> str:
    if not sentence.take("where"):
        return ""
    condition = sentence.until()
    if not condition:
        raise sentence.wrong("expected a condition")
    return condition


def _whole(sentence: Sentence) -> int:
    word = sentence.here
    if word.kind != "number" or not word.text.isdigit():
        raise sentence.wrong("expected a whole number")
    sentence.at += 1
    return int(word.text)


def _age(sentence: Sentence) -> int:
    number = _whole(sentence)
    unit = sentence.folded.removesuffix("s")
    if unit not in SECONDS:
        raise sentence.wrong(f"expected one of {', '.join(f'{one}s' for one in SECONDS)}")
    sentence.at += 1
    sentence.expect("old")
    return number * SECONDS[unit]


def _states(sentence: Sentence, relation: Path, column: str) -> States:
    """Read `'a' -> 'b' | 'c' -> 'd', 'x' -> 'y'`: chains, each step from every state to every state of the next."""
    pairs: dict[tuple[str, str], None] = {}
    while True:
        before = _states_of(sentence, "|")
        if not sentence.peek("->"):
            raise sentence.wrong("expected ->")
        while sentence.take("->"):
            after = _states_of(sentence, "|")
            pairs |= dict.fromkeys((one, other) for one in before for other in after)
            before = after
        if not sentence.take(","):
            return States(relation, column, tuple(pairs))


def _states_of(sentence: Sentence, between: str) -> tuple[str, ...]:
    found = [_state(sentence)]
    while sentence.take(between):
        found.append(_state(sentence))
    return tuple(found)


def _state(sentence: Sentence) -> str:
    word = sentence.here
    if word.kind == "text":
        sentence.at += 1
        return word.text[1:-1].replace("''", "'")
    if word.kind == "name":
        sentence.at += 1
        return word.text if not word.text.startswith('"') else word.name
    raise sentence.wrong("expected a value such as 'draft'")


def _together(sentence: Sentence, relation: Path, column: str) -> Together:
    start = sentence.here.start
    *path, also = sentence.path(3, "a column")
    if path and tuple(path) != relation:
        raise Unreadable("both columns are of one table: they are written in one statement", start)
    return Together(relation, column, also)


def _retired(sentence: Sentence, old: Path) -> Retired:
    """`campaigns is now outreach_campaigns`; of a column all names are given: `clients.name is now clients.title`."""
    start = sentence.here.start
    now = sentence.path(3)
    if old == now:
        raise Unreadable("the old name and the new one are the same", start)
    if len(old) == 1 and len(now) == 1:
        return Retired(old, now)
    if len(old) != len(now):
        raise Unreadable("the old name and the new one have as many parts", start)
    return Retired(old[:-1], now[:-1], old[-1], now[-1])


def _one_of(sentence: Sentence, words: tuple[str, ...]) -> str:
    word = sentence.folded
    if word not in words:
        hint = did_you_mean(word, words) if word else ""
        raise sentence.wrong(f"expected one of {', '.join(words)}{hint}")
    sentence.at += 1
    return word


_BY_FIRST_WORDS: dict[tuple[str, ...], Callable[[Sentence], Need]] = {
    ("relation",): _relation(""),
    ("table",): _relation("table"),
    ("view",): _relation("view"),
    ("materialized", "view"): _relation("materialized view"),
    ("foreign", "table"): _relation("foreign table"),
    ("column",): _column,
    ("function",): _named_routine("function"),
    ("procedure",): _named_routine("procedure"),
    ("unique", "index"): _index(unique=True),
    ("index",): _index(unique=False),
    ("primary", "key", "on"): _key("primary key"),
    ("unique", "on"): _key("unique"),
    ("foreign", "key", "on"): _key("foreign key"),
    ("policy",): _policy,
    ("row", "security", "on"): _row_security,
    ("trigger",): _trigger,
    ("no",): _absence,
    **{(kind,): _thing(kind) for kind in ("schema", "extension", "sequence", "type", "enum")},
}
_BY_FIRST_WORD = {
    first: [(words, read) for words, read in _BY_FIRST_WORDS.items() if words[0] == first]
    for first in {words[0] for words in _BY_FIRST_WORDS}
}
OF_A_NAME = frozenset({"may", "has", "is", "goes"})
"""What is said of a name: a first word before one of these is a name, however it reads."""
