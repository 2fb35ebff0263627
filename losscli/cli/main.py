"""The group of commands, and the boundary at which every error becomes a line and an exit code."""

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module

import click

from losscli import __version__
from losscli.cli.command import GLOBAL_OPTIONS
from losscli.cli.request import as_option
from losscli.cli.say import say, silence
from losscli.errors import LosscliError, MissingError, OutputError, quoted, tongue

# Each is a module of this package with a `command`; it is imported when it is called for.
COMMANDS = (
    *("compute", "compare", "check", "baseline", "list", "info", "new-loss"),
    *("config", "completion", "version"),
)

FINE, USAGE, INTERNAL, INTERRUPTED, BROKEN_PIPE = 0, 2, 70, 130, 141


class Commands(click.Group):
    """A group that imports a command when it is called for, and knows near names of a wrong one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"losscli.cli.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = get_close_matches(name, COMMANDS, n=1)
            known = f"the commands: {', '.join(COMMANDS)}"
            hint = f"did you mean 'losscli {near[0]}'?" if near else known
            raise LosscliError(f"there is no command {quoted(name)}", hint)
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="losscli %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """The loss that your predictions have: the number that Keras, torch or scikit-learn reports.

    \b
    losscli compute mse --true y_true.csv --pred y_pred.csv
    losscli compute mse mae --true '[[0,1,1],[0,0,1]]' --pred '[[1,1,0],[1,0,1]]'
    losscli compare --true y_true.csv --pred ridge=ridge.csv --pred forest.csv
    losscli check --true y_true.csv --pred y_pred.csv --fail-if 'mse > 3000'
    losscli list
    losscli info huber

    Results go to standard output, notes and errors to standard error. Exit codes: 0 fine, 1 a
    gate failed, 2 an error in the usage, the data or a file, 70 an internal error, 130 interrupted,
    141 the reader of a pipe went away.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(USAGE)


cli.params.extend(GLOBAL_OPTIONS)


def run(args: Sequence[str]) -> int:
    """Run the command line with these arguments and return its exit code. Never raises."""
    spoken = tongue.set(as_option)
    try:
        if sys.stdout is None:
            raise OutputError("standard output is closed")
        if (completing := os.environ.get("_LOSSCLI_COMPLETE")) is not None:
            from losscli.cli.shells import answer

            answer(cli, completing)
            return FINE
        # Text that the encoding lacks is escaped: a file's name must not stop its result.
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        code = _invoke(args)
        sys.stdout.flush()
        return code
    except BaseException as error:
        if "--debug" in args:
            import traceback

            for line in traceback.format_exc().splitlines():
                say(line)
        code = _report(error, args)
        _flush_or_silence()
        return code
    finally:
        tongue.reset(spoken)


def _invoke(args: Sequence[str]) -> int:
    try:
        # Not Command.main(): that maps aborts, broken pipes and usage errors to codes of its own.
        with cli.make_context("losscli", list(args)) as ctx:
            cli.invoke(ctx)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    return FINE


def _report(error: BaseException, args: Sequence[str]) -> int:
    """Say on standard error what went wrong, and return the exit code for it."""
    match error:
        case MissingError():
            return _say(USAGE, error.message, _usage(args))
        case LosscliError():
            return _say(USAGE, error.message, error.hint)
        case click.UsageError():
            # Choices stand on lines of their own.
            message = " ".join(error.format_message().split())
            return _say(USAGE, message, _usage(args))
        case click.ClickException():
            return _say(USAGE, error.format_message())
        case KeyboardInterrupt() | click.Abort():
            return _say(INTERRUPTED, "interrupted")
        case BrokenPipeError():
            silence(sys.stdout)
            return BROKEN_PIPE
        case OSError():
            silence(sys.stdout)
            return _say(USAGE, f"input or output failed: {error.strerror or error}")
        case _:
            return _say(
                INTERNAL,
                f"internal error: {type(error).__name__}: {error}",
                "this is a fault of losscli; 'losscli --debug …' shows where",
            )


def _usage(args: Sequence[str]) -> str:
    """Where the usage of the command stands that was called."""
    command = next((arg for arg in args if arg in COMMANDS), None)
    path = f"losscli {command}" if command else "losscli"
    return f"'{path} --help' shows the usage"


def _say(code: int, message: str, hint: str | None = None) -> int:
    say(f"error: {message}")
    if hint:
        say(f"hint: {hint}")
    return code


def _flush_or_silence() -> None:
    """Write what was printed before an error, if it can be; the error has been told already."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        silence(sys.stdout)
