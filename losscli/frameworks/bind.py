"""From what a user writes to a loss: `huber:delta=2`, in the words of a dialect."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import get_args

from losscli.errors import UsageError, quoted
from losscli.frameworks.base import Dialect, Row, Words
from losscli.frameworks.lookup import DEFAULT, dialect_of, rows_named, rows_of, unknown
from losscli.frameworks.tables import DIALECTS
from losscli.losses.handling import Origin
from losscli.losses.parameters import CLASSES, Value, spell
from losscli.losses.registry import by_name, find, specs
from losscli.losses.spec import BoundLoss, LossSpec
from losscli.words import Reduction

SAMPLE_WEIGHT = "sample_weight"
# A comma that is followed by `name=` starts the next parameter.
NEXT_PARAMETER = re.compile(r",(?=[^,=\]]*=)")


def parse(text: str, dialect: str = DEFAULT) -> BoundLoss:
    """The loss that `name[:param=value[,param=value…]]` spells. Raises UsageError.

    >>> parse("huber:delta=2").params
    {'delta': 2.0, 'multioutput': 'uniform_average'}
    """
    name, colon, settings = text.partition(":")
    return named(name, settings if colon else None, text, dialect)


def named(name: str, settings: str | None, text: str, dialect: str = DEFAULT) -> BoundLoss:
    """The loss that a dialect calls by this name, with the parameters of `param=value,…`.

    The dialect's own names come first, then ours of the losses that it has; under the default
    dialect all of ours. `text` is all of the spelling. Raises UsageError.
    """
    table = dialect_of(dialect)
    given = _settings(settings, name, text)
    rows = rows_named(name, table)
    if not rows:
        spec = by_name().get(name) or by_name().get(name.lower())
        if spec is None or (dialect != DEFAULT and not rows_of(spec, table)):
            raise unknown(name, spec, table)
        rows = _meant(spec, rows_of(spec, table), given, table)
        if not rows:
            return bound(spec, None, table, given, name, text)
    return _first_that_binds(rows, table, given, name, text)


def everywhere(
    text: str, more: Mapping[str, str] | None = None
) -> tuple[list[BoundLoss], dict[str, str]]:
    """The loss in each dialect that has it with these parameters, and why others do not.

    Raises UsageError where none has it.
    """
    name, colon, settings = text.partition(":")
    given = {**_settings(settings if colon else None, name, text), **(more or {})}
    specs, row = _canonical(name)
    meant = row.presets if row else {}
    flags = {flag: "true" for spec in specs for flag in _flags(spec) if meant.get(flag)}
    found, refusals = [], {}
    for table in DIALECTS.values():
        try:
            rows, said = rows_named(name, table), given
            if not rows:
                # What the name says of the data is to hold elsewhere, too.
                said = {**flags, **given}
                rows = [
                    one for spec in specs for one in _meant(spec, rows_of(spec, table), said, table)
                ]
            if not rows:
                refusals[table.name] = f"{table.framework} has no such loss"
                continue
            loss = _first_that_binds(rows, table, said, name, text)
            label = f"{table.name} {loss.origin.name}" + (f":{settings}" if settings else "")
            found.append(replace(loss, label=label))
        except UsageError as refusal:
            refusals[table.name] = refusal.message
    if not found and row is None and not given:
        found = [bound(specs[0], None, dialect_of(DEFAULT), given, name, text)]
    if not found:
        raise UsageError(f"no dialect has {quoted(text)}: {next(iter(refusals.values()))}")
    return found, refusals


def of_row(table: Dialect, row: Row) -> BoundLoss:
    """The loss that a row of a dialect describes."""
    name = row.names.split()[0]
    return bound(find(row.loss), row, table, {}, name, name)


def losses_of(dialect: str) -> list[BoundLoss]:
    """Every loss that a dialect has, by its first name there; of the default one all of ours."""
    table = dialect_of(dialect)
    if dialect == DEFAULT:
        return [
            bound(spec, next(iter(rows_of(spec, table)), None), table, {}, spec.name, spec.name)
            for spec in specs()
        ]
    names = dict.fromkeys(row.names.split()[0] for row in table.rows)
    return [named(name, None, name, dialect) for name in names]


def of_spec(spec: LossSpec, name: str, settings: str | None, text: str, dialect: str) -> BoundLoss:
    """A loss of the user's own, with its parameters; it is reduced as a dialect does."""
    given = _settings(settings, name, text, spec)
    return of_dialect(bound(spec, None, dialect_of(dialect), given, name, text), dialect)


def of_dialect(loss: BoundLoss, dialect: str) -> BoundLoss:
    """A loss of the user's own in a dialect's unreduced form, with its reduction."""
    table = dialect_of(dialect)
    form = table.own_form or table.form
    handling = replace(loss.handling, form=form)
    if loss.handling.default is None:
        handling = replace(handling, reduction=table.reduction)
    return replace(loss, handling=handling, origin=Origin(table.name, table.version))


def reduced(loss: BoundLoss, reduction: str | None) -> BoundLoss:
    """The loss with another reduction, which may have the framework's name. Raises UsageError."""
    if reduction is None:
        return loss
    default = loss.handling.default or loss.handling.reduction
    ours = _reduction(reduction, dialect_of(loss.origin.dialect), default)
    others = tuple(reduced(one, reduction) for one in loss.alternatives)
    return replace(loss, handling=replace(loss.handling, reduction=ours), alternatives=others)


def further_arrays(text: str, dialect: str = DEFAULT) -> dict[str, str]:
    """The names that further arrays of a loss may have, each with what it is called here.

    `sample_weight` stands for weights, which frameworks may have under other names.
    """
    name = text.partition(":")[0]
    table = dialect_of(dialect)
    spec = by_name().get(name) or by_name().get(name.lower())
    rows = rows_named(name, table) or (rows_of(spec, table) if spec else [])
    specs = [find(row.loss) for row in rows] or ([spec] if spec else [])
    arrays = {SAMPLE_WEIGHT, *(array for one in specs for array in one.inputs)}
    renamed = {key: ours for row in rows for key, ours in row.parameters.items() if ours in arrays}
    weights = {row.weights: SAMPLE_WEIGHT for row in rows if row.weights}
    return {**{array: array for array in arrays}, **renamed, **weights}


def column_weights(text: str, dialect: str = DEFAULT) -> set[str]:
    """The names of weights that, of as many as there are columns, are a parameter."""
    rows = rows_named(text.partition(":")[0], dialect_of(dialect))
    return {row.weights for row in rows if row.weights in row.parameters}


def _first_that_binds(
    rows: Iterable[Row], table: Dialect, given: Mapping[str, str], name: str, text: str
) -> BoundLoss:
    """The first row as a loss, with the others that take these parameters as its alternatives."""
    found, refusals = [], []
    for row in rows:
        try:
            found.append(bound(find(row.loss), row, table, given, name, text))
        except UsageError as refusal:
            refusals.append(refusal)
    if not found:
        raise refusals[0]
    return replace(found[0], alternatives=tuple(found) if found[1:] else ())


def bound(
    spec: LossSpec,
    row: Row | None,
    table: Dialect,
    given: Mapping[str, str],
    name: str,
    text: str,
) -> BoundLoss:
    """A loss with a row's presets and the parameters given, in the framework's words or ours."""
    settings = _meant_settings(spec, row, table, given, text)
    default = (row.reduction if row else None) or table.reduction
    reduction = _reduction(str(settings.pop("reduction", default)), table, default)
    rank = settings.pop("rank", None)
    form = settings.pop("form", None) or (row and row.form) or (row and table.form)
    params = {**(row.presets if row else {}), **settings}
    loss = spec.bind(params, label=text, name=name)
    handling = replace(
        loss.handling,
        reduction=reduction,
        default=default,
        rank=rank,  # type: ignore[arg-type]
        form=form,  # type: ignore[arg-type]
        weights_as_given=table.weights_as_given,
    )
    origin = Origin(table.name, table.version)
    if row is not None:
        handling = replace(
            handling,
            target=row.target,
            empty=row.empty,
            weights_after=row.weights_after,
            stray_labels=row.stray_labels,
        )
        origin = replace(origin, name=row.names.split()[0], why=row.why)
        if row.best:
            spec = replace(spec, best=row.best)
    return replace(loss, spec=spec, handling=handling, origin=origin)


def _meant_settings(
    spec: LossSpec, row: Row | None, table: Dialect, given: Mapping[str, str], text: str
) -> dict[str, Value]:
    """What the parameters given are in our settings: of a loss, or `reduction`, `rank`, `form`."""
    words = {**table.words, **(row.words if row else {})}
    settings: dict[str, Value] = {}
    said: dict[str, str] = {}
    for key, value in given.items():
        if key in words:
            meant = _said(key, value, words[key], text)
        elif key == "reduction":
            meant = {key: value}
        elif row and key in table.lacks:
            raise UsageError(f"{table.framework} has no {key}: it would not be its number")
        else:
            meant = _parsed(key, value, spec, row, words, text)
        for setting in meant:
            if setting in said:
                raise UsageError(
                    f"{said[setting]} and {key} cannot be given together: {quoted(text)}"
                )
            said[setting] = key
        settings |= meant
    return settings


def _said(
    key: str, value: str, words: Mapping[str, Mapping[str, Value]], text: str
) -> Mapping[str, Value]:
    if value.lower() in words:
        return words[value.lower()]
    raise UsageError(f"{key} may be {' or '.join(words)} in {quoted(text)}, not {quoted(value)}")


def _parsed(
    key: str, value: str, spec: LossSpec, row: Row | None, words: Words, text: str
) -> dict[str, Value]:
    """A parameter of the loss by the framework's name or ours. Raises UsageError."""
    ours = row.parameters.get(key, key) if row else key
    if ours in spec.inputs or (row and key in (row.weights, SAMPLE_WEIGHT) and ours == key):
        raise UsageError(f"{key} is an array, not a parameter", f"give it as --input {key}=FILE")
    if row and ours not in (parameter.name for parameter in spec.settings):
        raise _no_parameter(key, spec, row, words, text.partition(":")[0])
    parameter = spec.parameter(ours)
    if parameter.type is not tuple and re.fullmatch(r"\d+,\d+", value):
        raise UsageError(
            f"{key} must be one number, not {quoted(value)}",
            f"decimals take a point: {key}={value.replace(',', '.')}",
        )
    found = parameter.parse(value)
    if parameter is CLASSES and key != ours:
        # The order of a framework's labels does not matter there, that of ours is the classes'.
        found = tuple(sorted(found))  # type: ignore[arg-type]
    return {ours: found}


def _no_parameter(key: str, spec: LossSpec, row: Row, words: Words, name: str) -> UsageError:
    """What to say of a parameter that a framework's loss does not have, in its own names."""
    renamed = {ours: name for name, ours in row.parameters.items()}
    free = [p.name for p in spec.settings if p.name not in row.presets or p.name in renamed]
    names = list(dict.fromkeys([*(renamed.get(name, name) for name in free), *words]))
    near = get_close_matches(key, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"its parameters: {', '.join(names)}"
    return UsageError(
        f"{name} has no parameter {quoted(key)}",
        hint if names else "it has no parameters",
    )


def _reduction(value: str, table: Dialect, default: Reduction) -> Reduction:
    """A reduction by the framework's name or ours; the dialect's default is the loss's own."""
    ours = default if value == table.reduction else table.reductions.get(value, value)
    if ours not in get_args(Reduction):
        known = ", ".join(dict.fromkeys([*get_args(Reduction), *table.reductions]))
        raise UsageError(f"there is no reduction {quoted(value)}", f"it may be {known}")
    return ours  # type: ignore[return-value]


def _meant(spec: LossSpec, rows: list[Row], given: Mapping[str, str], table: Dialect) -> list[Row]:
    """The rows whose data means what is meant: probabilities are no logits. Raises UsageError."""
    flags = _flags(spec)

    def means(row: Row) -> bool:
        return all(
            row.presets.get(flag, spec.parameter(flag).default)
            == (spec.parameter(flag).parse(given[flag]) if flag in given else False)
            for flag in flags
        )

    meant = [row for row in rows if means(row)]
    if meant or not rows:
        return meant[:1]
    if any(flag in given and not rows[0].presets.get(flag) for flag in flags):
        return rows[:1]
    preset = next(flag for flag in flags if rows[0].presets.get(flag))
    raise UsageError(
        f"{table.framework} has {spec.name} only with {preset}: {rows[0].names.split()[0]}",
        f"add {preset}=true if the data is so",
    )


def _flags(spec: LossSpec) -> list[str]:
    """The parameters that say what the data means."""
    return [*spec.y_pred_when, *spec.y_true_when]


def _canonical(name: str) -> tuple[list[LossSpec], Row | None]:
    """The losses of a name that is ours or a framework's, and the framework's first row."""
    spec = by_name().get(name) or by_name().get(name.lower())
    if spec is not None:
        return [spec], None
    for table in DIALECTS.values():
        rows = rows_named(name, table)
        if rows:
            return [find(loss) for loss in dict.fromkeys(row.loss for row in rows)], rows[0]
    raise unknown(name, None, dialect_of(DEFAULT))


def _settings(
    settings: str | None, name: str, text: str, spec: LossSpec | None = None
) -> dict[str, str]:
    """The parameters of `param=value,param=value…` as they are written. Raises UsageError."""
    spec = spec or by_name().get(name.lower())
    shown = example(spec) if spec else f"{name}:PARAMETER=VALUE"
    if settings == "":
        raise UsageError(f"{quoted(text)} ends after the colon", f"write {name} or {shown}")
    given: dict[str, str] = {}
    for setting in NEXT_PARAMETER.split(settings) if settings else ():
        key, equals, value = (part.strip() for part in setting.partition("="))
        if not equals:
            raise UsageError(
                f"{quoted(setting)} in {quoted(text)} is not param=value", f"write {shown}"
            )
        if key in given:
            raise UsageError(f"{key} stands twice in {quoted(text)}")
        given[key] = value
    return given


def example(spec: LossSpec) -> str:
    """How to spell this loss with a parameter."""
    if not spec.settings:
        return f"{spec.name} alone: it has no parameters"
    first = spec.settings[0]
    return f"{spec.name}:{first.name}={spell(1.0 if first.is_required else first.default)}"
