"""What lets a migration tool take its database from the environment: the lines to add, each tried with the tool."""

from __future__ import annotations

_ALEMBIC = """\
Let alembic's env.py take the URL from the environment, below `config = context.config`:

    import os
    if os.environ.get("DATABASE_URL"):
        config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"].replace("%", "%%"))"""
_DJANGO = """\
Let Django's settings take the database from the environment, below DATABASES:

    import os
    if os.environ.get("PGHOST"):
        DATABASES["default"].update(
            HOST=os.environ["PGHOST"], PORT=os.environ["PGPORT"], NAME=os.environ["PGDATABASE"],
            USER=os.environ["PGUSER"], PASSWORD=os.environ["PGPASSWORD"],
        )"""
_KNEX = """\
Let the knexfile take the database from the environment:

    connection: process.env.DATABASE_URL || …"""
_TYPEORM = """\
Let the data source take the database from the environment:

    url: process.env.DATABASE_URL || …"""
_OTHERS = """\
Let the tool take its database from the variable DATABASE_URL, or from PGHOST, PGPORT, PGUSER, PGPASSWORD and
PGDATABASE. If it reads other variables, name them in pgproof.toml:

    [replay.environment]
    APP_DATABASE = "{url}"          # also {host}, {port}, {user}, {password}, {database}"""
_BY_WORD = {"alembic": _ALEMBIC, "manage.py": _DJANGO, "django-admin": _DJANGO, "knex": _KNEX, "typeorm": _TYPEORM}


def lines_for(command: str) -> str:
    """Return what to change in a project so that a command of its comes to pgproof's database."""
    return next((lines for word, lines in _BY_WORD.items() if word in command), _OTHERS)


def way_out(command: str) -> str:
    """Return how to have migrations replayed by the project's own tool, and what to see to before."""
    return (
        f'let the project\'s own tool run them, in pgproof.toml: [replay] command = "{command}"\n'
        "It runs on this machine, with DATABASE_URL, PGHOST and so on set to pgproof's own server. First see to it\n"
        "that the tool goes there: with another database in its settings it would migrate that one.\n"
        f"{lines_for(command)}"
    )
