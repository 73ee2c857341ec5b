"""Every statement of a body, and every piece of SQL in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pgproof.probes.bodies.tree import (
    Assign,
    Block,
    CursorUse,
    Dynamic,
    Exit,
    Expressions,
    Foreach,
    ForInteger,
    ForQuery,
    If,
    Loop,
    Open,
    Perform,
    Raise,
    Return,
    Sql,
    Statement,
    Text,
)


def statements(block: Block) -> Iterator[Statement]:
    """Yield every statement, outer ones first, in the order of the text."""
    yield from _all([block])


def inner(statement: Statement) -> Iterator[tuple[Statement, ...]]:
    """Yield the lists of statements inside a statement."""
    match statement:
        case Block():
            yield statement.statements
            for handler in statement.handlers:
                yield handler.statements
        case If():
            for branch in statement.branches:
                yield branch.statements
            yield statement.otherwise or ()
        case Loop() | ForInteger() | ForQuery() | Foreach():
            yield statement.statements


def expressions(block: Block) -> Iterator[Text]:
    """Yield every expression: what stands after an implied `select`."""
    for statement in statements(block):
        yield from _expressions(statement)


def whole(statement: Statement) -> Iterator[Text]:
    """Yield the whole statements of SQL in a statement, those inside of it left out."""
    match statement:
        case Sql():
            yield statement.text
        case Return(how="query", value=Text() as query):
            yield query
        case ForQuery(source=Text() as query):
            yield query
        case Open(source=Text() as query):
            yield query
        case Block():
            for variable in statement.variables:
                if variable.query:
                    yield variable.query


def _expressions(statement: Statement) -> Iterator[Text]:
    match statement:
        case Assign():
            yield from (statement.value, *statement.target.subscripts)
        case Perform():
            yield statement.query
        case If():
            yield from [statement.subject] if statement.subject else []
            yield from (branch.condition for branch in statement.branches)
        case Loop() if statement.condition:
            yield statement.condition
        case Exit() if statement.when:
            yield statement.when
        case ForInteger():
            yield from statement.bounds
        case Foreach():
            yield statement.array
        case Raise() | Expressions():
            yield from statement.expressions
        case Return(value=Text() as value) if statement.how != "query":
            yield value
        case Block():
            yield from (variable.default for variable in statement.variables if variable.default)
        case ForQuery(source=CursorUse() as cursor) | Open(cursor=cursor):
            yield from cursor.arguments
    for dynamic in dynamics(statement):
        yield from (dynamic.command, *dynamic.using)


def dynamics(statement: Statement) -> Iterator[Dynamic]:
    """Yield the dynamic command of a statement, if it has one."""
    match statement:
        case Dynamic():
            yield statement
        case (
            Return(value=Dynamic() as dynamic)
            | ForQuery(source=Dynamic() as dynamic)
            | Open(source=Dynamic() as dynamic)
        ):
            yield dynamic


def _all(several: Iterable[Statement]) -> Iterator[Statement]:
    for statement in several:
        yield statement
        for statements_ in inner(statement):
            yield from _all(statements_)
