"""What was found in several databases, joined to be judged once: ignores, the baseline and the verdict are of all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pgproof.checks.run import Ran
from pgproof.judge.ignoring import Rule
from pgproof.judge.judge import ROOT, Named
from pgproof.judge.result import Coverage
from pgproof.judge.since import Before
from pgproof.model import Gap, Proof
from pgproof.workflows.examine import Examined

SHOWN = 4
"""How many databases the first line names."""


def join(examined: Sequence[Examined]) -> Examined:
    """Join what was found; one database is left as it is."""
    if len(examined) == 1:
        return examined[0]
    return Examined(
        "",
        tuple(_ran([one.ran[number] for one in examined]) for number in range(len(examined[0].ran))),
        tuple(_gaps(examined)),
        tuple(_rules(examined)),
        tuple(_introduction(examined)),
        tuple(_sources(examined)),
        tuple(_coverage(examined)),
        tuple(feature for one in examined for feature in one.features),
        tuple(state for one in examined for state in one.migrations),
        _before([one.before for one in examined if one.before]),
        tuple(number for one in examined for number in one.promised),
        tuple(file for one in examined for file in one.replayed),
        tuple(Named(_shown(one), one.sources) for one in examined),
    )


def _shown(one: Examined) -> str:
    return one.name or ROOT


def _ran(several: Sequence[Ran]) -> Ran:
    """Join what one check said of each database; that it lacked evidence in some of them is a gap of theirs."""
    looked = [one for one in several if not one.absent]
    examining = [one for one in looked if one.examined]
    return Ran(
        several[0].check,
        Proof.weakest(one.proof for one in examining or looked),
        sum(one.examined for one in looked),
        tuple(finding for one in looked for finding in one.findings),
        None if looked else several[0].absent,
        next((one.crash for one in looked if one.crash), ""),
    )


def _gaps(examined: Sequence[Examined]) -> Iterator[Gap]:
    """Yield each gap once when all databases have it, else with the database."""
    lacking = {
        one.name: [ran.absent for ran in one.ran if ran.absent and any(_looked(other, ran) for other in examined)]
        for one in examined
    }
    own = {one.name: dict.fromkeys((*one.gaps, *lacking[one.name])) for one in examined}
    counts = Counter(gap for gaps in own.values() for gap in gaps)
    for one in examined:
        for gap in own[one.name]:
            yield gap if counts[gap] == len(examined) else replace(gap, database=_shown(one))


def _looked(one: Examined, ran: Ran) -> bool:
    return any(other.check.code == ran.check.code and not other.absent for other in one.ran)


def _rules(examined: Sequence[Examined]) -> Iterator[Rule]:
    """Yield each ignore once: one that a run expects to be needed is expected, whichever run that is."""
    expected: dict[Rule, bool] = {}
    for one in examined:
        for rule in one.rules:
            key = replace(rule, ignore=replace(rule.ignore, expected=False))
            expected[key] = expected.get(key, False) or rule.ignore.expected
    for rule, wanted in expected.items():
        yield replace(rule, ignore=replace(rule.ignore, expected=wanted))


def _introduction(examined: Sequence[Examined]) -> Iterator[str]:
    more = f", and {len(examined) - SHOWN} more" if len(examined) > SHOWN else ""
    yield f"found {len(examined)} databases: {', '.join(map(_migrations, examined[:SHOWN]))}{more}"
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for one in examined:
        for line in one.introduction[1:]:
            lines[line].append(_shown(one))
    for line, names in lines.items():
        rest = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        yield f"{', '.join(names[:SHOWN])}{rest}: {line}"


def _migrations(one: Examined) -> str:
    return dict(one.sources).get("migrations", _shown(one))


def _sources(examined: Sequence[Examined]) -> Iterator[tuple[str, str]]:
    """Yield the pieces of evidence that every database has."""
    named: defaultdict[str, list[str]] = defaultdict(list)
    for one in examined:
        for name, description in one.sources:
            named[name].append(description)
    for name, descriptions in named.items():
        if len(descriptions) == len(examined):
            same = len(set(descriptions)) == 1
            yield name, descriptions[0] if same else f"of {len(examined)} databases"


def _coverage(examined: Sequence[Examined]) -> Iterator[Coverage]:
    read: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for part in (part for one in examined for part in one.coverage):
        read[part.what] += part.read
        total[part.what] += part.total
    yield from (Coverage(what, read[what], total[what]) for what in total)


def _before(several: Iterable[Before]) -> Before | None:
    known = list(several)
    if not known:
        return None
    unseen = {code: reason for one in known for code, reason in one.unseen.items()}
    return Before(known[0].name, tuple(found for one in known for found in one.found), unseen)
