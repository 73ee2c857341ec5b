"""What is said of a name: who may do what with it, its rows, its states, what it is now."""

from __future__ import annotations

from pgproof.contract.need import Compare, Key, Path, Privilege, Retired, Rows, States, Together
from pgproof.contract.words import Sentence, Unreadable
from pgproof.model.spelling import did_you_mean

SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
ACTIONS = ("select", "insert", "update", "delete", "truncate", "references", "trigger", "execute")
WITH_COLUMNS = ("select", "insert", "update", "references")
ON_DELETE = ("cascade", "restrict", "set null", "set default", "no action")


def privilege(sentence: Sentence, role: Path) -> Privilege:
    """Read what stands after `role may`."""
    if len(role) > 1:
        raise Unreadable("a role's name has one part", 0)
    allowed = not sentence.take("not")
    action = one_of(sentence, ACTIONS)
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


def rows(sentence: Sentence, relation: Path) -> Rows:
    """Read what stands after `relation has`."""
    compare, number = Compare.EXACTLY, 0
    if sentence.take("rows"):
        return Rows(relation, 1, Compare.AT_LEAST, where(sentence))
    if sentence.take("at", "least"):
        compare = Compare.AT_LEAST
    elif sentence.take("at", "most"):
        compare = Compare.AT_MOST
    if not sentence.take("no"):
        number = _whole(sentence)
    if not (sentence.take("rows") or sentence.take("row")):
        raise sentence.wrong("expected rows")
    return Rows(relation, number, compare, where(sentence))


def where(sentence: Sentence) -> str:
    """Read a condition if one follows; `""`: none."""
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


def age(sentence: Sentence) -> int:
    """Read an age such as `2 days old`, in seconds."""
    number = _whole(sentence)
    unit = sentence.folded.removesuffix("s")
    if unit not in SECONDS:
        raise sentence.wrong(f"expected one of {', '.join(f'{one}s' for one in SECONDS)}")
    sentence.at += 1
    sentence.expect("old")
    return number * SECONDS[unit]


def states(sentence: Sentence, relation: Path, column: str) -> States:
    """Read `'a' -> 'b' | 'c' -> 'd', 'x' -> 'y'`: chains, each step from every state to every state of the next.

    `only` before them says that the database refuses every other one.
    """
    pairs: dict[tuple[str, str], None] = {}
    guarded = sentence.folded_at(min(sentence.at + 1, len(sentence.words) - 1)) not in ("->", "|") and sentence.take(
        "only"
    )
    while True:
        before = values(sentence, "|")
        if not sentence.peek("->"):
            raise sentence.wrong("expected ->")
        while sentence.take("->"):
            after = values(sentence, "|")
            pairs |= dict.fromkeys((one, other) for one in before for other in after)
            before = after
        if not sentence.take(","):
            return States(relation, column, tuple(pairs), guarded)


def values(sentence: Sentence, between: str) -> tuple[str, ...]:
    """Read values with a sign between them."""
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


def together(sentence: Sentence, relation: Path, column: str) -> Together:
    """Read what stands after `column is written with`."""
    start = sentence.here.start
    *path, also = sentence.path(3, "a column")
    if path and tuple(path) != relation:
        raise Unreadable("both columns are of one table: they are written in one statement", start)
    return Together(relation, column, also)


def retired(sentence: Sentence, old: Path) -> Retired:
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


def references(sentence: Sentence, relation: Path, columns: tuple[str, ...]) -> Key:
    """Read what stands after `references`."""
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


def one_of(sentence: Sentence, words: tuple[str, ...]) -> str:
    """Read one of some words."""
    word = sentence.folded
    if word not in words:
        hint = did_you_mean(word, words) if word else ""
        raise sentence.wrong(f"expected one of {', '.join(words)}{hint}")
    sentence.at += 1
    return word
