"""FUN111 scheduled-job-fails."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.functions.wording import finding, said
from pgproof.evidence.bodies import ScheduledJobs
from pgproof.model import Finding, Severity


@check(
    "FUN111",
    "scheduled-job-fails",
    Severity.ERROR,
    bad="""
create extension pg_cron;
create table session (id bigint primary key, last_seen timestamptz not null);
select cron.schedule('tidy', '0 3 * * *', $$delete from session where seen_at < now() - interval '7 days'$$);
""",
    ok="""
create extension pg_cron;
create table session (id bigint primary key, last_seen timestamptz not null);
select cron.schedule('tidy', '0 3 * * *', $$delete from session where last_seen < now() - interval '7 days'$$);
""",
)
def scheduled_job_fails(jobs: ScheduledJobs) -> Iterator[Finding]:
    """A command that pg_cron runs cannot work: it names something that does not exist, or types do not fit.

    ## Why
    `cron.schedule` keeps the command as text. Nothing looks at it before it runs, a rename does not follow it, and its
    errors stand in `cron.job_run_details`, where nobody looks.

    ## Fix
    Correct the command (`cron.schedule` with the same name replaces it), or `cron.unschedule` the job.
    """
    for job in jobs.bodies.jobs:
        if job.defects:
            found = sorted(job.defects, key=lambda defect: (not defect.certain, defect.offset))
            yield finding(jobs.bodies, job, found, said)
