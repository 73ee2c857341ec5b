"""Files are read into steps ahead of their replay: the parser works while the server does."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from pgproof.migrations.replay.databases import in_database
from pgproof.migrations.replay.placeholders import filled
from pgproof.sql.script import read_script

if TYPE_CHECKING:
    from pgproof.migrations.file import MigrationFile
    from pgproof.migrations.replay.task import Task
    from pgproof.sql.step import Step


def read_ahead(task: Task, start: int = 0) -> Iterator[tuple[MigrationFile, list[Step]]]:
    """Yield the files from number `start` on, each with its steps, while the steps of the next one are being read."""
    files, main = task.files[start:], task.database

    def read(file: MigrationFile) -> list[Step]:
        steps = read_script(filled(file.text), file.on_disk, task.root, task.variables, task.encoding)
        return list(in_database(steps, main)) if "\\c" in file.text else steps

    with ThreadPoolExecutor(1) as reader:
        waiting = [reader.submit(read, file) for file in files[:1]]
        for number, file in enumerate(files):
            steps = waiting.pop().result()
            waiting += [reader.submit(read, following) for following in files[number + 1 : number + 2]]
            yield file, steps
