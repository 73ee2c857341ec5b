"""The words that all rooms share."""

from pgproof.model.finding import Finding
from pgproof.model.gap import Gap
from pgproof.model.location import Location
from pgproof.model.name import ObjectName
from pgproof.model.proof import Method, Proof, Subject
from pgproof.model.severity import Severity

__all__ = ["Finding", "Gap", "Location", "Method", "ObjectName", "Proof", "Severity", "Subject"]
