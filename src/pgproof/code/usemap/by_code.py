"""Routes that a program registers: Express, Fastify, Hono, FastAPI, Flask, Django."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_VERB = "get|head|post|put|patch|delete|options|all|use"
_REGISTERED = re.compile(rf"""\.({_VERB})\(\s*['"`](/[^'"`]*)['"`]""", re.I)
_ROUTER = re.compile(r"\w*(?:app|router|server|fastify|api|route)\w*\s*\Z", re.I)
_LONGEST_NAME = 60
_DECORATED = re.compile(
    r"""^[ \t]*@(?P<router>\w+)\.(?P<verb>get|head|post|put|patch|delete|options|route|websocket)"""
    r"""\(\s*[rf]?['"](?P<path>[^'"]*)['"](?P<rest>[^\n]*)""",
    re.M,
)
_MOUNTED = re.compile(
    r"""^(\w+)\s*=\s*(?:APIRouter|Blueprint)\((?:[^()]|\([^()]*\))*?\b(?:url_)?prefix\s*=\s*['"]([^'"]*)['"]""", re.M
)
"""A router of FastAPI or a blueprint of Flask that says itself where its routes are."""
_FLASK_METHODS = re.compile(r"methods\s*=\s*[\[(]([^\])]*)")
_DEFINES = re.compile(r"^[ \t]*(?:async\s+)?def\s+(\w+)", re.M)
_DJANGO = re.compile(r"""\b(?:(?:re_)?path|router\.register)\(\s*r?['"]([^'"]*)['"]\s*,\s*((?:\w+\.)*\w+)""")
_BRACKETS = {"(": 1, ")": -1}


@dataclass(frozen=True, slots=True)
class Registered:
    """A route and what serves it: the lines of a handler that stands in the call, or a function's name."""

    route: str
    first: int = 0
    last: int = 0
    function: str = ""


def registered(path: str, text: str) -> Iterator[Registered]:
    """Yield the routes of a file."""
    if not path.endswith(".py"):
        for match in _REGISTERED.finditer(text):
            if not _ROUTER.search(text, max(0, match.start() - _LONGEST_NAME), match.start()):
                continue
            verb = match[1].upper()
            first = text.count("\n", 0, match.start()) + 1
            last = first + text.count("\n", match.start(), _end(text, match.start()))
            yield Registered(match[2] if verb in ("ALL", "USE") else f"{verb} {match[2]}", first, last)
        return
    prefixes = dict(_MOUNTED.findall(text)) if "prefix" in text else {}
    for match in _DECORATED.finditer(text):
        if function := _DEFINES.search(text, match.end()):
            route = prefixes.get(match["router"], "").rstrip("/") + match["path"]
            yield Registered(f"{_method(match)}{route or '/'}", function=function[1])
    if path.endswith("urls.py"):
        for match in _DJANGO.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            last = line + text.count("\n", match.start(), match.end())
            name = match[2].removesuffix(".as_view").rpartition(".")[2]
            yield Registered(f"/{match[1].lstrip('^').rstrip('$')}", line, last, name)


def _method(match: re.Match[str]) -> str:
    if match["verb"] != "route":
        return f"{match['verb'].upper()} "
    methods = _FLASK_METHODS.search(match["rest"])
    return f"{'|'.join(re.findall(r'[A-Z]+', methods[1].upper()))} " if methods else ""


def _end(text: str, start: int) -> int:
    """Return where the brackets that open after `start` are closed."""
    depth = 0
    for place in range(text.index("(", start), len(text)):
        depth += _BRACKETS.get(text[place], 0)
        if not depth:
            return place
    return len(text)
