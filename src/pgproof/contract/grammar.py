"""One sentence of a contract read into a need. docs/contracts.md shows every form; `wording.py` is the inverse."""

from __future__ import annotations

from collections.abc import Callable

from pgproof.contract import predicates
from pgproof.contract.need import (
    Absence,
    AppendOnly,
    Column,
    Fresh,
    Index,
    Key,
    Need,
    Path,
    Policy,
    Relation,
    Routine,
    RowSecurity,
    Thing,
    Trigger,
)
from pgproof.contract.words import Sentence, Unreadable
from pgproof.model.spelling import did_you_mean

COMMANDS = ("all", "select", "insert", "update", "delete")
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
        return predicates.privilege(sentence, path)
    if len(path) < 3 and sentence.take("has"):
        return predicates.rows(sentence, path)
    if len(path) < 3 and sentence.take("is", "append", "only"):
        return AppendOnly(path, sentence.take("for", "its", "owner", "too"))
    if sentence.take("is", "now"):
        return predicates.retired(sentence, path)
    if len(path) > 1:
        relation, column = path[:-1], path[-1]
        if sentence.take("goes"):
            return predicates.states(sentence, relation, column)
        if sentence.take("is", "written", "with"):
            return predicates.together(sentence, relation, column)
        if sentence.take("is", "at", "most"):
            return Fresh(relation, column, predicates.age(sentence))
        if sentence.take("references"):
            return predicates.references(sentence, relation, (column,))
        if sentence.peek("is"):
            raise _unknown(sentence, _OF_A_COLUMN)
        return _column(sentence, path)
    if sentence.here.kind == "name":
        raise _unknown(sentence, _OF_A_RELATION)
    return Relation(path)


_OF_A_RELATION = ("has", "is append only", "is now", "may")
_OF_A_COLUMN = ("is now", "is written with", "is at most", "is append only")


def _unknown(sentence: Sentence, known: tuple[str, ...]) -> Unreadable:
    """Return that nothing is known by these words, and what was probably meant."""
    said = " ".join(word.text for word in sentence.words[sentence.at : -1])
    meant = did_you_mean(said, known) or did_you_mean(said.partition(" ")[0], known)
    return Unreadable(f"expected {', '.join(known[:-1])} or {known[-1]}, found {said}{meant}", sentence.here.start)


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
        where = predicates.where(sentence) if keys else ""
        return Index(name, relation, keys, unique, where, method if method != "btree" else "")

    return read


def _key(kind: str) -> Callable[[Sentence], Key]:
    def read(sentence: Sentence) -> Key:
        relation = sentence.path()
        columns = sentence.names()
        if kind != "foreign key":
            return Key(kind, relation, columns)
        sentence.expect("references")
        return predicates.references(sentence, relation, columns)

    return read


def _policy(sentence: Sentence) -> Policy:
    name = "" if sentence.peek("on") else sentence.name()
    sentence.expect("on")
    relation, command = sentence.path(), ""
    if sentence.take("for"):
        command = predicates.one_of(sentence, COMMANDS)
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
        values = predicates.values(sentence, ",")
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
