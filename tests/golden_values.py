"""Golden values: what a framework gave for a call, and what losscli gives for the same.

A golden file holds the data (`cases`) and the calls (`values`) of one dialect; see Value for what
is made of an entry. The names of losses, parameters and reductions are the framework's own. An
entry has a `loss` and a `case`; what else it lacks is not given.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any, Literal

import numpy as np

import losscli
from losscli.engine.result import Result
from losscli.errors import DataError, LosscliError
from losscli.losses.numerics import Array
from tests import articles

RELATIVE = {"float32": 2e-6, "float64": 1e-11}
KERAS3_RELATIVE = 6e-7  # on jax its float64 means are computed in float32
# Further arrays of a call that are given as parameters.
DATA_TEXTS = ("input", "target", "log_predictions", "log_targets", "inputs", "smooth_labels_alpha")


@dataclass(frozen=True, eq=False)
class Value:
    """An entry of a golden file, at its place there, with the data that it was computed of."""

    dialect: str
    index: int
    entry: dict[str, Any]
    case: dict[str, Any]

    @property
    def loss(self) -> str:
        return str(self.entry.get("loss"))

    @property
    def dtype(self) -> Literal["float32", "float64"]:
        """The precision of the call; labels that were integers are computed as float64."""
        return "float32" if self.entry.get("dtype") == "float32" else "float64"

    @property
    def precision(self) -> Literal["float32", "float64"]:
        """The precision in which the framework computes; Keras 3 takes all its means in float32."""
        single = self.entry.get("out_dtype") == "float32" or self.dialect == "keras3"
        return "float32" if single else self.dtype

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of the call, as the file has them."""
        return self.entry.get("params") or {}

    @property
    def settings(self) -> dict[str, Any]:
        """Those that are passed on, of which lists of numbers are arrays."""
        return {
            name: np.array(value, dtype=self.dtype) if _is_array(value) else value
            for name, value in self.params.items()
            if name not in DATA_TEXTS
        }

    @property
    def id(self) -> str:
        return f"{self.dialect}-{self.index}-{self.loss}-{self.entry.get('case')}-{self.dtype}"

    @property
    def has_raised(self) -> bool:
        """Whether the framework gave no number at all."""
        return self.numbers("unreduced") is None and self.numbers("reduced") is None

    def numbers(self, part: str) -> Array | None:
        """The framework's `unreduced` array or `reduced` number, None if it is not given."""
        numbers = self.entry.get(part)
        return None if numbers is None else as_array(numbers)

    @cached_property
    def data(self) -> tuple[Array, Array]:
        """y_true and y_pred in the call's precision, as the call got them. Raises DataError."""
        if not {"y_true", "y_pred"} <= set(self.case):
            raise DataError(f"there is no data of a case {self.entry.get('case')}")
        t, p = (np.array(self.case[side], dtype=self.dtype) for side in ("y_true", "y_pred"))
        texts = {
            "y_pred": self.params.get("input") or self.params.get("log_predictions"),
            "y_true": self.params.get("target") or self.params.get("log_targets"),
        }
        with np.errstate(all="ignore"):
            made = {side: _evaluated(text, t, p) for side, text in texts.items() if text}
        t, p = made.get("y_true", t), made.get("y_pred", p)
        smoothing = self.params.get("smooth_labels_alpha")
        if smoothing is not None:
            t = t * (1 - smoothing) + np.asarray(smoothing / t.shape[-1], dtype=t.dtype)
        return t, p

    @cached_property
    def weights(self) -> Array | None:
        """The sample weights, one for each sample where the call got a single number."""
        weights = self.entry.get("sample_weight")
        if weights is None:
            return None
        array = np.array(weights, dtype=self.dtype)
        return np.full(len(self.data[0]), array) if array.ndim == 0 else array

    @cached_property
    def outcome(self) -> "Outcome":
        """What losscli gives: strictly, or else as the framework computes outside of the domain."""
        try:
            return Outcome(self.compute("strict"))
        except DataError as error:
            try:
                return Outcome(self.compute("framework"), str(error), "framework")
            except LosscliError:
                return Outcome(None, str(error))
        except LosscliError as error:
            return Outcome(None, str(error))

    def compute(self, domain: str, dtype: str | None = None, **changes: Any) -> Result:
        """The same call of losscli, with other parameters. Raises LosscliError."""
        t, p = self.data
        params = self.settings | changes
        loss: Any = self.loss
        if loss.startswith("custom:"):
            loss, params = articles.loss(loss.removeprefix("custom:"), params), {}
        finite = all(np.isfinite(array).all() for array in (t, p))
        return losscli.compute(
            loss,
            t,
            p,
            dialect=self.dialect,
            dtype=dtype or self.dtype,
            domain=domain,
            nan="error" if finite else "propagate",
            sample_weight=self.weights,
            **params,
        )

    @property
    def relative(self) -> float:
        """How far a number may be from the framework's, relative to it."""
        single = self.entry.get("out_dtype") == "float32"
        relative = RELATIVE["float32" if single else self.dtype]
        return max(relative, KERAS3_RELATIVE) if self.dialect == "keras3" else relative

    def parts(self) -> Iterator[tuple[str, Any, Any]]:
        """The framework's numbers and losscli's: the unreduced array, the reduced number."""
        result = self.outcome.result
        for part in ("unreduced", "reduced"):
            numbers = self.numbers(part)
            if numbers is not None:
                yield part, numbers, None if result is None else got(result, part)

    @property
    def agrees(self) -> bool:
        """Whether losscli gives every number that the framework gave."""
        return not self.has_raised and all(
            close(mine, theirs, self.relative, self.slack(part))
            for part, theirs, mine in self.parts()
        )

    def slack(self, part: str) -> float:
        """4 ulp of the largest term of what is added up."""
        result = self.outcome.result
        if part != "reduced" or result is None or result.unreduced is None:
            return 0.0
        terms = np.abs(np.asarray(result.unreduced, dtype=np.float64))
        largest = float(terms[np.isfinite(terms)].max(initial=0))
        size = terms.size if self.entry.get("reduction") == "sum" else 1
        return 4 * float(np.finfo(self.dtype).eps) * largest * size


@dataclass(frozen=True)
class Outcome:
    """What losscli makes of a call: a result (None: it refuses), what it said, in which domain."""

    result: Result | None
    error: str = ""
    domain: str = "strict"


def read(path: Path) -> list[Value]:
    """The values of a golden file; one whose case is not there has no data."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return [
        Value(document["dialect"], i, entry, document["cases"].get(str(entry.get("case")), {}))
        for i, entry in enumerate(document["values"])
    ]


def _is_array(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], list | float)


def got(result: Result, part: str) -> Any:
    """A result's unreduced array or reduced number; None if it has none."""
    if part == "reduced":
        return result.value
    return result.unreduced if result.outputs is None else np.array(result.outputs)


def close(mine: Any, theirs: Array, relative: float, slack: float = 0.0) -> bool:
    """Equal within a relative error; an infinity or NaN only to itself. Nothing is broadcast."""
    if mine is None:
        return False
    a = np.asarray(mine, dtype=np.float64)
    if a.shape != theirs.shape:
        return a.size == theirs.size and close(a.reshape(theirs.shape), theirs, relative, slack)
    return bool(np.isclose(a, theirs, rtol=relative, atol=slack, equal_nan=True).all())


def relative_difference(mine: Any, theirs: Array) -> float | None:
    """The largest difference of two arrays, relative to the second; None if they do not compare."""
    if mine is None:
        return None
    a = np.asarray(mine, dtype=np.float64)
    if a.size != theirs.size:
        return None
    a = a.reshape(theirs.shape)
    same = (a == theirs) | (np.isnan(a) & np.isnan(theirs))
    with np.errstate(all="ignore"):
        difference = np.where(same, 0, np.abs(a - theirs) / np.abs(theirs))
    largest = float(difference.max(initial=0))
    return largest if np.isfinite(largest) else None


def as_array(numbers: Any) -> Array:
    """Numbers of a golden file: non-finite ones are texts there."""
    return np.array(numbers, dtype=np.float64)


def plain(numbers: Any) -> Any:
    """Numbers as golden files have them: lists, with texts for what is not finite."""
    if numbers is None or isinstance(numbers, str):
        return numbers
    if isinstance(numbers, list) or np.ndim(numbers):
        return [plain(one) for one in numbers]
    number = float(numbers)
    return number if isfinite(number) else str(number)


def _evaluated(text: str, t: Array, p: Array) -> Array:
    """What a text such as `log(y_pred)` says that the call got."""
    formula = text.partition(" with ")[0]
    array: Array = eval(formula, {"__builtins__": {}}, {"log": np.log, "y_true": t, "y_pred": p})
    return array
