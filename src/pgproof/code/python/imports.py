"""Where a module of the project may be that another one imports."""

from __future__ import annotations

from collections.abc import Iterator


def candidates(module: str, level: int, importer: str) -> Iterator[str]:
    """Yield the paths that an import in a file may mean: relative, or below any folder above."""
    folder = importer.rpartition("/")[0]
    parts = module.replace(".", "/")
    bases = []
    if level:
        for _ in range(level - 1):
            folder = folder.rpartition("/")[0]
        bases = [folder]
    else:
        while True:
            bases += [folder, f"{folder}/src".lstrip("/")]
            if not folder:
                break
            folder = folder.rpartition("/")[0]
    for base in bases:
        path = f"{base}/{parts}".strip("/")
        yield f"{path}.py"
        yield f"{path}/__init__.py"
