"""JSON documents: a contract, versioned, with a JSON Schema each in `schemas/`."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from losscli import __version__
from losscli.engine.plain import plain_parameter
from losscli.engine.result import Result, Run
from losscli.frameworks.base import Dialect, Row, cite
from losscli.losses.domain import Domain
from losscli.losses.parameters import Parameter
from losscli.losses.spec import LossSpec
from losscli.reports.cells import id_text

SCHEMA_VERSION = 2


def dump(command: str, content: dict[str, Any], indent: int | None = None) -> str:
    """The document of a command: strict JSON, on one line unless it is to be indented."""
    head = {"schema_version": SCHEMA_VERSION, "command": command, "losscli": __version__}
    return line({**head, **content}, indent)


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
    entries = [entry(r, several=len(run.models) > 1) for r in run.results]
    return {
        "n": run.n.to_dict(),
        "models": list(run.models),
        "results": entries,
        "not_applicable": [
            {"loss": left_out.loss, "family": left_out.family, "reason": left_out.reason}
            for left_out in run.not_applicable
        ],
    }


def entry(r: Result, several: bool) -> dict[str, Any]:
    """A result among others: with its family, its model where there are several, its group."""
    content = r.to_dict()
    head = {"loss": content.pop("loss"), "family": r.family}
    if several:
        head["model"] = r.model or ""
    if r.group is not None:
        head["group"] = id_text(r.group)
        content["n"] = r.n.used
    return {**head, **content, "unusual": r.unusual}


def line(content: dict[str, Any], indent: int | None = None) -> str:
    """Strict JSON on one line, unless it is to be indented."""
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
        "names": list(row.names),
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
        "references": [*s.docs.references, *dict.fromkeys(cite(*one) for one in frameworks)],
        "example": example,
        "example_by_dialect": dict(by_dialect),
    }
