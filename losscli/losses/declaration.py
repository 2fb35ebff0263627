"""What is declared of a loss beside its function: the one list of it, for specs and decorators."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from losscli.errors import UsageError
from losscli.losses.domain import REAL, Domain, Interval
from losscli.losses.numerics import Array
from losscli.losses.parameters import Parameter, Value
from losscli.words import Best, Kind, Order

LastAxis = Literal["mean", "sum"]
Domains = tuple[Domain, Domain]
Function = Callable[..., Array]
Divisor = Callable[..., Array | None]


@dataclass(frozen=True)
class Case:
    """What the arrays must be where a parameter has a value, or a number in an interval.

    None leaves a side as it is. `refused` is the message and the hint of an error for values of
    which there is no loss; the message may show the `{value}`.
    """

    parameter: str
    value: Value | Interval
    y_true: Domain | None = None
    y_pred: Domain | None = None
    refused: tuple[str, str] | None = None

    @property
    def is_flag(self) -> bool:
        """Whether it is for a flag that is on: that says what the data means."""
        return self.value is True

    def holds(self, params: Mapping[str, Value]) -> bool:
        """Whether it is for these parameters. Raises UsageError for a value that is refused."""
        value = params.get(self.parameter)
        if not isinstance(self.value, Interval):
            return value == self.value
        found = isinstance(value, int | float) and value in self.value
        if found and self.refused is not None:
            message, hint = self.refused
            raise UsageError(message.format(value=value), hint)
        return found


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """All that is known of a loss beside its function, and what holds where nothing is said.

    `kind` says what the function returns, unreduced:

    - `element`: an array of the input's shape; a sample's value is its mean over the last axis, or
      its sum (`last_axis`), times `scale` (a number, or the name of the parameter that holds it:
      Keras multiplies a percentage by 100 after the mean);
    - `sample`: an array with the last axis consumed;
    - `pooled`: statistics of shape (n, m), whose sums over any rows `finalise` turns into a value
      (`per_output`: into one for each output, on a last axis). `finalise` gets the totals (…, m)
      and those parameters of the loss that it names;
    - `order`: as element, of which the `order` statistic over the samples is taken per output;
    - `whole`: a single number for all the rows; None leaves it to what is returned.

    `y_true` and `y_pred` are the domains of both arrays, `cases` those under parameters that change
    them, of which a later one counts. `inputs` are the further arrays that the function takes
    behind y_pred, by name. `divisor`, a function of the arrays and of the parameters that it names,
    gives what a mean divides by in place of 1 for each unreduced value: class weights, 0 where a
    label is ignored. `ignore` names the parameter whose value as a label is no class.

    `remarks` say what becomes of data that is not as expected, by side and expectation
    (`y_true.signs`). `best` says which value is the best. `shared` are parameters that are the
    engine's to follow, not the function's. `revision` grows when the formula changes.
    """

    family: str = "own"
    kind: Kind | None = None
    y_true: Domain = REAL
    y_pred: Domain = REAL
    cases: tuple[Case, ...] = ()
    inputs: Mapping[str, Domain] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    symmetric: bool = False
    zero_at_perfect: bool = False
    best: Best = "lowest"
    scale: float | str = 1.0
    last_axis: LastAxis = "mean"
    finalise: Function | None = None
    per_output: bool = False
    order: Order | None = None
    divisor: Divisor | None = None
    ignore: str | None = None
    shared: tuple[Parameter, ...] = ()
    remarks: Mapping[str, str] = field(default_factory=dict)
    revision: int | str = 1

    @property
    def flags(self) -> tuple[str, ...]:
        """The parameters that say what the data means, as `from_logits` does."""
        return tuple(dict.fromkeys((*self.y_pred_when, *self.y_true_when)))

    @property
    def y_true_when(self) -> dict[str, Domain]:
        """The domains of y_true under flags, by flag."""
        return {case.parameter: case.y_true for case in self.cases if case.is_flag and case.y_true}

    @property
    def y_pred_when(self) -> dict[str, Domain]:
        """The domains of y_pred under flags, by flag."""
        return {case.parameter: case.y_pred for case in self.cases if case.is_flag and case.y_pred}

    def domains(self, params: Mapping[str, Value]) -> Domains:
        """The domains of y_true and y_pred under these parameters.

        Raises UsageError for parameters of which there is no loss.
        """
        y_true, y_pred = self.y_true, self.y_pred
        for case in self.cases:
            if case.holds(params):
                y_true, y_pred = case.y_true or y_true, case.y_pred or y_pred
        return y_true, y_pred


def check_kind(declared: Declaration) -> None:
    """Raise TypeError where a declaration lacks what its kind needs, or has it without need."""
    if (declared.kind == "pooled") != (declared.finalise is not None):
        raise TypeError("a pooled loss, and no other, has finalise=")
    if (declared.kind == "order") != (declared.order is not None):
        raise TypeError("a loss of kind order, and no other, has order=")


def flag(name: str, *, y_true: Domain | None = None, y_pred: Domain | None = None) -> Case:
    """The case of a flag that says what the data means: logits, logarithms."""
    return Case(name, True, y_true, y_pred)
