"""From what the texts name to what a call expects: the same for each client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from pgproof.code.postgrest.logic import Condition
from pgproof.code.postgrest.order import Term
from pgproof.code.postgrest.select import Column, Filled, Item
from pgproof.code.usage import Clause, ColumnUse, Embed, Literal
from pgproof.model import Location

Place = Callable[[int], Location]
"""Where the character at an offset of the text stands in the code."""


@dataclass(slots=True)
class Selected:
    """What a select list names; `filled` is where names are filled in at run time, `everything` a `*` at the top."""

    columns: list[ColumnUse] = field(default_factory=list)
    embeds: list[Embed] = field(default_factory=list)
    filled: list[Location] = field(default_factory=list)
    everything: bool = False


def selected(items: Iterable[Item], place: Place) -> Selected:
    """Return what a select list names. An embedded relation is gone through by its alias when it has one.

    A lone `count` is no column: it is the number of rows unless there is such a column, so it is always right.
    """
    found = Selected()
    _select(items, place, (), found)
    return found


def _select(items: Iterable[Item], place: Place, path: tuple[str, ...], found: Selected) -> None:
    for item in items:
        if isinstance(item, Filled):
            found.filled.append(place(item.at))
        elif isinstance(item, Column):
            if item.name == "*":
                found.everything = found.everything or (not path and not item.aggregate)
            elif item.name != "count" or item.json:
                use = ColumnUse(item.name, place(item.at), Clause.SELECT, path, item.json, item.aggregate)
                found.columns.append(use)
        else:
            embed = Embed(item.name, place(item.at), path, item.alias, item.hint, item.inner, item.spread)
            found.embeds.append(embed)
            _select(item.items, place, (*path, item.alias or item.name), found)


def compared(conditions: Iterable[Condition], place: Place, relation: tuple[str, ...] = ()) -> list[ColumnUse]:
    """Return the columns of the conditions of an `or`, without those whose name is filled in at run time."""
    return [
        ColumnUse(one.column, place(one.at), Clause.OR, relation, one.json, one.operator, values_of(one))
        for one in conditions
        if one.known
    ]


def values_of(condition: Condition) -> tuple[Literal, ...]:
    """Return the values of a condition that stand in its text: all of them are texts there, but those of `is`."""
    if condition.operator == "is":
        return tuple(_truth(value) for value in condition.values if value is not None)
    return tuple(Literal("string", value) for value in condition.values if value is not None)


def _truth(value: str) -> Literal:
    return Literal("boolean", value) if value in ("true", "false") else Literal("null")


def ordered(terms: Iterable[Term], place: Place, relation: tuple[str, ...] = ()) -> list[ColumnUse]:
    """Return the columns of an order, without those whose name is filled in at run time."""
    return [
        ColumnUse(
            one.column, place(one.at), Clause.ORDER, (*relation, one.relation) if one.relation else relation, one.json
        )
        for one in terms
        if one.known
    ]


def alternatives(ways: Sequence[Sequence[ColumnUse]]) -> list[ColumnUse]:
    """Return what several texts name of which the code takes one; each way is what one of them names.

    `${table}(${table === "visits" ? "doctor_id" : "nurse_id"})` is never `visits(nurse_id)`, which is one of its texts.
    """
    if len(ways) == 1:
        return [*ways[0]]
    relations: defaultdict[tuple[str, Location], set[frozenset[tuple[str, ...]]]] = defaultdict(set)
    for way in ways:
        of: defaultdict[tuple[str, Location], set[tuple[str, ...]]] = defaultdict(set)
        for one in way:
            of[one.column, one.location].add(one.relation)
        for words, named in of.items():
            relations[words].add(frozenset(named))
    return [
        replace(one, chosen=True) if len(relations[one.column, one.location]) > 1 else one
        for way in ways
        for one in way
    ]
