"""A program `npm` with a registry of its own: a folder. What it is asked for must be what the real one understands."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from pgproof.server import binaries
from pgproof.server.npm import package_name

EMBEDDED = next(i for i in binaries.find() if (i.major, i.origin) == (16, "embedded")).bindir.parent
STANDINS = Path(binaries.__file__).parent.parent / "platforms" / "standins"

_PROGRAM = """\
#!{python}
import json, os, pathlib, shutil, sys
registry = pathlib.Path({registry!r})
with (registry / "calls").open("a") as calls:
    calls.write(json.dumps([os.getcwd(), *sys.argv[1:]]) + "\\n")
command, *arguments = [argument for argument in sys.argv[1:]]
broken = registry / f"{{command}}.json"
if broken.exists():
    answer = json.loads(broken.read_text())
    sys.stdout.write(answer["stdout"])
    sys.stderr.write(answer["stderr"])
    sys.exit(answer["code"])
assert "--json" in arguments
if command == "view":
    name, what = arguments[:2]
    assert what == "versions"
    print(json.dumps(json.loads((registry / name / "versions.json").read_text())))
elif command == "install":
    assert "--ignore-scripts" in arguments
    folder = pathlib.Path(arguments[arguments.index("--prefix") + 1])
    name, _, version = next(a for a in arguments if a.startswith("@")).rpartition("@")
    shutil.copytree(registry / name / version, folder / "node_modules" / name)
    print("{{}}")
else:
    sys.exit(f"no such command: {{command}}")
"""


class Registry:
    """Packages in a folder, and the program that brings them, in `bin`."""

    def __init__(self, folder: Path) -> None:
        """Write the program."""
        self.folder = folder / "registry"
        self.bin = folder / "bin"
        self.name = package_name(18)
        (self.folder / self.name).mkdir(parents=True)
        self.bin.mkdir()
        program = self.bin / "npm"
        program.write_text(_PROGRAM.format(python=sys.executable, registry=str(self.folder)))
        program.chmod(0o755)

    def versions(self, *versions: str) -> None:
        """Say which versions there are."""
        (self.folder / self.name / "versions.json").write_text(json.dumps(versions))

    def answers(self, command: str, stdout: str, stderr: str = "", code: int = 1) -> None:
        """Let a command answer this, whatever it is asked."""
        answer = {"stdout": stdout, "stderr": stderr, "code": code}
        (self.folder / f"{command}.json").write_text(json.dumps(answer))

    def calls(self) -> list[list[str]]:
        """Return the folder and the arguments of each call."""
        asked = self.folder / "calls"
        calls: list[list[str]] = [json.loads(line) for line in asked.read_text().splitlines()] if asked.exists() else []
        return calls

    def package(self, version: str) -> Path:
        """Return the folder of a version's package."""
        return self.folder / self.name / version

    def publish(self, version: str, source: Path) -> Path:
        """Publish a package that holds the files of `source`, as hard links; return the folder of its server."""
        native = self.package(version) / "native"
        shutil.copytree(source, native, copy_function=_link_or_copy)
        return native


def _link_or_copy(source: str, target: str) -> Any:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def make_server(folder: Path) -> None:
    """Make what a package has below `native`: the embedded 16, with the stand-ins of some of contrib's extensions."""
    shutil.copytree(
        EMBEDDED, folder, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig")
    )
    for program in (folder / "bin").iterdir():
        if program.name not in ("postgres", "initdb"):
            program.unlink()
    # npm packages hold no links: a library has one of its names only, and a list says the others.
    library = next((folder / "lib").glob("libpq.*"))
    while library.is_symlink():
        library = library.parent / library.readlink()
    links = []
    for other in (folder / "lib").glob("libpq.*"):
        if other.is_symlink():
            other.unlink()
            links.append({"source": f"native/lib/{library.name}", "target": f"native/lib/{other.name}"})
    alias = library.with_name("libpq-alias.so")
    links.append({"source": f"native/lib/{library.name}", "target": f"native/lib/{alias.name}"})
    (folder / "pg-symlinks.json").write_text(json.dumps(links))
    extensions = next(folder.rglob("plpgsql.control")).parent
    for name in ("citext", "pgcrypto", "uuid-ossp"):
        for file in STANDINS.glob(f"{name}*"):
            shutil.copy(file, extensions)
    (extensions / "plperl.control").write_text("default_version = '1.0'\nmodule_pathname = '$libdir/plperl'\n")
    (extensions / "plperl--1.0.sql").write_text(
        "create function plperl_call() returns language_handler language c as 'MODULE_PATHNAME';\n"
    )
    for folder_, _, files in os.walk(folder):
        for file_ in files:
            path = Path(folder_) / file_
            if not path.is_symlink():
                path.chmod(0o700 if path.stat().st_mode & 0o100 else 0o600)  # as a strict umask leaves them
