"""Results as plain Python objects: what JSON holds, and `Result.to_dict`."""

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from losscli.losses.numerics import Array

if TYPE_CHECKING:
    from losscli.engine.result import Counts, Result, Sample, Summary

STATISTICS = ("min", "p50", "p95", "p99", "max", "mean", "std")


def counts(n: "Counts") -> dict[str, int]:
    """How many samples went where."""
    return {"used": n.used, "skipped": n.skipped, "unmatched": n.unmatched}


def result(r: "Result") -> dict[str, Any]:
    """A result; `summary` and `per_sample` only where it has them."""
    entry: dict[str, Any] = {
        "loss": r.loss,
        "params": {name: plain_parameter(value) for name, value in r.params.items()},
        "dialect": r.dialect,
        "reduction": r.reduction,
        "dtype": r.dtype,
        "value": plain_number(r.value, r.dtype),
        "status": r.status,
        "signature": r.signature,
    }
    if r.dialect != "keras2":  # whose names are the home definitions'
        entry["framework_name"] = r.framework_name
    if r.outputs is not None:
        entry["outputs"] = [plain_number(value, r.dtype) for value in r.outputs]
    if r.summary is not None:
        entry["summary"] = summary(r.summary, r.dtype)
    if r.per_sample is not None:
        entry["per_sample"] = plain_numbers(r.per_sample)
    if r.worst:
        entry["worst"] = [sample(s, r.dtype) for s in r.worst]
    return entry


def plain_parameter(value: Any) -> Any:
    """A parameter's value, a vector as a list."""
    return list(value) if isinstance(value, tuple) else value


def summary(s: "Summary", dtype: str) -> dict[str, float | None]:
    """The statistics of the samples' values."""
    numbers = {name: plain_number(getattr(s, name), dtype) for name in STATISTICS}
    return {**numbers, "quantile_error": s.quantile_error}


def sample(s: "Sample", dtype: str) -> dict[str, Any]:
    """One of the worst samples."""
    entry: dict[str, Any] = {"sample": s.number}
    if s.id is not None:
        entry["id"] = ", ".join(s.id)
    return {
        **entry,
        "value": plain_number(s.value, dtype),
        "y_true": _row(s.y_true),
        "y_pred": _row(s.y_pred),
    }


def _row(row: Array) -> list[Any]:
    """A row of data as it is in the source; what is not finite is null."""
    return [
        _row(x) if isinstance(x, np.ndarray) else (x if isfinite(x) else None)
        for x in (row if row.ndim > 1 else row.tolist())
    ]


def plain_number(value: float | None, dtype: str) -> float | None:
    """A float whose shortest text is that of the number in its own type; None if not finite."""
    if value is None or not isfinite(value):
        return None
    return float(float32_text(np.float32(value))) if dtype == "float32" else float(value)


def plain_numbers(values: Array) -> list[float | None]:
    """`plain_number` of each value of an array."""
    if values.dtype == np.float32:
        numbers = [float(float32_text(x)) for x in values]
    else:
        numbers = values.tolist()
    return [number if isfinite(number) else None for number in numbers]


def float32_text(x: np.float32) -> str:
    """The shortest text of a float32, as NumPy's arrays show it: an exponent from 1e8 on.

    How NumPy writes a single number depends on its version.
    """
    size = abs(float(x))
    if size == 0 or 1e-4 <= size < 1e8:
        return np.format_float_positional(x, unique=True, trim="0")
    return np.format_float_scientific(x, unique=True, trim="-") if isfinite(size) else str(float(x))
