"""The use map: which file and route touches which table, column and function, and how."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pgproof.code.project import Files
from pgproof.code.reading import Reading
from pgproof.code.usage import Call, Clause, Query, TableUse
from pgproof.code.usemap.by_code import Registered, registered
from pgproof.code.usemap.by_path import route_of
from pgproof.code.usemap.find import routes_to
from pgproof.code.usemap.statements import touched
from pgproof.evidence.part import gathers
from pgproof.evidence.repository import Repository
from pgproof.evidence.settings import Settings
from pgproof.evidence.usages import SHIPPED, Code
from pgproof.model import Location, Method, Proof, Subject
from pgproof.server.folders import subfolder

_URLS = "urls.py"
"""Where Django says which view serves what."""


@dataclass(frozen=True, slots=True, order=True)
class Touch:
    """One call site: where it is, what it does to a `table` or `function`, and the columns that it reads and writes.

    `function` is the function of the code that it stands in, `route` what that serves, if anything is known to;
    `routes` are all that reach it through calls.
    """

    location: Location
    kind: str
    name: str
    action: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    client: str
    function: str
    route: str = ""
    routes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UseMap:
    """All call sites of code that is shipped, in the order of the files."""

    items: tuple[Touch, ...]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.items)


@gathers(UseMap, Proof(Method.PARSED, (Subject.FILES,)))
def map_uses(settings: Settings, code: Code, repository: Repository) -> UseMap:
    """Join what was read with the routes that paths and programs make."""
    shipped = [reading for reading in code.readings if reading.role in SHIPPED]
    urls = [path for path in repository.paths() if path.rpartition("/")[2] == _URLS] if shipped else []
    files = Files(settings.root, [*(reading.path for reading in shipped), *urls])
    views: defaultdict[str, list[Registered]] = defaultdict(list)
    for path in urls:
        for one in registered(path, files.text(path) or ""):
            views[one.function].append(one)
    found: list[Touch] = []
    for reading in shipped:
        routes = list(registered(reading.path, files.text(reading.path) or ""))
        for touch in _touches(reading):
            route = _route(touch, routes, views if reading.path.endswith(".py") else {})
            found.append(replace(touch, route=route))
    places = [(touch.location.path, touch.location.line) for touch in found]
    cache = subfolder("code") if settings.use_cache else None
    reached = routes_to(settings.root, tuple(repository.paths()), sorted(set(places)), cache)
    return UseMap(
        tuple(sorted({_with_routes(touch, reached.get(place, ())) for touch, place in zip(found, places, strict=True)}))
    )


def _with_routes(touch: Touch, reached: tuple[str, ...]) -> Touch:
    routes = sorted({*reached, touch.route} - {""})
    return replace(touch, route=touch.route or (routes[0] if len(routes) == 1 else ""), routes=tuple(routes))


def _route(touch: Touch, routes: list[Registered], views: dict[str, list[Registered]]) -> str:
    line = touch.location.line
    around = [one for one in routes if one.first <= line <= one.last]
    if around:
        return min(around, key=lambda one: one.last - one.first).route
    named = [
        one for one in (*routes, *views.get(touch.function, ())) if one.function and one.function == touch.function
    ]
    return named[0].route if named else route_of(touch.location.path, touch.function)


def _touches(reading: Reading) -> Iterator[Touch]:
    for found in reading.found:
        if isinstance(found, TableUse):
            name = f"{found.schema}.{found.table}" if found.schema else found.table
            yield _touch(found, "table", name, found.action.value)
        elif isinstance(found, Call):
            name = f"{found.schema}.{found.name}" if found.schema else found.name
            yield _touch(found, "function", name, "call")
        elif isinstance(found, Query):
            for one in touched(found):
                yield Touch(
                    found.location, one.kind, one.name, one.action, (), one.columns, found.client, found.function
                )


def _touch(found: TableUse | Call, kind: str, name: str, action: str) -> Touch:
    def spelled(write: bool) -> tuple[str, ...]:
        named = (one for one in found.columns if (one.clause is Clause.VALUES) == write)
        return tuple(sorted({".".join((*one.relation, one.column)) for one in named}))

    writes = spelled(True) if isinstance(found, TableUse) else tuple(sorted({one.name for one in found.arguments}))
    return Touch(found.location, kind, name, action, spelled(False), writes, found.client, found.function)
