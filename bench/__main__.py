"""All benchmarks, or those that are named: `python -m bench [snapshot replay …]`. Prints Markdown."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path


def main(names: list[str]) -> None:
    """Run the benchmarks of this folder, each a module with `main()`."""
    known = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    for name in names or [name for name in known if not name.startswith("_")]:
        importlib.import_module(f"bench.{name}").main()
        print(flush=True)


main(sys.argv[1:])
