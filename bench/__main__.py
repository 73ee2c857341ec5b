"""All benchmarks, or those that are named: `python -m bench [snapshot replay …]`. Prints Markdown.

Processes that are measured find their modules compiled, as where pgproof is installed, whatever the environment says.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory


def main(names: list[str]) -> None:
    """Run the benchmarks of this folder, each a module with `main()`."""
    known = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with TemporaryDirectory() as folder:
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        for name in names or [name for name in known if not name.startswith("_")]:
            importlib.import_module(f"bench.{name}").main()
            print(flush=True)


main(sys.argv[1:])
