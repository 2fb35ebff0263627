"""What may stand where the cursor is: the values that a shell completes, parameter by parameter.

Each is a `shell_complete` of click's: of the context, the parameter and the word so far. An item's
type is `plain`; `open` where the word may go on, so that no blank follows; or `file`.
"""

import os
from collections.abc import Callable, Iterable, Sequence

import click
from click.shell_completion import CompletionItem

from losscli.cli.command import config, settle

Items = list[CompletionItem]
Completer = Callable[[click.Context, click.Parameter, str], Items]
# Reading a header must not take long; these are read as a whole.
LARGE, WHOLE = 1 << 22, (".json", ".gz", ".zst")


def files(ctx: click.Context, param: click.Parameter, word: str) -> Items:
    """Whatever files there are: the shell knows."""
    return [CompletionItem(word, type="file")]


def losses(ctx: click.Context, param: click.Parameter, word: str) -> Items:
    """The losses, after a colon their parameters, after '=' values; files if none fits."""
    from losscli.request.catalogue import complete_losses

    settle(ctx)
    known = complete_losses(ctx.params.get("dialect"))
    name, colon, settings = word.partition(":")
    if colon:
        parameters = known[name][1] if name in known else {}
        *before, last = settings.split(",")
        head = word[: len(word) - len(last)]
        key, equals, value = last.partition("=")
        used = {setting.partition("=")[0] for setting in before}
        if equals:
            return _items(f"{head}{key}=", parameters.get(key, ((), ""))[0], value)
        return [
            CompletionItem(f"{head}{free}=", type="open", help=parameters[free][1] or None)
            for free in parameters
            if free not in used and free.startswith(last)
        ]
    found = [
        CompletionItem(one, type="open" if parameters else "plain", help=summary)
        for one, (summary, parameters) in known.items()
        if one.startswith(word)
    ]
    return found or files(ctx, param, word)


def families(ctx: click.Context, param: click.Parameter, word: str) -> Items:
    """The families of losses."""
    from losscli.request import catalogue

    return _items("", catalogue.families(), word)


def checks(ctx: click.Context, param: click.Parameter, word: str) -> Items:
    """The names of the config's checks, but those named before."""
    taken = ctx.params.get(str(param.name)) or ()
    names = [check.name for check in config(ctx).checks if check.name not in taken]
    return _items("", names, word)


def columns_of(*options: str) -> Completer:
    """The columns of the file that one of these options names, in a comma list."""

    def complete(ctx: click.Context, param: click.Parameter, word: str) -> Items:
        *before, last = word.split(",")
        head = word[: len(word) - len(last)]
        names = [name for name in _header(ctx, options) if name not in before]
        return _items(head, names, last)

    return complete


def column_or_file(ctx: click.Context, param: click.Parameter, word: str) -> Items:
    """A column of the true file, FILE:COLUMN, or a file."""
    path, colon, column = word.rpartition(":")
    if colon and os.path.isfile(path):
        return _items(f"{path}:", _names(ctx, path), column)
    found = _items("", _header(ctx, ("true", "data")), word)
    return found or files(ctx, param, word)


def _items(head: str, values: Iterable[str], word: str) -> Items:
    return [CompletionItem(head + value) for value in values if value.startswith(word)]


def _header(ctx: click.Context, options: Sequence[str]) -> Sequence[str]:
    """The column names of the file that the line names before, or the config does."""
    settle(ctx)
    for option in options:
        given = ctx.params.get(option)
        path = given[-1] if given and not isinstance(given, str) else given
        if not path:
            continue
        name, equals, rest = path.partition("=")
        if equals and "/" not in name and not os.path.exists(path):
            path = rest
        return _names(ctx, path)
    return ()


def _names(ctx: click.Context, path: str) -> Sequence[str]:
    """The column names of a file, if it is one that can be looked at in no time."""
    if not os.path.isfile(path):  # inline data, a pipe that can be read only once
        return ()
    if path.endswith(WHOLE) and os.path.getsize(path) > LARGE:
        return ()
    from losscli.cli.request import values_by_key
    from losscli.request.catalogue import column_names
    from losscli.request.parse import parse_reading

    names = column_names(path, parse_reading(values_by_key(ctx.params)))
    return [name for name in names if name.strip() and name.isprintable()]
