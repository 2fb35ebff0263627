"""How a loss is declared: the decorator, families, and domains that depend on a parameter."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from losscli.errors import UsageError
from losscli.losses.declaration import Case, Declaration, flag
from losscli.losses.domain import LOGITS, NON_NEGATIVES, PROBABILITIES, REAL, Interval
from losscli.losses.registry import find, specs
from losscli.losses.spec import LossSpec, family, loss


def difference(y_true: Any, y_pred: Any, *, factor: float = 1.0) -> Any:
    """How far off."""
    return np.abs(y_true - y_pred) * factor


def spec_of(decorator: Any) -> LossSpec:
    def copy(y_true: Any, y_pred: Any, *, factor: float = 1.0) -> Any:
        """How far off."""
        return difference(y_true, y_pred, factor=factor)

    declared = decorator(copy)
    assert declared is copy
    spec: LossSpec = declared.spec
    return spec


def test_a_bare_loss_has_the_defaults_of_every_field() -> None:
    for spec in (spec_of(loss), spec_of(loss())):
        assert {f.name: getattr(spec, f.name) for f in fields(Declaration)} == vars(Declaration())
        assert (spec.name, spec.docs.summary) == ("copy", "How far off.")
        assert [parameter.name for parameter in spec.parameters] == ["factor"]


def test_a_family_has_values_of_its_own_that_a_loss_may_change() -> None:
    counts = family("counts", kind="element", y_true=NON_NEGATIVES, symmetric=True)
    spec = spec_of(counts(y_pred=NON_NEGATIVES, symmetric=False))
    assert (spec.family, spec.kind) == ("counts", "element")
    assert (spec.y_true, spec.y_pred, spec.symmetric) == (NON_NEGATIVES, NON_NEGATIVES, False)
    assert spec_of(counts()).symmetric
    assert spec_of(counts).y_pred is REAL
    of_rows = counts.family("rows", kind="sample")
    spec = spec_of(of_rows())
    assert (spec.family, spec.kind, spec.y_true) == ("rows", "sample", NON_NEGATIVES)


@pytest.mark.parametrize(
    ("fields_", "message"),
    [
        ({"symetric": True}, "unexpected keyword argument 'symetric'"),
        ({"kind": "pooled"}, "a pooled loss, and no other, has finalise="),
        ({"kind": "element", "finalise": np.sum}, "a pooled loss, and no other, has finalise="),
        ({"kind": "order"}, "a loss of kind order, and no other, has order="),
        ({"order": "max"}, "a loss of kind order, and no other, has order="),
    ],
)
def test_what_cannot_be_declared_is_refused(fields_: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        loss(**fields_)


def test_a_domain_depends_on_a_parameter_in_one_way() -> None:
    declared = Declaration(
        y_pred=PROBABILITIES,
        cases=(
            flag("from_logits", y_pred=LOGITS),
            Case("power", Interval(high=0), y_true=NON_NEGATIVES),
            Case("power", Interval(1, 2), refused=("no power {value}", "it may be 3")),
            Case("word", "all", y_true=REAL, y_pred=REAL),
        ),
    )
    assert declared.flags == ("from_logits",)
    assert declared.y_pred_when == {"from_logits": LOGITS}
    assert declared.y_true_when == {}
    assert declared.domains({}) == (REAL, PROBABILITIES)
    assert declared.domains({"from_logits": False}) == (REAL, PROBABILITIES)
    assert declared.domains({"from_logits": True}) == (REAL, LOGITS)
    assert declared.domains({"power": -1.0}) == (NON_NEGATIVES, PROBABILITIES)
    assert declared.domains({"power": 3.0}) == (REAL, PROBABILITIES)
    assert declared.domains({"power": -1.0, "word": "all"}) == (REAL, REAL)
    with pytest.raises(UsageError, match=r"no power 1.5\nit may be 3"):
        declared.domains({"power": 1.5})


def test_flags_are_those_that_say_what_the_data_means() -> None:
    flags = {spec.name: spec.flags for spec in specs() if spec.flags}
    assert flags["kld"] == ("log_input", "log_target")
    assert flags["sparse_categorical_crossentropy"] == ("log_input", "from_logits")
    assert flags["binary_crossentropy"] == ("from_logits",)
    assert "hinge" not in flags  # labels are a word


def test_no_tweedie_distribution_has_a_power_between_0_and_1() -> None:
    for power, is_refused in ((0.0, False), (1e-9, True), (0.5, True), (1.0, False)):
        bound = find("tweedie_deviance").bind({"power": power})
        if not is_refused:
            assert bound.domains
            continue
        with pytest.raises(UsageError, match=f"no Tweedie distribution has power {power}"):
            assert bound.domains
