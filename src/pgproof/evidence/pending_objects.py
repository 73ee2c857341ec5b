"""What the live database lacks only until the migrations that wait are applied."""

from __future__ import annotations

from dataclasses import dataclass

from pgproof.code.match.mismatch import Kind, Mismatch
from pgproof.code.match.relation import Relation
from pgproof.code.match.schema import Answer, Schema
from pgproof.evidence.history import History
from pgproof.evidence.part import gathers
from pgproof.migrations.observation import Replay


@dataclass(frozen=True, slots=True)
class PendingObjects:
    """What all migrations together make, the names of files that are pending, and where they make what."""

    schema: Schema
    replay: Replay
    pending: frozenset[str]

    def file_of(self, mismatch: Mismatch) -> str:
        """Return the pending migration that makes what the code names, `""` when none does."""
        made = self._made(mismatch)
        return made if made in self.pending else ""

    def _made(self, mismatch: Mismatch) -> str:
        subject = mismatch.subject
        if mismatch.kind is Kind.FUNCTION:
            found = self.schema.routines(subject.parts[0], subject.parts[1])
            names = [one.name for one in found] if not isinstance(found, Answer) else []
        else:
            relation = self.schema.relation(subject.parts[0], subject.parts[1])
            if not isinstance(relation, Relation):
                return ""
            names = [relation.name]
            if mismatch.kind is Kind.COLUMN:
                names = [relation.column(subject.parts[-1])] if subject.parts[-1] in relation.columns else []
        places = [self.replay.created.get(name) or self.replay.origins.get(name) for name in names]
        return next((place.path for place in places if place), "")


@gathers(PendingObjects, None)
def find_pending_objects(replay: Replay, history: History) -> PendingObjects:
    """Take the catalog of all migrations, and the files that the live database does not record."""
    return PendingObjects(Schema(replay.catalog), replay, frozenset(file.path for file in history.pending))
