"""From a command line or a config's tables to checks that are ready to run."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from losscli.cli.data import DataOptions, open_inputs
from losscli.cli.say import skipped_notes
from losscli.custom import LossFile, load, resolve
from losscli.custom.files import SPELLING
from losscli.engine.plan import Inputs, Plan
from losscli.engine.result import Run
from losscli.errors import LosscliError, UsageError, quoted
from losscli.gates import baseline
from losscli.gates.expression import Gate, Resolve, allowance, fail_if, max_regress
from losscli.gates.outcome import Checked
from losscli.gates.verdicts import Gates, fail_all, judge_all
from losscli.losses.spec import BoundLoss
from losscli.settings.config import CheckTable, located

DATA = tuple(f.name for f in fields(DataOptions) if f.name not in ("by", "against"))
# A key of a table, where the option's parameter has another name.
PARAMETERS = {"id": "id_", "loss_file": "loss_files", "input": "more"}


@dataclass(frozen=True)
class Check:
    """A check that is ready to run: its gates, and where its data is.

    `against` are other predictions or a baseline's file.
    """

    asked: Gates
    data: DataOptions
    against: str | None


def of_options(name: str, options: Mapping[str, Any]) -> Check:
    """The check that a command line describes. Raises UsageError."""
    files = [load(path) for path in options["loss_files"]]

    def find(text: str) -> BoundLoss:
        return resolve(text, files, *_meant(options))

    limits, regressions = options["fail_if"], options["max_regress"]
    gates = [
        *_gates("--fail-if", (partial(fail_if, text, find) for text in limits)),
        *_gates("--max-regress", (partial(max_regress, text, find) for text in regressions)),
    ]
    return _check(name, gates, options, "--fail-if", "--max-regress", "--against")


def of_table(table: CheckTable, options: Mapping[str, Any]) -> Check:
    """The check of a config's table; `options` are what holds where it says nothing.

    Raises UsageError, naming the table.
    """
    own = {key: _located(key, value, table.folder) for key, value in table.values.items()}
    given = {PARAMETERS.get(key, key): value for key, value in own.items()}
    given["allow_different"] = own.get("allow_different") or options["allow_different"]
    if "data" in own:  # it takes the place of what holds for others
        given = {"true": None, "pred": None, **given}
    merged = {**options, "fail_if": (), "max_regress": {}, "against": None, **given}
    limits, regressions = merged["fail_if"], merged["max_regress"].items()
    with _place(table.origin):
        files = [load(path) for path in merged["loss_files"]]
        find = _finder(table.folder, files, merged)
        gates = [
            *_gates("fail_if", (partial(fail_if, text, find) for text in limits)),
            *_gates(
                "max_regress", (partial(allowance, loss, by, find) for loss, by in regressions)
            ),
        ]
        for key in ("true", "pred") if merged["data"] is None else ():
            if not merged[key]:
                raise UsageError(f"{key} is missing")
        return _check(table.name, gates, merged, "fail_if", "max_regress", "against")


def _gates(where: str, parsers: Iterable[Callable[[], Gate]]) -> list[Gate]:
    """What each parser makes; an error says where the text stands."""
    with _place(where):
        return [parse() for parse in parsers]


def chosen(tables: Sequence[CheckTable], names: Sequence[str]) -> list[CheckTable]:
    """The tables of these names, or all. Raises UsageError where there is none."""
    if not names:
        return [*tables]
    by_name = {table.name: table for table in tables}
    for name in names:
        if name not in by_name:
            near = get_close_matches(name, by_name, n=2)
            have = ", ".join(map(quoted, by_name)) or "none"
            hint = f"did you mean {' or '.join(map(quoted, near))}?" if near else None
            raise UsageError(f"there is no check {quoted(name)}", hint or f"the checks: {have}")
    return [by_name[name] for name in dict.fromkeys(names)]


def carried_out(check: Check, walk: Callable[[Plan, Inputs], Run]) -> Checked:
    """The verdicts of a check; what is at fault with its data is one of them."""
    try:
        asked, data = check.asked, check.data
        if check.against is not None and baseline.is_baseline(check.against):
            asked = replace(asked, baseline=baseline.load(check.against))
        else:
            data = replace(data, against=check.against)
        inputs, notes = open_inputs(data, [gate.loss for gate in asked.gates])
        found = judge_all(asked, inputs, walk)
    except LosscliError as error:
        return fail_all(check.asked, error)
    said = [] if found.n is None else skipped_notes(found.n)
    return replace(found, notes=tuple(dict.fromkeys([*notes, *found.notes, *said])))


def _check(
    name: str,
    gates: Sequence[Gate],
    options: Mapping[str, Any],
    limit: str,
    regress: str,
    against: str,
) -> Check:
    """A check of these gates, if it is a whole one; the last three are what the options are called.

    Raises UsageError.
    """
    if not gates:
        raise UsageError("there is no gate: nothing could fail", f"give {limit} or {regress}")
    if options["max_regress"] and not options["against"]:
        raise UsageError(
            f"{regress} needs {against}: other predictions, or a file of 'losscli baseline save'"
        )
    if options["against"] and not options["max_regress"]:
        raise UsageError(
            f"{against} alone judges nothing", f"say with {regress} how much worse is allowed"
        )
    asked = Gates(
        name,
        tuple(gates),
        options["dtype"],
        options["nan"],
        options["domain"],
        of=options["against"],
        allow_different=bool(options["allow_different"]),
    )
    data = DataOptions(**{key: options[key] for key in DATA})
    return Check(asked, data, options["against"])


def _meant(options: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The parameters of all losses, and the dialect of their names."""
    reduction = options["reduction"]
    return {} if reduction is None else {"reduction": reduction}, options["dialect"]


def _finder(folder: Path, files: Sequence[LossFile], options: Mapping[str, Any]) -> Resolve:
    """How losses of a config in this folder are found: their files are relative to it."""

    def find(text: str) -> BoundLoss:
        is_file = SPELLING.fullmatch(text) is not None
        path = located("loss_file", text, folder) if is_file else text
        return resolve(path, files, *_meant(options))

    return find


def _located(key: str, value: Any, folder: Path) -> Any:
    """A value of a table with its paths as they are from here."""
    if isinstance(value, tuple):
        return tuple(_located(key, one, folder) for one in value)
    return located(key, value, folder) if isinstance(value, str) else value


@contextmanager
def _place(where: str) -> Iterator[None]:
    """What is wrong is told with the place where it stands."""
    try:
        yield
    except UsageError as error:
        raise UsageError(f"{where}: {error.message}", error.hint) from None
