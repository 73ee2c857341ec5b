"""A place in the words of a body, and how far an expression goes (read_sql_construct in pl_gram.y)."""

from __future__ import annotations

from collections.abc import Collection

from pgproof.probes.bodies.lexer import END, Token, tokens
from pgproof.probes.bodies.tree import CursorUse, Into, Target, Text, folded

_OPENS, _CLOSES = ("(", "["), (")", "]")
_NOT_INTO = ("insert", "merge", "import")


class NotRead(Exception):  # noqa: N818 - it says what happened to a body
    """The body is not what PL/pgSQL's grammar allows, as far as pgproof knows it."""


class Reading:
    """The words of a body, read from left to right."""

    def __init__(self, text: str) -> None:
        """Begin with the first word."""
        self.text = text
        self._tokens = tokens(text)
        self._at = 0

    def peek(self, ahead: int = 0) -> Token:
        """Return a coming word, `END` after the last."""
        place = self._at + ahead
        return self._tokens[place] if place < len(self._tokens) else END

    def next(self) -> Token:
        """Return the next word and go on; NotRead at the end."""
        token = self.peek()
        if token is END:
            raise NotRead("it ends too early")
        self._at += 1
        return token

    def accept(self, *words: str) -> bool:
        """Go over these key words if they come next."""
        if any(self.peek(i).word != word or self.peek(i).kind == "quoted" for i, word in enumerate(words)):
            return False
        self._at += len(words)
        return True

    def expect(self, *words: str) -> None:
        """Go over these key words; NotRead when others come."""
        if not self.accept(*words):
            raise NotRead(f"{' '.join(words)} is missing at {self.peek().word!r}")

    def back(self, place: int) -> None:
        """Return to a place that `place` gave."""
        self._at = place

    @property
    def place(self) -> int:
        """Where the reading stands."""
        return self._at

    def until(self, *ends: str) -> tuple[Text, str]:
        """Read a text up to one of these words outside of parentheses, go over it, and return both."""
        first, last, depth = self.peek(), None, 0
        while True:
            token = self.next()
            if depth == 0 and token.word in ends and token.kind in ("word", "symbol"):
                end = last.end if last else first.start
                return Text(self.text[first.start : end], first.start), token.word
            depth += (token.word in _OPENS) - (token.word in _CLOSES)
            last = token

    def list_until(self, *ends: str) -> tuple[tuple[Text, ...], str]:
        """Read expressions with commas between them."""
        found: list[Text] = []
        while True:
            text, end = self.until(",", *ends)
            if text.text:
                found.append(text)
            if end != ",":
                return tuple(found), end

    def label(self) -> str:
        """Read `<<label>>` if it comes next."""
        if not self.accept("<<"):
            return ""
        name = self.name()
        self.expect(">>")
        return name

    def name(self) -> str:
        """Read an identifier as it is written."""
        token = self.next()
        if not token.names:
            raise NotRead(f"a name is missing at {token.word!r}")
        return self.text[token.start : token.end]

    def target(self) -> Target:
        """Read what is assigned to: a name, with dots and brackets."""
        start = self.peek().start
        root, subscripts = folded(self.name()), []
        while True:
            if self.accept("."):
                self.name()
            elif self.accept("["):
                subscripts.append(self.until("]")[0])
            else:
                end = self._tokens[self._at - 1].end
                return Target(self.text[start:end], start, root, tuple(s for s in subscripts if s.text))

    def targets(self) -> Into:
        """Read the targets of INTO."""
        self.accept("strict")
        found = [self.target()]
        while self.accept(","):
            found.append(self.target())
        return tuple(found)

    def sql(self, start: int, into_allowed: bool = True) -> tuple[Text, Into]:
        """Read a statement from `start` to its semicolon, and blank out `INTO` with its targets."""
        into: Into = ()
        blanked: list[tuple[int, int]] = []
        previous, bodies = "", 0
        creates = self.peek().word == "create"
        while True:
            token = self.next()
            if token.kind == "word" and creates:  # CREATE FUNCTION … BEGIN ATOMIC …; END
                bodies += token.word == "begin" or (bodies > 0 and token.word == "case")
                bodies -= bodies > 0 and token.word == "end"
            if token.word == ";" and bodies == 0:
                break
            if into_allowed and token.word == "into" and token.kind == "word" and previous not in _NOT_INTO:
                place = self._at
                into = self.targets()
                blanked.append((token.start, self._tokens[self._at - 1].end))
                assert self._at > place
            previous = token.word
        end = self._tokens[self._at - 2].end
        return Text(_without(self.text, blanked, start, end).rstrip(), start), into

    def cursor(self, ends: Collection[str]) -> CursorUse:
        """Read a cursor's name and its arguments, up to one of `ends`, which stays."""
        name = folded(self.name())
        arguments: tuple[Text, ...] = ()
        if self.accept("("):
            texts, _ = self.list_until(")")
            arguments = tuple(_without_name(text) for text in texts)
        if self.peek().word not in ends:
            raise NotRead(f"unexpected {self.peek().word!r} after a cursor")
        return CursorUse(name, arguments)


def _without(text: str, blanked: list[tuple[int, int]], start: int, end: int) -> str:
    for begin, stop in blanked:
        blank = "".join(c if c == "\n" else " " for c in text[begin:stop])
        text = text[:begin] + blank + text[stop:]
    return text[start:end]


def _without_name(argument: Text) -> Text:
    """Leave out the name of a named argument (`limit_to := 5`)."""
    words = tokens(argument.text)
    if len(words) > 2 and words[0].names and words[1].word in (":=", "=>"):
        return Text(argument.text[words[2].start :], argument.start + words[2].start)
    return argument
