"""From a loss's name and parameters to a loss that can be computed, in the words of a dialect."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, get_args

from losscli.errors import UsageError, quoted
from losscli.frameworks.base import Dialect, Row
from losscli.frameworks.lookup import DEFAULT, dialect_of, rows_named, rows_of, unknown_name
from losscli.frameworks.parameters import SAMPLE_WEIGHT, parse_parameters
from losscli.frameworks.tables import DIALECTS
from losscli.losses.handling import Origin
from losscli.losses.registry import by_name, find, specs
from losscli.losses.spec import BoundLoss, LossSpec
from losscli.losses.spelling import parse_spelling, spell_loss
from losscli.words import Reduction

__all__ = [
    "SAMPLE_WEIGHT",
    "bind",
    "bind_everywhere",
    "bind_own",
    "bind_row",
    "column_weights",
    "further_arrays",
    "losses_of",
    "parse",
]


def bind(
    name: str,
    params: Mapping[str, Any] | None = None,
    *,
    dialect: str = DEFAULT,
    reduction: str | None = None,
    text: str | None = None,
) -> BoundLoss:
    """The loss that a dialect calls by this name, with these parameters.

    The dialect's own names come first, then ours of the losses that it has; under the default
    dialect all of ours. A parameter is a value, or `Spelled` text; it and the reduction may have
    the framework's names. `text` is how the user wrote it all. Raises UsageError, or
    UnknownNameError with near names.

    >>> bind("huber", {"delta": 2}).params
    {'delta': 2.0}
    """
    table = dialect_of(dialect)
    text = text or spell_loss(name, params or {})
    given = _with_reduction(params or {}, reduction, text)
    rows = rows_named(name, table)
    if not rows:
        spec = by_name().get(name) or by_name().get(name.lower())
        if spec is None or (dialect != DEFAULT and not rows_of(spec, table)):
            raise unknown_name(name, spec, table)
        rows = _rows_for_data(spec, rows_of(spec, table), given, table)
        if not rows:
            return _bind(spec, None, table, given, name, text)
    return _bind_first(rows, table, given, name, text)


def parse(text: str, dialect: str = DEFAULT) -> BoundLoss:
    """The loss that `name[:param=value[,param=value…]]` spells. Raises UsageError.

    >>> parse("huber:delta=2").params
    {'delta': 2.0}
    """
    spelling = parse_spelling(text)
    return bind(spelling.name, spelling.params, dialect=dialect, text=text)


def bind_own(
    spec: LossSpec,
    params: Mapping[str, Any] | None = None,
    *,
    dialect: str = DEFAULT,
    reduction: str | None = None,
    called: str,
    text: str,
) -> BoundLoss:
    """A loss of the user's own in a dialect's unreduced form, with its reduction.

    The parameters are its function's, whatever they are called: none of them is the engine's or a
    framework's. `called` is the user's name of it, `text` all that was written. Raises UsageError.
    """
    table = dialect_of(dialect)
    loss = spec.bind(params, label=text, name=called)
    ours = _reduction(reduction or table.reduction, table, table.reduction)
    handling = replace(
        loss.handling,
        reduction=ours,
        default=table.reduction,
        form=table.own_form or table.form,
        weights_as_given=table.weights_as_given,
    )
    return replace(loss, handling=handling, origin=Origin(table.name, table.version))


def bind_everywhere(
    name: str,
    params: Mapping[str, Any] | None = None,
    *,
    reduction: str | None = None,
    text: str | None = None,
) -> tuple[list[BoundLoss], dict[str, str]]:
    """The loss in each dialect that has it with these parameters, and why others do not.

    Raises UsageError where none has it.
    """
    text = text or spell_loss(name, params or {})
    settings = text.partition(":")[2]
    given = _with_reduction(params or {}, reduction, text)
    specs, row = _canonical(name)
    presets = row.presets if row else {}
    flags = {flag: True for spec in specs for flag in spec.flags if presets.get(flag)}
    found, refusals = [], {}
    for table in DIALECTS.values():
        try:
            rows, here = rows_named(name, table), given
            if not rows:
                # What the name says of the data is to hold elsewhere, too.
                here = {**flags, **given}
                rows = [
                    one
                    for spec in specs
                    for one in _rows_for_data(spec, rows_of(spec, table), here, table)
                ]
            if not rows:
                refusals[table.name] = f"{table.framework} has no such loss"
                continue
            loss = _bind_first(rows, table, here, name, text)
            label = f"{table.name} {loss.origin.name}" + (f":{settings}" if settings else "")
            found.append(replace(loss, label=label))
        except UsageError as refusal:
            refusals[table.name] = refusal.message
    if not found and row is None and not given:
        found = [_bind(specs[0], None, dialect_of(DEFAULT), given, name, text)]
    if not found:
        raise UsageError(f"no dialect has {quoted(text)}: {next(iter(refusals.values()))}")
    return found, refusals


def bind_row(table: Dialect, row: Row) -> BoundLoss:
    """The loss that a row of a dialect describes."""
    return _bind(find(row.loss), row, table, {}, row.name, row.name)


def losses_of(dialect: str, reduction: str | None = None) -> list[BoundLoss]:
    """Every loss that a dialect has, by its first name there; of the default one all of ours."""
    table = dialect_of(dialect)
    if dialect == DEFAULT:
        given = _with_reduction({}, reduction, "")
        return [
            _bind(spec, next(iter(rows_of(spec, table)), None), table, given, spec.name, spec.name)
            for spec in specs()
        ]
    names = dict.fromkeys(row.name for row in table.rows)
    return [bind(name, dialect=dialect, reduction=reduction) for name in names]


def further_arrays(name: str, dialect: str = DEFAULT) -> dict[str, str]:
    """The names that further arrays of a loss may have, each with what it is called here.

    An array may have our name, that of the dialect, or that of any framework which has the loss.
    `sample_weight` stands for weights, which the dialect may have under another name.
    """
    table = dialect_of(dialect)
    spec = by_name().get(name) or by_name().get(name.lower())
    rows = rows_named(name, table) or (rows_of(spec, table) if spec else [])
    losses = [find(row.loss) for row in rows] or ([spec] if spec else [])
    arrays = {SAMPLE_WEIGHT, *(array for one in losses for array in one.inputs)}
    everywhere = [row for loss in losses for one in DIALECTS.values() for row in rows_of(loss, one)]
    renamed = {
        key: ours
        for row in (*everywhere, *rows)
        for key, ours in row.parameters.items()
        if ours in arrays
    }
    weights = {row.weights: SAMPLE_WEIGHT for row in rows if row.weights}
    return {**{array: array for array in arrays}, **renamed, **weights}


def column_weights(name: str, dialect: str = DEFAULT) -> set[str]:
    """The names of weights that, of as many as there are columns, are a parameter."""
    rows = rows_named(name, dialect_of(dialect))
    return {row.weights for row in rows if row.weights in row.parameters}


def _with_reduction(
    params: Mapping[str, Any], reduction: str | None, text: str
) -> Mapping[str, Any]:
    """The parameters with a reduction among them, which a framework may have words for."""
    if reduction is None:
        return params
    if "reduction" in params:
        raise UsageError(f"reduction stands twice in {quoted(text)}")
    return {**params, "reduction": reduction}


def _bind_first(
    rows: Iterable[Row], table: Dialect, given: Mapping[str, Any], name: str, text: str
) -> BoundLoss:
    """The first row as a loss, with the others that take these parameters as its alternatives."""
    found, refusals = [], []
    for row in rows:
        try:
            found.append(_bind(find(row.loss), row, table, given, name, text))
        except UsageError as refusal:
            refusals.append(refusal)
    if not found:
        raise refusals[0]
    return replace(found[0], alternatives=tuple(found) if found[1:] else ())


def _bind(
    spec: LossSpec,
    row: Row | None,
    table: Dialect,
    given: Mapping[str, Any],
    name: str,
    text: str,
) -> BoundLoss:
    """A loss with a row's presets and the parameters given, in the framework's words or ours."""
    settings = parse_parameters(spec, row, table, given, text)
    default = (row.reduction if row else None) or table.reduction
    presets = row.presets if row else {}
    loss = spec.bind({**presets, **settings.params}, label=text, name=name)
    handling = replace(
        loss.handling,
        reduction=_reduction(settings.reduction or default, table, default),
        default=default,
        form=settings.form,
        axis=settings.axis,
        weights_as_given=table.weights_as_given,
    )
    origin = Origin(table.name, table.version)
    if row is None:
        return replace(loss, handling=handling, origin=origin)
    handling = replace(
        handling,
        form=settings.form or row.form or table.form,
        axes=row.axes or table.axes or handling.axes,
        target=row.target,
        empty=row.empty,
        weights_after=row.weights_after,
        stray_labels=row.stray_labels,
    )
    origin = replace(origin, name=row.name, why=row.why)
    if row.best:
        spec = replace(spec, best=row.best)
    return replace(loss, spec=spec, handling=handling, origin=origin)


def _reduction(value: str, table: Dialect, default: Reduction) -> Reduction:
    """A reduction by the framework's name or ours; the dialect's default is the loss's own."""
    ours = default if value == table.reduction else table.reductions.get(value, value)
    known: Reduction
    for known in get_args(Reduction):
        if ours == known:
            return known
    names = ", ".join(dict.fromkeys([*get_args(Reduction), *table.reductions]))
    raise UsageError(f"there is no reduction {quoted(value)}", f"it may be {names}")


def _rows_for_data(
    spec: LossSpec, rows: list[Row], given: Mapping[str, Any], table: Dialect
) -> list[Row]:
    """The rows whose data means what is meant: probabilities are no logits. Raises UsageError."""
    flags = spec.flags

    def fits(row: Row) -> bool:
        return all(
            row.presets.get(flag, spec.parameter(flag).default)
            == (spec.parameter(flag).read(given[flag]) if flag in given else False)
            for flag in flags
        )

    fitting = [row for row in rows if fits(row)]
    if fitting or not rows:
        return fitting[:1]
    if any(flag in given and not rows[0].presets.get(flag) for flag in flags):
        return rows[:1]
    preset = next(flag for flag in flags if rows[0].presets.get(flag))
    raise UsageError(
        f"{table.framework} has {spec.name} only with {preset}: {rows[0].name}",
        f"add {preset}=true if the data is so",
    )


def _canonical(name: str) -> tuple[list[LossSpec], Row | None]:
    """The losses of a name that is ours or a framework's, and the framework's first row."""
    spec = by_name().get(name) or by_name().get(name.lower())
    if spec is not None:
        return [spec], None
    for table in DIALECTS.values():
        rows = rows_named(name, table)
        if rows:
            return [find(loss) for loss in dict.fromkeys(row.loss for row in rows)], rows[0]
    raise unknown_name(name, None, dialect_of(DEFAULT))
