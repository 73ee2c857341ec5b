"""Small projects as texts, and what was read of them in a line that a person can compare."""

from __future__ import annotations

from collections.abc import Mapping

from pgproof.code.source import SourceFile
from pgproof.code.typescript.read import read
from pgproof.code.usage import Call, Clause, ColumnUse, Embed, Literal, Query, TableUse, Unread, Usage

CLIENT = "import { createClient } from '@supabase/supabase-js'\nconst supabase = createClient(url, key)\n"


class Sources:
    """A project of texts."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = dict(files)
        self.paths = frozenset(files)
        self.asked: set[str] = set()

    def text(self, path: str) -> str | None:
        self.asked.add(path)
        return self._files.get(path)


def found(files: Mapping[str, str] | str, path: str = "app.ts") -> list[Usage | Unread]:
    """Return what is read of one file; a text alone is a file with a client at its top."""
    texts = {path: CLIENT + files} if isinstance(files, str) else files
    project = Sources(texts)
    return [one for one in read(SourceFile(path, texts[path]), project) if not isinstance(one, Query)]


def said(files: Mapping[str, str] | str, path: str = "app.ts") -> list[str]:
    """Return what is read of one file, a line each."""
    return [line(one) for one in found(files, path)]


def line(one: Usage | Unread) -> str:
    """Return `select users * id posts.title eq:status='x' order:name`.

    A written key has `=` and its values, `?` when not each row has it, `~` when only a type names it; `…` says that
    there may be other keys.
    """
    if isinstance(one, Unread):
        return f"unread {one.what}"
    assert not isinstance(one, Query)
    schema = "" if one.schema == "" else f"{one.schema or '?'}."
    if isinstance(one, Call):
        words = [f"rpc {schema}{one.name}", *(f"{a.name}={values(a.values)}" for a in one.arguments)]
        words += ["…"] if not one.whole else []
        always = frozenset[str]()
    else:
        words = [f"{one.action} {schema}{one.table}"]
        words += ["*"] if one.everything else []
        always = one.always
    words += [column(use, always) for use in one.columns]
    words += [embed(use) for use in one.embeds]
    if isinstance(one, TableUse) and one.action in ("insert", "upsert", "update") and not one.whole:
        words.append("…")
    words += [f"unread:{unread.what}" for unread in one.unread if not isinstance(one, Call)]
    words += [f"malformed:{bad.clause}" for bad in one.malformed]
    return " ".join(words)


def column(use: ColumnUse, always: frozenset[str]) -> str:
    name = ".".join((*use.relation, use.column)) + use.json
    if use.clause is Clause.SELECT:
        return name + (f"({use.operator})" if use.operator else "")
    if use.clause is Clause.VALUES:
        sure = "" if use.column in always else "?"
        return f"{name}{sure}{'~' if use.typed else ''}={values(use.values)}"
    word = {Clause.ORDER: "order", Clause.ON_CONFLICT: "conflict"}.get(use.clause, use.operator)
    prefix = {Clause.OR: "or:", Clause.MATCH: "match:"}.get(use.clause, "")
    return f"{prefix}{word}:{name}" + (f"={values(use.values)}" if use.values else "")


def embed(use: Embed) -> str:
    alias = f"{use.alias}:" if use.alias else ""
    hint = f"!{use.hint}" if use.hint else ""
    path = "".join(f"{part}." for part in use.path)
    return f"[{'...' if use.spread else ''}{path}{alias}{use.relation}{hint}{'!inner' if use.inner else ''}]"


def values(literals: tuple[Literal, ...]) -> str:
    return "|".join(map(value, literals))


def value(literal: Literal) -> str:
    if literal.kind == "string":
        return f"'{literal.text}'"
    if literal.kind == "list":
        return f"[{','.join(map(value, literal.elements))}]"
    return literal.text or literal.kind
