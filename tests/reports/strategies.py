"""Any result at all, its names taken from what breaks formats."""

from __future__ import annotations

from hypothesis import strategies as st

from pgproof.judge.document import NeedOutcome, NeedState, PromisedNumber, ReplayedFile
from pgproof.judge.result import (
    CheckOutcome,
    CodeUse,
    Coverage,
    DatabaseState,
    FeatureState,
    Judged,
    MigrationState,
    Outcome,
    Readiness,
    Result,
    Stale,
    Staleness,
    Suppressed,
    Suppression,
    Suppressor,
    Verdict,
)
from pgproof.model import Gap, Location, Method, Proof, Severity, Subject

# "\udcff" is a byte of a file name that is no UTF-8. High surrogates, which JSON would join with it, come from nowhere.
TOKENS = (
    "]]>", "<!--", "<b>", "&amp;", '"', "'", "::", "::error::", "##[error]", "%", "%0A", "%25", ",", ":", "=",
    "\r", "\n", "\x1b[31m", "\x00", "\x85", "\u2028", "\u202e", "\udcff", "\ufffe", "`", "```", "|",
    "[x](javascript:0)", "{0}", "{", "}", "\\", "//", "..", "https://x", " ", "\t", "日本", "public.note",
)  # fmt: skip
names = st.text(max_size=20) | st.lists(st.sampled_from(TOKENS), max_size=5).map("".join)
lines = st.lists(names, max_size=3).map(tuple)
counts = st.integers(0, 10**6)
locations = st.builds(Location, names, counts, counts)
proofs = st.builds(Proof, st.sampled_from(Method), st.lists(st.sampled_from(Subject), unique=True).map(tuple))
findings = st.builds(
    Judged, names, names, st.sampled_from(Severity), names | st.just("file"), names, names, proofs, names,
    st.none() | locations, names, lines, names, names, lines, names,
)  # fmt: skip
gaps = st.builds(Gap, names, st.booleans(), st.none() | locations, names, names)
checks = st.builds(CheckOutcome, names, names, st.sampled_from(Outcome), counts, st.none() | proofs, names)
suppressions = st.builds(
    Suppression, st.sampled_from(Suppressor), names, names, st.none() | locations, names, names, names
)
needs = st.builds(NeedState, names, st.sampled_from(NeedOutcome), st.booleans(), names, names)
features = st.builds(
    FeatureState, names, st.sampled_from(Readiness), counts, counts, counts,
    names, names, names, lines, lines, lines,
    st.lists(needs, max_size=1).map(tuple),
)  # fmt: skip
pairs = st.lists(st.tuples(names, names), max_size=2).map(tuple)
promised = st.builds(PromisedNumber, names, names, names, names, st.booleans())
replayed = st.builds(ReplayedFile, names, counts, counts, pairs)
migrations = st.builds(
    MigrationState, names, st.none() | st.booleans(),
    st.sampled_from(("present", "partly present", "absent", "cannot be told")), lines,
)  # fmt: skip
uses = st.builds(
    CodeUse, locations, st.sampled_from(("table", "function")), names, st.sampled_from(("select", "insert", "call")),
    lines, lines, names, names, names, lines, names,
)  # fmt: skip
databases = st.builds(
    DatabaseState, names, st.sampled_from(Verdict), names, names,
    st.lists(st.tuples(names, names), max_size=2).map(tuple),
)  # fmt: skip
results = st.builds(
    Result,
    st.sampled_from(Verdict),
    names,
    names,
    lines,
    st.lists(st.tuples(names, names), max_size=3).map(tuple),
    st.lists(findings, max_size=3).map(tuple),
    st.lists(gaps, max_size=3).map(tuple),
    st.lists(checks, max_size=3).map(tuple),
    st.lists(st.builds(Coverage, names, counts, counts), max_size=3).map(tuple),
    st.lists(st.builds(Suppressed, findings, suppressions), max_size=2).map(tuple),
    st.lists(st.builds(Stale, suppressions, st.sampled_from(Staleness)), max_size=2).map(tuple),
    st.lists(features, max_size=2).map(tuple),
    st.lists(uses, max_size=2).map(tuple),
    st.lists(migrations, max_size=2).map(tuple),
    st.lists(databases, max_size=2).map(tuple),
    st.lists(promised, max_size=1).map(tuple),
    st.lists(replayed, max_size=1).map(tuple),
)
