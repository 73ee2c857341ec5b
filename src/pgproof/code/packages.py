"""The packages of a repository: the folders that hold a manifest."""

from __future__ import annotations

from collections.abc import Iterable

MANIFESTS = frozenset(
    {
        "Cargo.toml",
        "Gemfile",
        "Pipfile",
        "build.gradle",
        "composer.json",
        "deno.json",
        "deno.jsonc",
        "go.mod",
        "mix.exs",
    }
    | {"package.json", "pom.xml", "pyproject.toml", "requirements.txt", "setup.cfg", "setup.py"}
)


def find_packages(paths: Iterable[str]) -> frozenset[str]:
    """Return the folders that hold a manifest; `""` is the project itself."""
    return frozenset(folder for folder, _, name in (path.rpartition("/") for path in paths) if name in MANIFESTS)


def package_of(path: str, packages: frozenset[str]) -> str:
    """Return the nearest package above a file or folder; `""` when there is none."""
    folder = path.rpartition("/")[0]
    while folder and folder not in packages:
        folder = folder.rpartition("/")[0]
    return folder
