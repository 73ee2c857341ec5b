"""What a server said to texts, kept for the next run: the same schema and the same text have the same answer."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from pgproof.code.queries.prepare import Refusal

UNUSED_DAYS = 30
_LOST = "lost"
_UNREADABLE = (OSError, ValueError, TypeError, KeyError)


class Answers:
    """The answers of one schema (`key`): those in `folder`, and those that `ask` gives when it is called."""

    def __init__(
        self, folder: Path | None, key: str, ask: Callable[[Sequence[str], bool], Sequence[Refusal | None]]
    ) -> None:
        """Read what is stored; without a folder, everything is asked."""
        self._ask = ask
        self._file = folder / f"{key}.json" if folder else None
        self._known: dict[str, Any] = {}
        self.lost: list[str] = []
        """Statements that are missing in the server's copy of the schema: whoever opens it adds them."""
        self._changed = False
        if self._file:
            with contextlib.suppress(*_UNREADABLE):
                self._known = dict(json.loads(self._file.read_bytes()))
                self.lost = [str(one) for one in self._known.pop(_LOST, [])]
                os.utime(self._file)

    def ask(self, texts: Sequence[str], wide: bool) -> list[Refusal | None]:
        """Return for each text why it is refused, or `None`."""
        keys = [_key(text, wide) for text in texts]
        new = [(key, text) for key, text in zip(keys, texts, strict=True) if not self._holds(key)]
        if new:
            self._changed = True
            for (key, _), refusal in zip(new, self._ask([text for _, text in new], wide), strict=True):
                self._known[key] = list(astuple(refusal)) if refusal else None
        return [Refusal(*value) if (value := self._known[key]) else None for key in keys]

    def save(self) -> None:
        """Write beside and rename, and forget what was not used for long. A full disk costs the cache alone."""
        if self._file is None or not self._changed:
            return
        folder = self._file.parent
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, new = tempfile.mkstemp(dir=folder, prefix="new-")
            with os.fdopen(handle, "w") as file:
                json.dump(self._known | {_LOST: sorted(set(self.lost))}, file, separators=(",", ":"))
            Path(new).rename(self._file)
            for path in folder.iterdir():
                if path.stat().st_mtime < time.time() - UNUSED_DAYS * 86_400:
                    path.unlink(missing_ok=True)

    def _holds(self, key: str) -> bool:
        value = self._known.get(key, False)
        return value is None or (isinstance(value, list) and len(value) == 5)


def _key(text: str, wide: bool) -> str:
    return ("w" if wide else "n") + hashlib.sha256(text.encode(errors="replace")).hexdigest()[:40]
