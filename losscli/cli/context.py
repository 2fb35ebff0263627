"""What holds for the running command: the global options, wherever on the line they stood."""

from typing import Any

import click

META = "losscli."


def global_option(name: str) -> Any:
    """What a global option of the running command says, None where nothing does."""
    ctx = click.get_current_context(silent=True)
    return None if ctx is None else ctx.meta.get(META + name)
