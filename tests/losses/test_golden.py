"""Every number that a framework gave is reproduced, or stands under a rule of differences."""

import re
from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest

from losscli.frameworks import bind
from losscli.frameworks.base import Row
from losscli.frameworks.tables import DIALECTS
from tests.conftest import ROOT
from tests.differences import LATER, RULES, Rule, listed
from tests.golden_values import Value, read
from tests.losses.catalogue import NAMES

FILES = {dialect: ROOT / f"tests/golden/{dialect}.json" for dialect in DIALECTS}
VALUES = [value for path in FILES.values() for value in read(path)]
# Numbers of calls that the golden files have none of, found by `python -m tests.parity`.
LIVE = [value for path in sorted(ROOT.glob("tests/golden_live/*.json")) for value in read(path)]


@pytest.mark.parametrize("value", VALUES + LIVE, ids=lambda value: value.id)
def test_a_value_is_either_reproduced_or_listed(value: Value) -> None:
    assert value.agrees or listed(value), value.outcome.error


def test_no_value_is_left_out() -> None:
    counts = Counter(value.dialect for value in VALUES)
    assert counts == {
        "keras1": 352,
        "keras2": 390,
        "tf2": 894,
        "keras3": 1124,
        "torch": 412,
        "sklearn": 449,
        "optax": 348,
    }


def test_most_numbers_are_reproduced() -> None:
    numbers = [value for value in VALUES if not value.has_raised and value.loss not in LATER]
    assert sum(value.agrees for value in numbers) > 0.93 * len(numbers)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_a_reason_and_a_value_that_needs_it(rule: Rule) -> None:
    assert rule.reason
    found = any(not v.agrees and rule in listed(v) for v in VALUES + LIVE)
    assert found == rule.is_golden


@pytest.mark.parametrize(
    ("dialect", "name"), [(d, name) for d, names in NAMES.items() for name in sorted(names)]
)
def test_a_name_of_the_catalogue_has_a_row(dialect: str, name: str) -> None:
    loss = bind.bind(name, dialect=dialect)
    assert loss.origin.name is not None
    assert name in names_of_rows(DIALECTS[dialect].rows)
    assert name == name.strip()


def test_a_row_has_no_name_that_the_catalogue_lacks() -> None:
    for dialect, table in DIALECTS.items():
        assert names_of_rows(table.rows) <= NAMES[dialect]


def test_a_name_that_no_framework_has_would_be_found() -> None:
    made_up = Row(("log_mse_loss", "LogMSELoss"), "mse")
    found = names_of_rows((*DIALECTS["torch"].rows, made_up)) - NAMES["torch"]
    assert found == {"log_mse_loss", "LogMSELoss"}


def names_of_rows(rows: Iterable[Row]) -> set[str]:
    return {name for row in rows for name in row.names}


def test_the_golden_names_are_those_of_the_catalogue() -> None:
    for dialect, names in NAMES.items():
        used = {value.loss for value in VALUES if value.dialect == dialect}
        own = {name for name in used if name.startswith("custom:")}
        assert used - own - LATER <= names


# The numbers of the article on losses, which Keras 2.1 gave

ARTICLE = [
    value
    for value in VALUES
    if (value.dialect, value.entry["case"], value.dtype) == ("keras2", "article", "float32")
    and value.entry["unreduced"] is not None
    and value.weights is None
]


def test_the_article_has_thirteen_losses() -> None:
    assert len({value.loss for value in ARTICLE}) == 13


@pytest.mark.parametrize("value", ARTICLE, ids=lambda value: value.loss)
def test_the_numbers_of_the_article_hold_within_two_float32_ulp(value: Value) -> None:
    result = value.outcome.result
    assert result is not None
    assert value.outcome.domain == "strict"
    assert result.unreduced is not None
    assert result.unreduced.dtype == np.float32
    theirs = np.array(value.entry["unreduced"], dtype=np.float32)
    np.testing.assert_array_max_ulp(result.unreduced, theirs, maxulp=2)


# What is said in the same breath: these are refused unless they are asked for


def test_values_outside_of_a_domain_are_the_frameworks_on_demand_only() -> None:
    outside = [v for v in VALUES if v.agrees and v.outcome.domain == "framework"]
    assert {v.dialect for v in outside} >= {"keras1", "keras2", "tf2", "keras3"}
    for value in outside:
        assert re.search(r"must (be|have)", value.outcome.error)
