"""`losscli config`: the settings in force, and where each comes from."""

import sys
from typing import TYPE_CHECKING, Any

import click

from losscli.cli.command import GLOBAL_OPTIONS, Command, config, key_of
from losscli.cli.options import format_option
from losscli.settings.config import SETTING_KEYS, relative
from losscli.words import PlainFormat

if TYPE_CHECKING:
    from losscli.words import PlainFormat


@click.command("config", cls=Command, short_help="Show the settings in force.")
@format_option(PlainFormat)
@click.pass_context
def command(ctx: click.Context, format_: "PlainFormat") -> None:
    """Show each setting in force and where it comes from, and the names of the checks.

    A setting is the default of the option of its name. It comes from a variable LOSSCLI_NAME, or
    from losscli.toml or the table [tool.losscli] of pyproject.toml: the nearest one, in this folder
    or above it, up to the top of the repository.
    """
    found = config(ctx)
    defaults = _defaults(ctx)
    settings = [
        (key, found.settings[key].value, found.settings[key].origin)
        if key in found.settings
        else (key, defaults.get(key), "default")
        for key in SETTING_KEYS
    ]
    file = None if found.file is None else relative(found.file)
    checks = [check.name for check in found.checks]
    from losscli.reports.pages import write_config

    write_config(file, settings, checks, format_, sys.stdout)


def _defaults(ctx: click.Context) -> dict[str, Any]:
    """What `losscli compute` does where nothing is set, by key."""
    from losscli.cli import compute

    own = compute.command.make_context("compute", [], parent=ctx.parent, resilient_parsing=True)
    defaults = {option.name: option.default for option in GLOBAL_OPTIONS} | own.params
    # An option that may be repeated has no value where it is not given.
    return {key_of(str(name)): None if value == () else value for name, value in defaults.items()}
