"""What all commands share: options that any of them takes, and defaults from the config."""

import os
from functools import partial
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from losscli.cli.context import META
from losscli.cli.say import say_notes
from losscli.errors import UsageError, quoted
from losscli.settings.config import Config, load
from losscli.words import When, choices

# An option on the command line, and the settings that it takes the place of.
INSTEAD = {"data": ("true", "pred")}
# What to do where an option that may stand once is wanted for several.
REPEATED = {
    "pred": "'losscli compare' takes several predictions",
    "pred_cols": "'losscli compare' takes several models of one file",
}


class GlobalOption(click.Option):
    """An option that stands before the command or after it; shown in the help of losscli itself."""

    def __init__(self, *names: str, **attributes: Any) -> None:
        super().__init__([*names], expose_value=False, callback=_keep, **attributes)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        return super().get_help_record(ctx) if ctx.parent is None else None


def _keep(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    assert option.name is not None
    if ctx.get_parameter_source(option.name) is ParameterSource.COMMANDLINE:
        ctx.meta[META + option.name] = value  # the one nearest to the end counts


def _when(name: str, text: str) -> GlobalOption:
    choice = click.Choice(choices(When))
    return GlobalOption(name, type=choice, default="auto", show_default=True, help=text)


GLOBAL_OPTIONS = (
    GlobalOption(
        "--quiet",
        is_flag=True,
        default=False,
        help="Only results and errors: no notes, no progress.",
    ),
    GlobalOption("--debug", is_flag=True, help="Show the traceback of an error."),
    _when("--color", "Whether tables have colours; auto: on a terminal, unless NO_COLOR is set."),
    _when("--progress", "Whether to show progress; auto: on a terminal, after a second."),
    GlobalOption(
        "--config",
        type=click.Path(),
        metavar="FILE|none",
        help="Take settings and checks from this file, or from none.",
    ),
)


class Command(click.Command):
    """A command that takes the global options, and its defaults from the config."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        names = ", ".join(option.opts[0] for option in GLOBAL_OPTIONS)
        attributes.setdefault("epilog", f"Also {names}: see 'losscli --help'.")
        super().__init__(*args, **attributes)
        self.params = [*self.params, *GLOBAL_OPTIONS]

    def make_parser(self, ctx: click.Context) -> Any:
        parser = super().make_parser(ctx)
        if not ctx.resilient_parsing:
            _refuse_repeats(parser, self)
        return parser

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)  # it does not come back from --help
        if not ctx.resilient_parsing:
            settle(ctx)
        return rest


def _refuse_repeats(parser: Any, command: click.Command) -> None:
    """Let click's parser raise UsageError where an option that may stand once is given again."""
    once = {
        param.name: param
        for param in command.params
        if isinstance(param, click.Option) and not param.multiple and not param.is_flag
    }

    def process(option: Any, value: str, state: Any) -> None:
        name = option.obj.name
        if name in once and name in state.opts:
            raise UsageError(
                f"{max(option.obj.opts, key=len)} is given twice: {quoted(state.opts[name])} and "
                f"{quoted(value)}",
                REPEATED.get(name, "give it once"),
            )
        process_one(option, value, state)

    for option in {id(one): one for one in _parser_options(parser)}.values():
        process_one = type(option).process
        option.process = partial(process, option)


def _parser_options(parser: Any) -> list[Any]:
    return [*parser._long_opt.values(), *parser._short_opt.values()]


def settle(ctx: click.Context) -> None:
    """Give the options that the command line leaves out the values of the config.

    Raises LosscliError for a config that cannot be read.
    """
    found = config(ctx)
    for option in GLOBAL_OPTIONS:
        if (setting := found.settings.get(str(option.name))) is not None:
            ctx.meta.setdefault(META + str(option.name), setting.value)
    instead = {key for name in INSTEAD if ctx.params.get(name) for key in INSTEAD[name]}
    for param in ctx.command.params:
        name = str(param.name)
        setting = found.settings.get(key_of(name))
        is_left_out = ctx.get_parameter_source(name) is ParameterSource.DEFAULT
        if setting is None or not is_left_out or name in instead or name not in ctx.params:
            continue
        if isinstance(param.type, click.Choice) and setting.value not in param.type.choices:
            continue  # it is meant for other commands
        value = (setting.value,) if param.multiple else setting.value
        ctx.params[name] = param.type_cast_value(ctx, value)
        ctx.set_parameter_source(name, ParameterSource.DEFAULT_MAP)
    if (color := ctx.meta.get(META + "color")) is not None:
        from losscli.reports.color import color as asked

        token = asked.set(color)
        ctx.call_on_close(lambda: asked.reset(token))
    if found.notes:
        ctx.call_on_close(lambda: say_notes(found.notes))


def key_of(parameter: str) -> str:
    """The key of the setting that is a parameter's default, if there is one."""
    return parameter.rstrip("_")


def config(ctx: click.Context) -> Config:
    """The config in force, read when it is first asked for. Raises LosscliError."""
    found: Config | None = ctx.meta.get(META + "in_force")
    if found is None:
        try:
            here = Path.cwd()
        except FileNotFoundError:  # the folder was removed
            here = Path(os.sep)
        found = load(here, os.environ, ctx.meta.get(META + "config"))
        ctx.meta[META + "in_force"] = found
    return found
