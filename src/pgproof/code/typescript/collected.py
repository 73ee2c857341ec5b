"""What was found in the steps of a query so far, and how the arguments of a step are read."""

from __future__ import annotations

from dataclasses import dataclass, field

from pgproof.code.postgrest import PostgrestSyntaxError
from pgproof.code.typescript.chain import Step
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.conditions import possible
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import Known, Ref
from pgproof.code.typescript.members import member
from pgproof.code.typescript.text import Text, texts, unknown
from pgproof.code.usage import Clause, ColumnUse, Embed, Malformed, Unread


@dataclass(slots=True)
class Collected:
    """What was found in all steps of a query."""

    columns: list[ColumnUse] = field(default_factory=list)
    embeds: list[Embed] = field(default_factory=list)
    everything: bool = False
    whole: bool = False
    always: set[str] = field(default_factory=set)
    unread: list[Unread] = field(default_factory=list)
    malformed: list[Malformed] = field(default_factory=list)


def named(code: Codebase, ref: Ref, what: str, found: Collected) -> list[Text]:
    """Return the texts that an argument can be; what else it may be is noted."""
    if (reason := unknown(code, ref)) is not None:
        found.unread.append(Unread(ref.module.location(ref.node), what, reason.reason))
    return possible(code, ref, texts(code, ref))


def refused(error: PostgrestSyntaxError, text: Text, at: int, clause: Clause, found: Collected) -> None:
    """Note what PostgREST refuses, or that this cannot be known."""
    place = text.location(min(at, max(len(text.value) - 1, 0)))
    if error.certain:
        found.malformed.append(Malformed(place, clause, text.value, error.reason))
    else:
        what = "select" if clause is Clause.SELECT else "filter"
        found.unread.append(Unread(place, what, "it is put together at run time"))


def option(code: Codebase, step: Step, index: int, *names: str) -> list[Known]:
    """Return what an option of a call is: nothing when it is not given."""
    given = step.argument(index)
    if given is None:
        return []
    return [
        one
        for options in follow(code, given)
        if isinstance(options, Ref) and options.node.type == "object"
        for name in names
        if _has(options, name)
        for one in member(code, options, name)
    ]


def _has(options: Ref, name: str) -> bool:
    return name.encode() in options.module.data[options.node.start_byte : options.node.end_byte]


def referenced(code: Codebase, step: Step, index: int, found: Collected) -> tuple[str, ...] | None:
    """Return the embedded relation that a call is about, `()` for the table itself; `None`: it is not known."""
    options = option(code, step, index, "referencedTable", "foreignTable")
    if not options:
        return ()
    named = [text for one in options if isinstance(one, Ref) for text in texts(code, one)]
    if not named:
        place = step.call.module.location(step.call.node)
        found.unread.append(Unread(place, "filter", "the embedded relation is not known"))
        return None
    return tuple(named[0].value.split("."))
