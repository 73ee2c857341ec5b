"""Which lines of a file its comments speak of. Work grows with the file, however many comments a hostile one has."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

from pgproof.migrations.file import MigrationFile
from pgproof.project.comments import MARK, Comment, Misread

Span = tuple[int, int]


def outside_of_strings(comments: Sequence[Comment | Misread], text: str) -> list[Comment | Misread]:
    """Return the comments of an SQL text that stand in no string; a dollar-quoted body is no string but code."""
    from pgproof.sql.lexer import strings

    spans = list(strings(text, 0, len(text)))
    starts = [start for start, _ in spans]

    def inside(offset: int) -> bool:
        before = bisect_right(starts, offset) - 1
        return before >= 0 and offset < spans[before][1]

    return [comment for comment in comments if not inside(comment.offset)]


def in_python_comments(comments: Sequence[Comment | Misread], text: str) -> list[Comment | Misread]:
    """Return the comments of a Python text that stand in no string, all of them when it cannot be read to its end."""
    import io
    import tokenize

    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return list(comments)
    lines = {token.start[0] for token in tokens if token.type == tokenize.COMMENT and MARK in token.string}
    return [comment for comment in comments if comment.line in lines]


def lines_of(comments: Sequence[Comment | Misread], file: MigrationFile, root: Path) -> list[Span]:
    """Return the first and the last line that each comment of an SQL file speaks of.

    Alone on its line: the statement that follows, or inside of a statement the line that follows. After something: that
    line, and the whole statement when it ends there.
    """
    targets = _targets(comments, file.text)
    first: dict[int, Span] = {}
    last: dict[int, Span] = {}
    for span in _statements(file, root):
        first[span[0]] = _joined(first.get(span[0], span), span)
        last[span[1]] = _joined(last.get(span[1], span), span)
    return [
        (first if comment.alone else last).get(target, (target, target))
        for comment, target in zip(comments, targets, strict=True)
    ]


_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_CONTINUES = re.compile(r"\s*(?:[.?:]|\|\||&&)")


def end_of_code(text: str, line: int) -> int:
    """Return the last line of the statement that begins at a line, in any language.

    It ends where its brackets are closed and the next line does not go on with it, as a chain of calls does.
    """
    lines = text.split("\n")
    depth = 0
    for number in range(line, len(lines) + 1):
        depth += sum(_BRACKETS.get(character, 0) for character in lines[number - 1])
        following = lines[number] if number < len(lines) else ""
        if depth <= 0 and lines[number - 1].strip() and not _CONTINUES.match(following):
            return number
    return len(lines)


def _joined(one: Span, other: Span) -> Span:
    return min(one[0], other[0]), max(one[1], other[1])


def _targets(comments: Sequence[Comment | Misread], text: str) -> list[int]:
    """Return the line of the code that each comment is about: its own, or the next one that is not blank or comment.

    From the last to the first: comments that follow each other have the same target.
    """
    from pgproof.sql.split import skip_blank

    targets: list[int] = []
    following, below = len(text), 0
    for comment in reversed(comments):
        target = comment.line
        if comment.alone:
            code = skip_blank(text, comment.offset, following)
            if code == following and below:
                target = below
            else:
                target += text.count("\n", comment.offset, code)
        targets.append(target)
        following, below = comment.offset, target
    return targets[::-1]


def _statements(file: MigrationFile, root: Path) -> list[Span]:
    """Return the first and the last line of each statement that stands in the file itself."""
    from pgproof.sql.script import Copy, Sql, read_script

    spans = []
    for step in read_script(file.text, file.path, root):
        if step.location.path == file.path:
            text = step.statement.text if isinstance(step, Sql | Copy) else step.text
            spans.append((step.location.line, step.location.line + text.strip().count("\n")))
    return spans
