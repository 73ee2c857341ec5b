"""What a workflow is asked for."""

from pgproof.evidence.settings import Settings

__all__ = ["Settings"]
