"""A need written back as the sentence that says it."""

from __future__ import annotations

from collections.abc import Iterable

from pgproof.contract.grammar import OF_A_NAME
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
from pgproof.contract.predicates import SECONDS
from pgproof.model.name import quoted as quote

_KEY_WORDS = OF_A_NAME | {"on", "for", "to", "using", "where", "references", "default", "not", "null", "no", "returns"}


def quoted(identifier: str) -> str:
    """Return a name, quoted where it would be read as something else."""
    return f'"{identifier}"' if identifier in _KEY_WORDS else quote(identifier)


def path(parts: Iterable[str]) -> str:
    """Return a name with dots."""
    return ".".join(quoted(part) for part in parts)


def sentence(need: Need) -> str:
    """Return the sentence; parsed again it is the same need."""
    match need:
        case Relation():
            return _joined(need.kind or "relation" * (len(need.path) > 1), path(need.path))
        case Column():
            return _column(need)
        case Routine():
            kind = "" if need.kind == "function" and need.arguments is not None else need.kind
            return _joined(kind, path(need.path) + _list(need.arguments), need.result and f"returns {need.result}")
        case Index():
            using = f" using {quoted(need.method)}" if need.method else ""
            on = f"on {path(need.relation)}{using}" + (f" ({', '.join(need.keys)})" if need.keys else "")
            where = need.where and f"where {need.where}"
            return _joined("unique" * need.unique, "index", path(need.name), on if need.relation else "", where)
        case Key():
            return _key(need)
        case Policy():
            command, role = need.command and f"for {need.command}", need.role and f"to {quoted(need.role)}"
            return _joined("policy", need.name and quoted(need.name), "on", path(need.relation), command, role)
        case RowSecurity():
            return f"row security on {path(need.relation)}"
        case Trigger():
            return _joined("trigger", need.name and quoted(need.name), "on", path(need.relation))
        case Thing():
            values = f" ({', '.join(_text(value) for value in need.values)})" if need.values else ""
            return f"{need.kind} {path(need.path)}{values}"
        case Absence():
            kind = "column" if isinstance(need.of, Column) else ""
            return _joined("no", kind, sentence(need.of))
        case Privilege():
            return _privilege(need)
        case Rows():
            return _joined(path(need.relation), "has", _number(need), need.where and f"where {need.where}")
        case Fresh():
            return f"{path((*need.relation, need.column))} is at most {age(need.seconds)} old"
        case AppendOnly():
            return f"{path(need.relation)} is append only{' for its owner too' * need.owner}"
        case States():
            steps = (f"{_text(one)} -> {_text(other)}" for one, other in need.transitions)
            return f"{path((*need.relation, need.column))} goes {'only ' * need.guarded}{', '.join(steps)}"
        case Together():
            return f"{path((*need.relation, need.column))} is written with {quoted(need.also)}"
        case Retired():
            old, now = (*need.relation, need.column), (*need.now, need.now_column)
            return f"{path(filter(None, old))} is now {path(filter(None, now))}"


def age(seconds: int) -> str:
    """Return a duration in the largest unit that fits."""
    unit = next(unit for unit, size in sorted(SECONDS.items(), key=lambda one: -one[1]) if not seconds % size)
    number = seconds // SECONDS[unit]
    return f"{number} {unit}{'s' * (number != 1)}"


def _column(need: Column) -> str:
    null = "" if need.not_null is None else "not null" if need.not_null else "null"
    default = f"default {need.default}" if need.default else "no default" * need.no_default
    return _joined(path((*need.relation, need.name)), need.type, null, default)


def _key(need: Key) -> str:
    columns = ", ".join(map(quoted, need.columns))
    if need.kind != "foreign key":
        return f"{need.kind} on {path(need.relation)} ({columns})"
    referenced = f" ({', '.join(map(quoted, need.referenced))})" if need.referenced else ""
    to = _joined(f"references {path(need.references)}{referenced}", need.on_delete and f"on delete {need.on_delete}")
    if len(need.columns) == 1:
        return f"{path((*need.relation, *need.columns))} {to}"
    return f"foreign key on {path(need.relation)} ({columns}) {to}"


def _privilege(need: Privilege) -> str:
    columns = f" ({', '.join(map(quoted, need.columns))})" if need.columns else ""
    what = f"{path(need.path)}{columns}{_list(need.arguments)}"
    return _joined(quoted(need.role), "may", "" if need.allowed else "not", need.action, what)


def _number(need: Rows) -> str:
    rows = f"row{'s' * (need.number != 1)}"
    words = {Compare.EXACTLY: "", Compare.AT_LEAST: "at least", Compare.AT_MOST: "at most"}[need.compare]
    return _joined(words, "no" if need.number == 0 and not words else str(need.number), rows)


def _list(items: tuple[str, ...] | None) -> str:
    return "" if items is None else f"({', '.join(items)})"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _joined(*words: str) -> str:
    return " ".join(filter(None, words))
