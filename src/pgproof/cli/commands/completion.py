"""`pgproof completion`: what a shell needs to complete command lines."""

from __future__ import annotations

import click

_SHELLS = ("bash", "zsh", "fish")


_HELP = """Print a script for bash (4.4 or newer), zsh or fish.

\b
bash  eval "$(pgproof completion bash)"     in ~/.bashrc
zsh   eval "$(pgproof completion zsh)"      in ~/.zshrc, after compinit
fish  pgproof completion fish > ~/.config/fish/completions/pgproof.fish
"""


@click.command(help=_HELP, short_help="Print the script that makes a shell complete pgproof's commands.")
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> int:
    """Print the script."""
    from click.shell_completion import get_completion_class

    from pgproof.cli.streams import say

    kind = get_completion_class(shell)
    assert kind is not None
    say(kind(context.find_root().command, {}, "pgproof", "_PGPROOF_COMPLETE").source() + "\n")
    return 0
