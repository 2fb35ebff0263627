"""JSON documents: a contract, versioned, with a JSON Schema each in `schemas/`."""

import json
from collections.abc import Sequence
from typing import Any

from losscli import __version__
from losscli.engine.result import Counts, Result, Summary
from losscli.losses.domain import Domain
from losscli.losses.spec import LossSpec
from losscli.reports.numbers import all_for_json, for_json

SCHEMA_VERSION = 1


def dump(command: str, content: dict[str, Any]) -> str:
    """The document of a command: strict JSON on one line."""
    head = {"schema_version": SCHEMA_VERSION, "command": command, "losscli": __version__}
    return json.dumps({**head, **content}, allow_nan=False, ensure_ascii=False) + "\n"


def compute(results: Sequence[Result]) -> dict[str, Any]:
    """The content of `compute`: how many samples, and the results."""
    return {"n": counts(results[0].n), "results": [result(r) for r in results]}


def counts(n: Counts) -> dict[str, int]:
    """How many samples went where."""
    return {"used": n.used, "skipped": n.skipped, "unmatched": n.unmatched}


def result(r: Result) -> dict[str, Any]:
    """A result; `summary` and `per_sample` only where it has them."""
    entry: dict[str, Any] = {
        "loss": r.loss,
        "params": dict(r.params),
        "dialect": r.dialect,
        "reduction": r.reduction,
        "dtype": r.dtype,
        "value": for_json(r.value, r.dtype),
        "status": r.status,
        "signature": r.signature,
    }
    if r.summary is not None:
        entry["summary"] = summary(r.summary, r.dtype)
    if r.per_sample is not None:
        entry["per_sample"] = all_for_json(r.per_sample)
    return entry


def summary(s: Summary, dtype: str) -> dict[str, float | None]:
    """The statistics of the samples' values."""
    return {name: for_json(getattr(s, name), dtype) for name in ("min", "max", "mean", "std")}


def spec(s: LossSpec) -> dict[str, Any]:
    """What `list` says of a loss."""
    return {
        "name": s.name,
        "aliases": list(s.aliases),
        "family": s.family,
        "kind": s.kind,
        "summary": s.docs.summary,
        "y_true": domain(s.y_true),
        "y_pred": domain(s.y_pred),
        "parameters": [
            {
                "name": p.name,
                "type": p.type.__name__,
                "default": p.default,
                "allowed": None if p.type is bool else str(p.allowed),
                "description": p.description,
            }
            for p in s.parameters
        ],
    }


def domain(d: Domain) -> dict[str, Any]:
    """What an array must be, and what it is only expected to be."""
    return {
        "name": d.name,
        "description": d.description,
        "expected": [expectation.name for expectation in d.expected],
    }


def info(s: LossSpec, example: dict[str, Any]) -> dict[str, Any]:
    """All that is known about a loss, with an example that was just computed."""
    return {
        **spec(s),
        "y_pred_when": {name: domain(d) for name, d in s.y_pred_when.items()},
        "formula": s.docs.formula,
        "shape": s.docs.shape,
        "edge_cases": s.docs.edge_cases,
        "symmetric": s.symmetric,
        "zero_at_perfect": s.zero_at_perfect,
        "revision": s.revision,
        "references": list(s.docs.references),
        "example": example,
    }
