"""The words of a sentence: names, strings, numbers and signs, with their places."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

_WORD = re.compile(
    r"""\s*(?:(?P<name>"(?:[^"]|"")+"|[^\W\d][\w$]*)|(?P<text>'(?:[^']|'')*')|(?P<number>\d+(?:\.\d+)?)
    |(?P<sign>->|::|>=|<=|<>|!=|[^\s\w"']))""",
    re.VERBOSE,
)
NAME_BYTES = 63
"""Longer names are cut by the server (manual, section 4.1.1)."""


class Unreadable(Exception):  # noqa: N818 - it says what is wrong with a sentence, and is caught where that is told
    """A sentence that is none: `problem` says what is wrong at the character `position`, from 0."""

    def __init__(self, problem: str, position: int) -> None:
        """Keep both."""
        super().__init__(problem)
        self.problem = problem
        self.position = position


class Word(NamedTuple):
    """A piece of a sentence: `kind` is `name`, `text`, `number`, `sign` or `end`; `text` as it was written."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def name(self) -> str:
        """The identifier that it stands for, folded as the server folds it."""
        if self.text.startswith('"'):
            return self.text[1:-1].replace('""', '"')
        return self.text.lower()


class Sentence:
    """A sentence and the place that was read up to."""

    def __init__(self, text: str) -> None:
        """Split the text; Unreadable for a character that begins nothing (an open quote)."""
        self.text = text
        self.words = _split(text)
        self.at = 0
        self._folded = tuple([word[1] if word[1][:1] in ("'", '"') else word[1].lower() for word in self.words])

    @property
    def folded(self) -> str:
        """The next word as a key word is compared; a quoted name or a string is none."""
        return self._folded[self.at]

    def folded_at(self, number: int) -> str:
        """Return another word in the same way."""
        return self._folded[number]

    @property
    def here(self) -> Word:
        """The next word."""
        return self.words[self.at]

    def peek(self, *words: str, ahead: int = 0) -> bool:
        """Whether these key words or signs come next, after `ahead` others."""
        start = self.at + ahead
        return self._folded[start : start + len(words)] == words

    def take(self, *words: str) -> bool:
        """Read these words if they come next."""
        if not self.peek(*words):
            return False
        self.at += len(words)
        return True

    def expect(self, *words: str) -> None:
        """Read these words; Unreadable when others come."""
        if not self.take(*words):
            raise self.wrong(f"expected {' '.join(words)}")

    def name(self, what: str = "a name") -> str:
        """Read an identifier; Unreadable when none comes, or one that the server would cut."""
        word = self.here
        if word.kind != "name":
            raise self.wrong(f"expected {what}")
        self.at += 1
        found = word.name
        if len(found.encode()) > NAME_BYTES:
            raise Unreadable(f"a name of more than {NAME_BYTES} bytes cannot exist: PostgreSQL cuts it", word.start)
        return found

    def path(self, parts: int = 2, what: str = "a name") -> tuple[str, ...]:
        """Read a name of at most so many parts with dots."""
        found = [self.name(what)]
        while self.take("."):
            if len(found) == parts:
                raise Unreadable(f"at most {parts} names with dots go here", self.words[self.at - 1].start)
            found.append(self.name(what))
        return tuple(found)

    def names(self) -> tuple[str, ...]:
        """Read a list of names in parentheses."""
        self.expect("(")
        found = [self.name()]
        while self.take(","):
            found.append(self.name())
        self.expect(")")
        return tuple(found)

    def until(self, *stops: tuple[str, ...]) -> str:
        """Read SQL up to one of these key words outside of parentheses, or to the end; its text, blanks made one."""
        depth, first, beginnings = 0, self.at, {stop[0] for stop in stops}
        while self.here.kind != "end":
            word = self._folded[self.at]
            if not depth and word in beginnings and any(self.peek(*stop) for stop in stops):
                break
            if word in ("(", "["):
                depth += 1
            elif word in (")", "]"):
                depth -= 1
                if depth < 0:
                    break
            self.at += 1
        return self.between(first, self.at)

    def listed(self) -> tuple[str, ...]:
        """Read pieces of SQL in parentheses, with commas between them; there may be none."""
        self.expect("(")
        found: list[str] = []
        while not self.take(")"):
            if found:
                self.expect(",")
            piece = self.until((",",))
            if not piece or self.here.kind == "end":
                raise self.wrong("expected )" if piece else "expected something in the parentheses")
            found.append(piece)
        return tuple(found)

    def between(self, first: int, last: int) -> str:
        """Return the text of some words as it stands, with one blank where there are any."""
        words = self.words[first:last]
        spaced = [words[0].text] if words else []
        for previous, word in pairwise(words):
            spaced.append((" " if word.start > previous.end else "") + word.text)
        return "".join(spaced)

    def finish(self) -> None:
        """Unreadable when something is left."""
        if self.here.kind != "end":
            raise self.wrong("did not expect this")

    def wrong(self, problem: str) -> Unreadable:
        """Return the mistake at the next word."""
        word = self.here
        found = f", found {word.text}" if word.kind != "end" else ", and it ends there"
        return Unreadable(problem + found, word.start)


def _split(text: str) -> list[Word]:
    words: list[Word] = []
    position = 0
    for match in _WORD.finditer(text):
        if match.start() != position:
            break
        kind = match.lastgroup or ""
        start, position = match.span(kind)
        words.append(Word(kind, text[start:position], start, position))
    rest = text[position:]
    if rest.strip():
        raise Unreadable("a quote is not closed", position + len(rest) - len(rest.lstrip()))
    words.append(Word("end", "", len(text), len(text)))
    return words
