"""`losscli version`: which losscli this is, and what it runs on."""

import re
import sys
from importlib import metadata
from typing import Any

import click

from losscli import __version__
from losscli.cli.command import Command, config
from losscli.cli.options import format_option
from losscli.settings.config import relative
from losscli.words import TextFormat

PARTS = ("numpy", "click", "rich")
EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")


@click.command("version", cls=Command, short_help="Show the version, and those of its parts.")
@click.option("--all", "everything", is_flag=True, help="Also Python, packages, extras, platform.")
@format_option(TextFormat)
@click.pass_context
def command(ctx: click.Context, everything: bool, format_: str) -> None:
    """Show the version of losscli; with --all what a report of a fault should say."""
    about = _about(ctx) if everything else {}
    if format_ == "json":
        from losscli.reports import json

        sys.stdout.write(json.dump("version", about))
        return
    click.echo(f"losscli {__version__}")
    for name, value in about.items():
        parts = value if isinstance(value, dict) else {name: value}
        for part, said in parts.items():
            click.echo(f"{_label(name, part)} {_said(said)}")


def _label(name: str, part: str) -> str:
    return f"extra {part}:" if name == "extras" else part


def _said(value: Any) -> str:
    if isinstance(value, dict):  # an extra's packages
        return ", ".join(f"{name} {found or 'not installed'}" for name, found in value.items())
    return "none" if value is None else str(value)


def _about(ctx: click.Context) -> dict[str, Any]:
    """What a result may depend on beside the data, by name."""
    import platform

    file = config(ctx).file
    return {
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PARTS},
        "extras": _extras(),
        "platform": platform.platform(),
        "config": None if file is None else relative(file),
    }


def _version(package: str) -> str | None:
    """The version that is installed, None where there is none."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _extras() -> dict[str, dict[str, str | None]]:
    """The packages of each extra, with what is installed of them; nothing of a bare checkout."""
    try:
        requirements = metadata.requires("losscli") or []
    except metadata.PackageNotFoundError:
        return {}
    extras: dict[str, dict[str, str | None]] = {}
    for requirement in requirements:
        extra, package = EXTRA.search(requirement), re.match(r"[\w.-]+", requirement)
        if extra and package:
            extras.setdefault(extra[1], {})[package[0]] = _version(package[0])
    return extras
