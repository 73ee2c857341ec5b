"""Needs and promises that cannot all hold, found before any database is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgproof.contract.contract import Feature, Said
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
    Privilege,
    Relation,
    Retired,
    Routine,
    Rows,
    RowSecurity,
    States,
    Together,
    Trigger,
)
from pgproof.contract.promise import Promise
from pgproof.contract.spelling import expression, result, same_type
from pgproof.contract.wording import sentence
from pgproof.model import Location
from pgproof.sql.parse import SyntaxProblem, parse

Conflict = tuple[Location, str]


def conflicts(features: Iterable[Feature], promises: Iterable[Promise]) -> list[Conflict]:
    """Return each place of a contract that contradicts another one or can never hold, with the problem."""
    features = list(features)
    said = [one for feature in features for one in feature.needs]
    found = [*_impossible(said), *_columns(said), *_absences(said), *_privileges(said), *_retired(said)]
    for feature in features:
        for question in feature.questions:
            if problem := not_one_select(question.sql):
                found.append((question.location, f"[feature.{feature.name}] query: sql {problem}"))
    return sorted(dict.fromkeys([*found, *_promises(promises)]))


def not_one_select(sql: str) -> str:
    """Return why a text is not one SELECT that only reads, or `""`."""
    try:
        trees = parse(sql)
    except SyntaxProblem as problem:
        return f"does not parse: {problem}"
    if len(trees) != 1:
        return f"should be one statement, not {len(trees)}"
    (node,) = trees[0]
    if node != "SelectStmt":
        return f"should be one SELECT, not {node.removesuffix('Stmt').upper()}"
    wrong = _writing(trees[0][node])
    return f"may only read, and this one has {wrong}" if wrong else ""


def _writing(tree: object) -> str:
    """Return what in a SELECT writes or locks, or `""`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            for key, words in _WRITES.items():
                if key in node:
                    return words
            waiting += node.values()
    return ""


_WRITES = {
    "intoClause": "INTO",
    "lockingClause": "FOR UPDATE or FOR SHARE",
    "InsertStmt": "INSERT",
    "UpdateStmt": "UPDATE",
    "DeleteStmt": "DELETE",
    "MergeStmt": "MERGE",
}


def _impossible(said: Iterable[Said]) -> Iterator[Conflict]:
    for one in said:
        need = one.need
        if isinstance(need, Column):
            if need.type and (result(need.type) is None or need.type.lower().startswith(("setof", "table("))):
                yield one.location, f"{sentence(need)}: {need.type} is no type"
            if need.default and expression(need.default) is None:
                yield one.location, f"{sentence(need)}: {need.default} is no expression"
        if isinstance(need, Routine) and need.result and result(need.result) is None:
            yield one.location, f"{sentence(need)}: {need.result} is no type"
        if isinstance(need, Rows) and need.where and expression(need.where) is None:
            yield one.location, f"{sentence(need)}: {need.where} is no condition"
        if isinstance(need, Index) and need.where and expression(need.where) is None:
            yield one.location, f"{sentence(need)}: {need.where} is no condition"


def _columns(said: Iterable[Said]) -> Iterator[Conflict]:
    first: dict[tuple[Path, str], Said] = {}
    for one in said:
        need = one.need
        if not isinstance(need, Column):
            continue
        known = first.setdefault((_in_public(need.relation), need.name), one)
        other = known.need
        if isinstance(other, Column) and (problem := _disagree(other, need)):
            yield one.location, f"{sentence(need)}: {known.location} says {problem} of it"


def _disagree(one: Column, other: Column) -> str:
    if one.type and other.type and not same_type(one.type, other.type):
        return one.type
    if None not in (one.not_null, other.not_null) and one.not_null != other.not_null:
        return "not null" if one.not_null else "null"
    if one.default and other.no_default:
        return f"default {one.default}"
    return "no default" if one.no_default and other.default else ""


def _absences(said: Iterable[Said]) -> Iterator[Conflict]:
    said = list(said)
    absent = {_key(one.need.of): one for one in said if isinstance(one.need, Absence)}
    against: dict[Said, list[Said]] = {}
    for one in said if absent else ():
        keys = [] if isinstance(one.need, Absence) else [key for key in _touched(one.need) if key in absent]
        for key in keys[:1]:
            against.setdefault(absent[key], []).append(one)
    for absence, needs in against.items():
        first, *others = needs
        more = f" ({len(others)} more sentences need it)" if len(others) > 1 else " (another sentence needs it)"
        problem = f"{sentence(first.need)}: {absence.location} says {sentence(absence.need)}"
        yield first.location, problem + (more if others else "")


def _touched(need: Need) -> Iterator[tuple[str, Path]]:
    """Yield what must be there for a need to hold."""
    match need:
        case Relation(path=path):
            yield "relation", _in_public(path)
        case Column():
            yield "relation", _in_public(need.relation)
            yield "column", (*_in_public(need.relation), need.name)
        case Routine(path=path):
            yield "routine", _in_public(path)
        case Fresh() | States() | Together():
            yield "relation", _in_public(need.relation)
            yield "column", (*_in_public(need.relation), need.column)
        case Key() | Policy() | RowSecurity() | Trigger() | Rows() | AppendOnly():
            yield "relation", _in_public(need.relation)
        case Index() if need.relation:
            yield "relation", _in_public(need.relation)
        case Retired() if not need.column:
            yield "relation", _in_public(need.now)


def _key(of: Relation | Column | Routine) -> tuple[str, Path]:
    if isinstance(of, Relation):
        return "relation", _in_public(of.path)
    if isinstance(of, Routine):
        return "routine", _in_public(of.path)
    return "column", (*_in_public(of.relation), of.name)


def _privileges(said: Iterable[Said]) -> Iterator[Conflict]:
    first: dict[tuple[object, ...], Said] = {}
    for one in said:
        need = one.need
        if isinstance(need, Privilege):
            key = (need.role, need.action, need.path, need.columns, need.arguments)
            known = first.setdefault(key, one)
            if isinstance(known.need, Privilege) and known.need.allowed != need.allowed:
                yield one.location, f"{sentence(need)}: {known.location} says {sentence(known.need)}"


def _retired(said: Iterable[Said]) -> Iterator[Conflict]:
    """Retired names whose new name is retired itself; several answers to what an old name is now."""
    names = {(one.need.relation, one.need.column): one for one in said if isinstance(one.need, Retired)}
    for one in said:
        if isinstance(one.need, Retired):
            known = names[one.need.relation, one.need.column]
            if known.need != one.need:
                yield one.location, f"{sentence(one.need)}: {known.location} says {sentence(known.need)}"
            if (one.need.now, one.need.now_column) in names:
                yield one.location, f"{sentence(one.need)}: that name is retired, too"


def _promises(promises: Iterable[Promise]) -> Iterator[Conflict]:
    for promise in promises:
        for word, number in promise.counts.items():
            if number.delta and not promise.before:
                yield (
                    number.location,
                    f"{word} = {number} counts from a state before, and no snapshot is named: before = …",
                )
        if promise.migration and promise.before:
            yield promise.location, f"{promise.name} names a migration and a state before: one of them says what is new"


def _in_public(path: Path) -> Path:
    return path if len(path) == 2 else ("public", *path)
