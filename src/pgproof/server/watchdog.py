"""A small process that ends a server when we are gone, however we went (kill -9 too)."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

from pgproof.server.confinement import ENVIRONMENT

# It reads from a pipe whose other end only we hold. A word means that we have tidied up ourselves; the end of the file
# means that we are gone. It runs as the server's user, so it can do no more than the server could.
_SCRIPT = """
read -r word && exit 0
data=$1
shift
for attempt in 1 2 3 4 5 6 7 8 9 10; do
    if read -r pid < "$data/postmaster.pid"; then
        kill -QUIT "$pid"
        for wait in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            kill -0 "$pid" || break
            sleep 0.1
        done
        kill -KILL "$pid"
        break
    fi
    sleep 0.1
done
rm -rf -- "$@"
"""


class Watchdog:
    """Ends the server on `data` and removes `directories` when this process ends without having said so."""

    def __init__(self, data: Path, directories: tuple[Path, ...], uid: int | None) -> None:
        """Start watching."""
        reading, self._writing = os.pipe()
        try:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _SCRIPT, "pgproof-watchdog", data, *directories],
                stdin=reading,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=ENVIRONMENT,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for us alone
                user=uid,
                group=uid,
                extra_groups=None if uid is None else [],
            )
        except BaseException:
            os.close(self._writing)
            raise
        finally:
            os.close(reading)

    def dismiss(self) -> None:
        """Say that all is tidied up."""
        with suppress(BrokenPipeError):
            os.write(self._writing, b"done\n")
        os.close(self._writing)
        self._process.wait()
