"""All of pgproof, imported: where a process is forked from that has done so, a command line starts at once."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import pgproof

for _module in walk_packages(pgproof.__path__, "pgproof."):
    if not _module.name.endswith("__main__"):
        import_module(_module.name)
for _name in ("jinja2", "postgast", "psycopg", "rich.console", "tree_sitter", "yaml"):
    import_module(_name)
