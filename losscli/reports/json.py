"""JSON documents: a contract, versioned, with a JSON Schema each in `schemas/`."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from losscli import __version__
from losscli.engine.plain import plain_numbers, plain_parameter
from losscli.engine.result import Result, Run, SampleBlock
from losscli.frameworks.base import Dialect, Row
from losscli.losses.domain import Domain
from losscli.losses.parameters import Parameter
from losscli.losses.spec import LossSpec
from losscli.reports.grid import id_text

SCHEMA_VERSION = 1


def dump(command: str, content: dict[str, Any], indent: int | None = None) -> str:
    """The document of a command: strict JSON, on one line unless it is to be indented."""
    head = {"schema_version": SCHEMA_VERSION, "command": command, "losscli": __version__}
    return _line({**head, **content}, indent)


def compute(run: Run) -> dict[str, Any]:
    """The content of `compute`: how many samples, their ids where they have any, the results.

    `samples` numbers the samples of `per_sample` where these are not all of them, in order.
    """
    content: dict[str, Any] = {"n": run.n.to_dict()}
    held = any(r.per_sample is not None for r in run.results)
    if held and not np.array_equal(run.numbers, np.arange(1, run.n.used + 1)):
        content["samples"] = run.numbers.tolist()
    if held and run.ids is not None:
        content["ids"] = [id_text(key) for key in run.ids]
    return {**content, "results": [r.to_dict() for r in run.results]}


def compare(run: Run) -> dict[str, Any]:
    """The content of `compare`: the models, an entry a loss, model and group, what was left out."""
    entries = [compared(r, several=len(run.models) > 1) for r in run.results]
    return {
        "n": run.n.to_dict(),
        "models": list(run.models),
        "results": entries,
        "not_applicable": [
            {"loss": left_out.loss, "family": left_out.family, "reason": left_out.reason}
            for left_out in run.not_applicable
        ],
    }


def compared(r: Result, several: bool) -> dict[str, Any]:
    """A result among others: with its family, its model where there are several, its group."""
    entry = r.to_dict()
    head = {"loss": entry.pop("loss"), "family": r.family}
    if several:
        head["model"] = r.model or ""
    if r.group is not None:
        head["group"] = id_text(r.group)
        entry["n"] = r.n.used
    return {**head, **entry, "unusual": r.unusual}


def sample_lines(labels: Sequence[str], block: SampleBlock) -> str:
    """JSON Lines: an object a sample, with its number, its id if it has one, and each loss."""
    columns = map(plain_numbers, block.values)
    ids = None if block.ids is None else [id_text(key) for key in block.ids]
    lines = []
    for i, (number, values) in enumerate(
        zip(block.numbers.tolist(), zip(*columns, strict=True), strict=True)
    ):
        entry = {"sample": number, **({"id": ids[i]} if ids else {})}
        lines.append(_line({**entry, **dict(zip(labels, values, strict=True))}))
    return "".join(lines)


def compared_lines(run: Run) -> str:
    """JSON Lines: an object a loss, model and group."""
    several = len(run.models) > 1
    return "".join(_line({**compared(r, several), "n": r.n.to_dict()}) for r in run.results)


def result_lines(run: Run) -> str:
    """JSON Lines: an object a loss."""
    n = run.n.to_dict()
    return "".join(_line({**r.to_dict(), "n": n}) for r in run.results)


def worst_lines(run: Run) -> str:
    """JSON Lines: an object for each of the worst samples of each loss."""
    return "".join(
        _line({"loss": r.label, **s.to_dict(r.dtype)}) for r in run.results for s in r.worst
    )


def _line(content: dict[str, Any], indent: int | None = None) -> str:
    return json.dumps(content, allow_nan=False, indent=indent) + "\n"


def spec(s: LossSpec, frameworks: Sequence[tuple[Dialect, Row]]) -> dict[str, Any]:
    """What `list` says of a loss, with what frameworks call it."""
    return {
        "name": s.name,
        "aliases": list(s.aliases),
        "family": s.family,
        "kind": s.kind,
        "summary": s.docs.summary,
        "y_true": domain(s.y_true),
        "y_pred": domain(s.y_pred),
        "inputs": {name: domain(d) for name, d in s.inputs.items()},
        "parameters": [parameter(p) for p in s.settings],
        "frameworks": [framework(dialect, row) for dialect, row in frameworks],
    }


def parameter(p: Parameter) -> dict[str, Any]:
    """A parameter of a loss: its default is null where it has none, or is not given."""
    return {
        "name": p.name,
        "type": "list" if p.type is tuple else p.type.__name__,
        "default": plain_parameter(p.default),
        "required": p.is_required,
        "allowed": p.choices,
        "description": p.description,
    }


def framework(dialect: Dialect, row: Row) -> dict[str, Any]:
    """What a framework calls a loss, and what makes the number its own."""
    return {
        "dialect": dialect.name,
        "version": dialect.version,
        "names": row.names.split(),
        "presets": {name: plain_parameter(value) for name, value in row.presets.items()},
        "parameters": dict(row.parameters),
        "target": row.target,
        "reduction": row.reduction or dialect.reduction,
        "why": row.why,
    }


def config(
    file: str | None, settings: Sequence[tuple[str, Any, str]], checks: Sequence[str]
) -> dict[str, Any]:
    """The content of `config`: the file in force, each setting with its origin, the checks."""
    return {
        "file": file,
        "settings": [
            {"key": key, "value": value, "origin": origin} for key, value, origin in settings
        ],
        "checks": list(checks),
    }


def domain(d: Domain) -> dict[str, Any]:
    """What an array must be, and what it is only expected to be."""
    return {
        "name": d.name,
        "description": d.description,
        "expected": [expectation.name for expectation in d.expected],
    }


def info(
    s: LossSpec,
    frameworks: Sequence[tuple[Dialect, Row]],
    example: dict[str, Any],
    by_dialect: Mapping[str, float | None],
) -> dict[str, Any]:
    """All that is known about a loss, with an example that was just computed."""
    return {
        **spec(s, frameworks),
        "y_true_when": {name: domain(d) for name, d in s.y_true_when.items()},
        "y_pred_when": {name: domain(d) for name, d in s.y_pred_when.items()},
        "formula": s.docs.formula,
        "shape": s.docs.shape,
        "edge_cases": s.docs.edge_cases,
        "symmetric": s.symmetric,
        "zero_at_perfect": s.zero_at_perfect,
        "revision": s.revision,
        "references": list(s.docs.references),
        "example": example,
        "example_by_dialect": dict(by_dialect),
    }
