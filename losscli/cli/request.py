"""From the options of the running command to a Request."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from losscli.cli.command import key_of

if TYPE_CHECKING:
    from losscli.request.request import Request


def as_option(key: str, value: object = None) -> str:
    """A setting as the command line has it: `--true-cols`, `--unmatched drop`, `--no-header`."""
    name = key.replace("_", "-")
    if value is None or value is True:
        return f"--{name}"
    return f"--no-{name}" if value is False else f"--{name} {value}"


def values_by_key(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a command by the keys that settings and requests have for them."""
    return {key_of(name): value for name, value in options.items()}


def parse_request(
    options: Mapping[str, Any], losses: Sequence[str] = (), *, everything: bool = False
) -> "Request":
    """The request that a command's options make. Raises UsageError."""
    from losscli.request import parse
    from losscli.request.request import LossRequest

    values = values_by_key(options)
    values["losses"] = tuple(LossRequest(text) for text in losses)
    values["everything"] = everything
    return parse.parse_request({key: _or_none(value) for key, value in values.items()})


def _or_none(value: Any) -> Any:
    """An option's value; a repeatable one that was not given is none."""
    return None if value == () else value


def require_losses(losses: Sequence[str], files: Sequence[str]) -> None:
    """Raise click's usage error where no loss is named."""
    if not losses and not files:
        raise click.UsageError("LOSS is missing", click.get_current_context())
