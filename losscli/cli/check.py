"""`losscli check`: gates that fail where a model has got worse."""

import os
import re
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

import click
from click.core import ParameterSource

from losscli.cli import candidates
from losscli.cli.command import Command, config
from losscli.cli.options import (
    data_options,
    dialect_options,
    dtype_option,
    format_option,
    loss_file_option,
)
from losscli.cli.request import parse_request, values_by_key
from losscli.cli.say import remark, say, say_notes
from losscli.errors import UsageError, quoted
from losscli.words import CheckFormat, ReportKind

if TYPE_CHECKING:
    from losscli.gates.check import Check
    from losscli.gates.outcome import Checked, Outcome

FAILED, ERROR = 1, 2
REPORTS: dict[str, ReportKind] = {kind: kind for kind in get_args(ReportKind)}
# Options that say how checks are run and told; all others describe a check.
SHARED = ("exit_zero", "fail_fast", "allow_different", "reports", "format_", "names")


@click.command("check", cls=Command, short_help="Fail where a model has got worse: gates for CI.")
@click.argument("names", metavar="[NAME...]", nargs=-1, shell_complete=candidates.checks)
@click.option(
    "--fail-if",
    metavar="EXPR",
    multiple=True,
    help="A gate: fail where EXPR is true, LOSS[.STATISTIC] > LIMIT, also with >= < <= "
    "(repeatable).",
)
@click.option(
    "--against",
    shell_complete=candidates.files,
    metavar="FILE",
    help="Other predictions, or a file of 'losscli baseline save', that --max-regress is about.",
)
@click.option(
    "--max-regress",
    metavar="LOSS=N|N%",
    multiple=True,
    help="A gate: fail where LOSS is worse than --against by more than N, or N percent of it "
    "(repeatable).",
)
@click.option(
    "--allow-different",
    is_flag=True,
    help="Compare with a baseline of other data or another signature all the same.",
)
@click.option("--name", metavar="NAME", default="check", help="What reports call the check.")
@data_options
@loss_file_option
@dialect_options
@dtype_option
@format_option(CheckFormat)
@click.option(
    "--report",
    "reports",
    metavar="KIND=FILE",
    multiple=True,
    help="Write the verdicts to junit=FILE, markdown=FILE or json=FILE, too, or as annotations and "
    "step summary of GitHub Actions: github (repeatable).",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 where gates fail; with 2 on errors.")
@click.option("--fail-fast", is_flag=True, help="Run no check after one that fails.")
@click.pass_context
def command(ctx: click.Context, /, names: tuple[str, ...], **options: Any) -> None:
    """Judge losses by gates, and exit with 1 where one of them fails.

    Without options that describe a check of its own, the checks of losscli.toml or of
    [tool.losscli] in pyproject.toml are run: all of them, or those named.

    A bare loss is its value over all samples; a statistic, one of mean, min, max, std, p50, p95,
    p99, any other percentile such as p99.9, or n, is that of the samples' values, unweighted. A
    value that is no finite number fails. Exit codes: 0 all gates passed, 1 a gate failed, 2 an
    error: something could not be judged.

    \b
    losscli check --true y_true.csv --pred y_pred.csv --fail-if 'mse > 3000'
    losscli check --true y.csv --pred p.csv --fail-if 'mae.p95 > 120' --fail-if 'mse.n < 442'
    losscli check --true y.csv --pred new.csv --against old.csv --max-regress mse=2%
    losscli check --true y.csv --pred p.csv --against baseline.json --max-regress mse=0.5
    losscli check --report junit=report.xml
    """
    targets = parse_reports(options["reports"])
    is_own = bool(_describing(ctx))
    from losscli.reports.check import write
    from losscli.reports.verdicts import sentence

    outcome = _run(_checks(ctx, names, options), options["fail_fast"])
    _report(outcome, targets)
    if outcome.count("passed") + outcome.count("failed"):  # else the errors tell all there is
        write(outcome, options["format_"], sys.stdout)
        sys.stdout.flush()
        (remark if outcome.status == "passed" else say)(sentence(outcome))
    _say_faults(outcome, with_names=not is_own)
    if "github" in targets:
        from losscli.reports import github

        # GitHub reads commands from both streams; standard output is the results' alone.
        for line in github.annotations(outcome):
            say(line)
    say_notes(
        f"{'' if is_own else f'{check.name}: '}{note}"
        for check in outcome.checks
        for note in check.notes
    )
    if outcome.status == "error":
        ctx.exit(ERROR)
    if outcome.status != "passed" and not options["exit_zero"]:
        ctx.exit(FAILED)


def _describing(ctx: click.Context) -> list[str]:
    """The options on the command line that describe a check."""
    return [
        max(param.opts, key=len)
        for param in ctx.command.params
        if param.expose_value  # those of every command describe nothing
        and param.name not in SHARED
        and ctx.get_parameter_source(str(param.name)) is ParameterSource.COMMANDLINE
    ]


def _checks(ctx: click.Context, names: tuple[str, ...], options: dict[str, Any]) -> "list[Check]":
    """The checks to run: at least one. Raises UsageError."""
    from losscli.gates.check import make_check
    from losscli.settings.checks import choose_checks, parse_check

    describing = _describing(ctx)
    if describing and names:
        raise UsageError(
            f"{describing[0]} describes a check of its own, and {quoted(names[0])} is one of the "
            "config",
            "leave out one of them",
        )
    if describing:
        made = make_check(
            options["name"],
            parse_request(options),
            options["fail_if"],
            options["max_regress"],
            against=options["against"],
            allow_different=options["allow_different"],
        )
        return [made]
    found = config(ctx)
    if not found.checks and not names:
        where = f"{found.file.name} has no [[check]]" if found.file else "there is no losscli.toml"
        raise UsageError(
            f"there is no check to run: {where}",
            "describe one: losscli check --true T --pred P --fail-if 'mse > 3000'",
        )
    values = values_by_key(options)
    return [parse_check(table, values) for table in choose_checks(found.checks, names)]


def _run(todo: "list[Check]", fail_fast: bool) -> "Outcome":
    """Each check in its turn; with `fail_fast` none after the first that does not pass."""
    from losscli.cli.progress import run
    from losscli.gates.check import run_check
    from losscli.gates.outcome import Outcome
    from losscli.gates.verdicts import skip_all

    walk = partial(run, stream=sys.stdout)
    done: list[Checked] = []
    for check in todo:
        is_over = fail_fast and any(one.status != "passed" for one in done)
        done.append(skip_all(check.to_judge) if is_over else run_check(check, walk))
    return Outcome(tuple(done))


def _say_faults(outcome: "Outcome", with_names: bool) -> None:
    """Each reason why gates could not be judged, once a check."""
    for check in outcome.checks:
        faults = [judged.fault for judged in check.gates if judged.fault is not None]
        for fault in dict.fromkeys(faults):
            name = f"{check.name}: " if with_names else ""
            say(f"error: {name}{fault.message}")
            if fault.hint:
                say(f"hint: {fault.hint}")


def parse_reports(texts: tuple[str, ...]) -> dict[ReportKind, str]:
    """The kinds of reports with their files, none for github. Raises UsageError."""
    targets: dict[ReportKind, str] = {}
    for text in texts:
        name, equals, path = text.partition("=")
        kind = REPORTS.get(name)
        if kind is None:
            spelt = [name if name == "github" else f"{name}=FILE" for name in REPORTS]
            raise UsageError(f"there is no report {quoted(name)}", f"reports: {', '.join(spelt)}")
        if re.search(r",(junit|markdown|json)=|,github$", path):
            raise UsageError(
                f"{quoted(text)} asks for several reports", "write --report once for each"
            )
        if kind == "github" and equals:
            raise UsageError("the report github has no file", "write --report github")
        if kind != "github" and path in ("", "-"):
            raise UsageError(f"the report {kind} needs a file", f"write --report {kind}=FILE")
        if kind in targets:
            raise UsageError(f"the report {kind} is asked for twice")
        targets[kind] = path
    files = [os.path.realpath(path) for path in targets.values() if path]
    if len(set(files)) < len(files):
        raise UsageError("two reports have one file")
    return targets


def _report(outcome: "Outcome", targets: dict[ReportKind, str]) -> None:
    """Write the reports to their files. Raises OutputError."""
    from losscli.reports.check import export

    for kind, path in targets.items():
        export(outcome, kind, path)
