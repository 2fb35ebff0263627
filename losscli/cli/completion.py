"""`losscli completion`: the script that lets a shell complete losscli."""

import sys

import click

from losscli.cli.command import Command


@click.command("completion", cls=Command, short_help="Print the completion script of a shell.")
@click.argument("shell", metavar="bash|zsh|fish", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that lets a shell complete commands, options, losses and columns.

    \b
    source <(losscli completion bash)
    losscli completion zsh > "${fpath[1]}/_losscli"
    losscli completion fish | source
    """
    from losscli.cli.shells import script

    sys.stdout.write(script(shell, ctx.find_root().command))
