"""The worst samples, whatever the blocks: the largest, NaN before all, earlier ones first."""

from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from losscli.engine.reduce.worst import Worst


def fed(values: np.ndarray, k: int, block: int, start: int = 0) -> Worst:
    worst = Worst(k)
    rows = np.arange(start, start + len(values))
    for i in range(0, len(values), block):
        part = rows[i : i + block]
        data = part[:, np.newaxis].astype(float)
        worst.update(values[i : i + block], part + 1, [(str(r),) for r in part], data, -data)
    return worst


def expected(values: np.ndarray, k: int) -> list[int]:
    key = np.where(np.isnan(values), np.inf, values)
    return (np.argsort(-key, kind="stable")[:k] + 1).tolist()


VALUES = st.lists(st.sampled_from([0.0, 1.0, 2.0, 2.5, nan, np.inf, -1.0]), min_size=1, max_size=60)


@given(VALUES, st.integers(1, 8), st.integers(1, 20))
def test_any_blocks_give_the_largest_in_order(values: list[float], k: int, block: int) -> None:
    found = fed(np.array(values), k, block).samples()
    assert [sample.number for sample in found] == expected(np.array(values), k)


@given(VALUES, VALUES, st.integers(1, 8))
def test_merge_equals_whole(left: list[float], right: list[float], k: int) -> None:
    merged = fed(np.array(left), k, 7)
    merged.merge(fed(np.array(right), k, 7, start=len(left)))
    assert [s.number for s in merged.samples()] == expected(np.array(left + right), k)


def test_a_sample_has_its_id_and_its_data() -> None:
    [sample] = fed(np.array([0.0, 5.0, 1.0]), 1, 2).samples()
    assert (sample.number, sample.id, sample.value) == (2, ("1",), 5.0)
    assert sample.y_true == pytest.approx([1.0])
    assert sample.y_pred == pytest.approx([-1.0])
