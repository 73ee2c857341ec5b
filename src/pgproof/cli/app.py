"""The group of all commands. A command's module is imported when it is used: start-up stays cheap."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import click

from pgproof import __version__
from pgproof.model.errors import UsageError
from pgproof.model.spelling import did_you_mean


class Commands(click.Group):
    """The modules of `commands/`, each with its `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the modules."""
        return sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).with_name("commands"))]))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(f"pgproof.cli.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Say what was probably meant when there is no such command."""
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-"):
            raise UsageError(
                f'there is no command "{name}"{did_you_mean(name, known)}', f"The commands are {', '.join(known)}."
            )
        return super().resolve_command(ctx, args)


_HELP = """Prove that a PostgreSQL database, its migrations and the code that uses it agree.

\b
pgproof demo     shows what this is, on a packaged project
pgproof check    checks the project in this folder; no configuration is needed

Exit codes: 0 GO, 1 NO-GO, 2 usage or configuration error, 3 UNDECIDED, 4 the tool could not do its work.
"""


@click.group(
    cls=Commands, help=_HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, message="pgproof %(version)s")
def app() -> None:
    """Prove that a PostgreSQL database, its migrations and the code that uses it agree."""
