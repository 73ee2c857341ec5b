"""Work on many files, shared by this process and copies of it, or new ones where it cannot be copied."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkContext, SpawnContext
    from multiprocessing.queues import SimpleQueue

_PIECES = 16
"""Pieces of the work of each process: what is left of it when another one has done its own is done by that."""

Method = Literal["fork", "spawn"]
T = TypeVar("T")


def cores() -> int:
    """Return how many processes can work at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def start_method() -> Method:
    """Return how another process is made: a copy is had at once, but only where no thread holds a lock meanwhile."""
    alone = threading.active_count() == 1 and sys.platform == "linux"
    return "fork" if alone else "spawn"


def shared(work: Callable[[str], T], paths: Sequence[str], processes: int, method: Method) -> dict[str, T]:
    """Return what `work` makes of each path; with `spawn` it is sent to the others, as what they find is sent back.

    Each process begins with files that lie together, since they use the same others.
    """
    import multiprocessing  # not where nothing has changed

    context: ForkContext | SpawnContext = multiprocessing.get_context("spawn")
    if method == "fork":
        context = multiprocessing.get_context("fork")
    queues = [context.SimpleQueue() for _ in range(processes)]
    for queue, (first, last) in zip(queues, _ranges(0, len(paths), processes), strict=True):
        for piece in (*_ranges(first, last, _PIECES), *[None] * processes):
            queue.put(piece)
    helpers = []
    gc.freeze()  # a copy that looks for garbage would write to, and so copy, all memory
    try:
        for number in range(1, processes):
            receiver, sender = context.Pipe(duplex=False)
            given = (work, paths, [*queues[number:], *queues[:number]], sender)
            process = context.Process(target=_help, args=given, daemon=True)
            process.start()
            sender.close()
            helpers.append((process, receiver))
        found = dict(_take(work, paths, queues))
        for _, receiver in helpers:
            with contextlib.suppress(EOFError):  # it was ended: what it had taken is done here
                found.update(receiver.recv())
    finally:
        gc.unfreeze()
        for process, _ in helpers:
            process.kill()
            process.join()
    return {path: found[path] if path in found else work(path) for path in paths}


def _ranges(first: int, last: int, parts: int) -> list[tuple[int, int]]:
    """Return where equal parts begin and end."""
    bounds = [first + (last - first) * part // parts for part in range(parts + 1)]
    return list(pairwise(bounds))


def _help(
    work: Callable[[str], T],
    paths: Sequence[str],
    queues: Sequence[SimpleQueue[tuple[int, int] | None]],
    sender: Connection,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends its helpers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sender.send(list(_take(work, paths, queues)))


def _take(
    work: Callable[[str], T], paths: Sequence[str], queues: Sequence[SimpleQueue[tuple[int, int] | None]]
) -> Iterator[tuple[str, T]]:
    for queue in queues:
        while (piece := queue.get()) is not None:
            for path in paths[slice(*piece)]:
                yield path, work(path)
