"""Results that the tests of the reports share: each a story that a person understands."""

from __future__ import annotations

from dataclasses import replace

from pgproof.judge.result import (
    CheckOutcome,
    CodeUse,
    Coverage,
    FeatureState,
    Judged,
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

READ = Proof(Method.READ, (Subject.REPLAY, Subject.LIVE))
EXECUTED = Proof(Method.EXECUTED, (Subject.REPLAY,))
PARSED = Proof(Method.PARSED, (Subject.FILES,))
REPOSITORY = "repository only: nothing was compared with a database"

PHANTOM = Judged(
    "HIS103",
    "phantom-migration",
    Severity.ERROR,
    "file",
    "supabase/migrations/20250304_invoices.sql",
    "recorded as applied, and none of its 3 effects is in the live database",
    Proof(Method.RECORDED, (Subject.FILES, Subject.REPLAY, Subject.LIVE)),
    "11aa22bb33cc44dd",
    Location("supabase/migrations/20250304_invoices.sql", 3, 1),
    "create table invoice (id bigint primary key, account_id bigint not null references account);",
    (
        "recorded  20250304 in supabase_migrations.schema_migrations",
        "missing   table public.invoice, index public.invoice_account",
    ),
    "select * from supabase_migrations.schema_migrations where version = '20250304';",
    "apply the file, or delete the record:\n"
    "delete from supabase_migrations.schema_migrations\n  where version = '20250304';",
    (
        "public.invoice: table is missing in the live database",
        "public.invoice.invoice_pkey: constraint is missing in the live database",
        "public.invoice_account: index is missing in the live database",
        "public.invoice.id: column is missing in the live database",
        "public.invoice.account_id: column is missing in the live database",
        "public.invoice.invoice_account_id_fkey: constraint is missing in the live database",
    ),
)
AMBIGUOUS = Judged(
    "FUN101",
    "unknown-column-in-function",
    Severity.ERROR,
    "function",
    "public.claim_job(text)",
    'column reference "status" is ambiguous (42702): variable of the function, or column of jobs',
    EXECUTED,
    "5566778899aabbcc",
    Location("migrations/0005_jobs.sql", 41, 11),
    "    where status = 'pending'",
    (),
    "select * from claim_job('w1')  →  fails on every call",
    "where jobs.status = 'pending'      (proved: the call succeeds)",
)
HAND_MADE = Judged(
    "DRF102",
    "extra-object",
    Severity.WARNING,
    "index",
    "public.orders_created_at",
    "index is in the live database and in no migration",
    READ,
    "0011223344556677",
    seen=("read from the live catalog; none of 12 migrations makes it",),
    reproduce=r"\d public.orders_created_at",
)
RENAMED = Judged(
    "DRF104",
    "renamed-object",
    Severity.NOTE,
    "index",
    "public.note_body",
    "named note_body_idx in the live database",
    READ,
    "ff",
)

CHECKS = (
    CheckOutcome("DRF101", "missing-object", Outcome.PASSED, 214, READ),
    CheckOutcome("DRF102", "extra-object", Outcome.FAILED, 214, READ),
    CheckOutcome("DRF103", "changed-object", Outcome.PASSED, 214, READ),
    CheckOutcome("FUN101", "unknown-column-in-function", Outcome.FAILED, 9, EXECUTED),
    CheckOutcome("MIG101", "duplicate-version", Outcome.PASSED, 12, PARSED),
    CheckOutcome("MIG102", "version-gap", Outcome.NOT_APPLICABLE),
)

HEALTHY = Result(
    Verdict.GO,
    REPOSITORY,
    "nothing was found that would fail, leak, lose or corrupt",
    ("found 1 migration directory: migrations (numbered, 12 files)",),
    (("files", "12 migrations in migrations"), ("replay", "PostgreSQL 16.14 (embedded)")),
    (),
    (Gap("the live database (none was named)", way_out="pgproof check --live postgresql://…"),),
    (
        CheckOutcome("FUN101", "unknown-column-in-function", Outcome.PASSED, 9, EXECUTED),
        CheckOutcome("MIG101", "duplicate-version", Outcome.PASSED, 12, PARSED),
        CheckOutcome("MIG102", "version-gap", Outcome.NOT_APPLICABLE),
        CheckOutcome("DRF101", "missing-object", Outcome.GAP, reason="the live database (none was named)"),
    ),
    (Coverage("statements replayed", 214, 214), Coverage("call sites", 0, 0)),
)
BROKEN = Result(
    Verdict.NO_GO,
    "repository and live database",
    "2 findings at or above error",
    (
        "found 3 migration directories; using supabase/migrations (supabase, 12 files)",
        "others: db/old (numbered, 4 files), services/api/migrations (numbered, 9 files)",
    ),
    (
        ("files", "12 migrations in supabase/migrations"),
        ("live", "PostgreSQL 15.18"),
        ("replay", "PostgreSQL 15.18 (installed)"),
    ),
    (AMBIGUOUS, PHANTOM, HAND_MADE, RENAMED),
    (
        Gap(
            "COPY … FROM PROGRAM is not run in the replay",
            location=Location("supabase/migrations/20250101_seed.sql", 7, 1),
        ),
        Gap("2 functions call pg_net, which is a stand-in"),
    ),
    CHECKS,
    (Coverage("statements replayed", 212, 214),),
)
UNREADABLE = Result(
    Verdict.UNDECIDED,
    REPOSITORY,
    "the live database could not be read: connection refused",
    HEALTHY.introduction,
    HEALTHY.sources,
    (HAND_MADE,),
    (
        Gap("check DRF103 changed-object crashed: KeyError: 'x' (changed_object, line 40)", blocking=True),
        Gap(
            "the live database could not be read: connection refused",
            blocking=True,
            way_out="start it, or leave out --live",
        ),
        Gap("2 functions call pg_net, which is a stand-in"),
    ),
    (*CHECKS[:2], CheckOutcome("DRF103", "changed-object", Outcome.CRASHED, 214, READ, "KeyError: 'x'")),
)
CROWDED = replace(
    BROKEN,
    findings=(
        AMBIGUOUS,
        *(
            replace(PHANTOM, subject=f"migrations/{n:04}.sql", location=None, excerpt="", consequences=())
            for n in range(14)
        ),
        *(replace(HAND_MADE, subject=f"public.index_{n}") for n in range(3)),
        RENAMED,
    ),
    gaps=tuple(Gap(f"stand-in {n} was not executed") for n in range(13)),
)
COMMENT = Suppression(
    Suppressor.COMMENT,
    "FUN101",
    "nobody calls it; it goes with the old worker",
    Location("migrations/0005_jobs.sql", 39),
    until="2027-01-31",
)
CONFIGURATION = Suppression(
    Suppressor.CONFIGURATION, "DRF104", "renamed by the hosting", Location("pgproof.toml", 7), "index public.note_*"
)
LISTED = Suppression(
    Suppressor.BASELINE,
    "DRF102",
    "found when the baseline was made",
    Location("pgproof-baseline.json"),
    "index public.orders_created_at",
    fingerprint="0011223344556677",
)
SUPPRESSED = replace(
    BROKEN,
    verdict=Verdict.GO,
    scope="repository and live database; only what is new since main (1a2b3c4d)",
    reason="nothing else was found that would fail, leak, lose or corrupt",
    findings=(),
    gaps=(),
    checks=tuple(
        replace(check, outcome=Outcome.SUPPRESSED) if check.outcome is Outcome.FAILED else check for check in CHECKS
    ),
    suppressed=(
        Suppressed(AMBIGUOUS, COMMENT),
        Suppressed(
            PHANTOM,
            Suppression(Suppressor.SINCE, "HIS103", "found in main (1a2b3c4d) too", fingerprint="11aa22bb33cc44dd"),
        ),
        Suppressed(HAND_MADE, LISTED),
        Suppressed(RENAMED, CONFIGURATION),
    ),
    stale=(
        Stale(replace(COMMENT, until="2026-01-31"), Staleness.EXPIRED),
        Stale(replace(LISTED, subject="index public.old"), Staleness.FIXED),
        Stale(replace(CONFIGURATION, code="MIG102", subject=""), Staleness.UNUSED),
    ),
)
HOSTILE_NAME = (
    '"; drop\x1b[31m table\r\n--\x9b2J \u202e<b>*bold*</b> | `code` [x](javascript:0) \x07 日本語 ﷽\u0301\x00\ud800'
)
HOSTILE = replace(
    BROKEN,
    scope=HOSTILE_NAME,
    reason=HOSTILE_NAME,
    verdict=Verdict.UNDECIDED,
    introduction=(HOSTILE_NAME,),
    sources=((HOSTILE_NAME, HOSTILE_NAME),),
    findings=(
        Judged(
            HOSTILE_NAME,
            HOSTILE_NAME,
            Severity.ERROR,
            HOSTILE_NAME,
            HOSTILE_NAME,
            HOSTILE_NAME,
            READ,
            HOSTILE_NAME,
            Location(HOSTILE_NAME, 1, 12),
            "\t" + HOSTILE_NAME * 40,
            (HOSTILE_NAME, HOSTILE_NAME),
            HOSTILE_NAME,
            HOSTILE_NAME,
            (HOSTILE_NAME,),
        ),
    ),
    gaps=(Gap(HOSTILE_NAME, blocking=True, location=Location(HOSTILE_NAME), way_out=HOSTILE_NAME),),
    coverage=(Coverage(HOSTILE_NAME, 1, 2),),
)
HOSTILE_SUPPRESSION = Suppression(
    Suppressor.COMMENT,
    HOSTILE_NAME,
    HOSTILE_NAME,
    Location(HOSTILE_NAME, 1),
    HOSTILE_NAME,
    HOSTILE_NAME,
    HOSTILE_NAME,
)
HOSTILE = replace(
    HOSTILE,
    suppressed=(Suppressed(HOSTILE.findings[0], HOSTILE_SUPPRESSION),),
    stale=(Stale(HOSTILE_SUPPRESSION, Staleness.UNUSED),),
)
FEATURES = replace(
    UNREADABLE,
    features=(
        FeatureState(
            "batch",
            Readiness.BLOCKED,
            3,
            6,
            0,
            "Batch Generation",
            files=("src/batch.ts",),
            routes=("/api/generate-batch",),
            missing=("batch_items.id uuid not null", "batch_items.tier text", "index on batch_items (id)"),
        ),
        FeatureState(
            "deals.view-pipeline", Readiness.PARTIAL, 4, 1, 0, "Days in Stage", "Bear", "intern", missing=("view v",)
        ),
        FeatureState("export", Readiness.READY, 2, 0, 0),
        FeatureState("templates\x1b[31m", Readiness.UNDECIDED, 2, 0, 1, owner="Charlie"),
    ),
    uses=(
        CodeUse(
            Location("src/batch.ts", 12, 9), "table", "batch_items", "insert", (), ("id", "tier"), "supabase-js",
            "POST", "POST /api/generate-batch",
        ),
        CodeUse(Location("src/batch.ts", 20, 9), "function", "claim_job", "call", (), ("worker",), "node-postgres"),
    ),
)  # fmt: skip
RESULTS = {
    "healthy": HEALTHY,
    "broken": BROKEN,
    "unreadable": UNREADABLE,
    "crowded": CROWDED,
    "suppressed": SUPPRESSED,
    "hostile": HOSTILE,
    "features": FEATURES,
}
