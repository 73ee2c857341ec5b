"""How findings of behaviour say what was executed."""

from __future__ import annotations

from pgproof.evidence.probes_doubt import IN_A_ROUTINE
from pgproof.probes.refusal import Refusal


def said(refusal: Refusal) -> str:
    """Return the server's message with its state, on one line."""
    return f"{refusal.message.splitlines()[0]} ({refusal.sqlstate})"


def where(refusal: Refusal) -> str:
    """Return in which function and line it happened, `""` outside of any."""
    found = IN_A_ROUTINE.search(refusal.context)
    return f"in {found[0].strip()}" if found else ""
