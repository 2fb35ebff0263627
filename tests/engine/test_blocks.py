"""The block grid, and the walk over it: the same bits whatever the source's own chunks are."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

import losscli
from losscli.engine.blocks import BLOCK_VALUES, rows_per_block, walk
from losscli.engine.plan import Inputs, Plan
from losscli.engine.result import Result
from losscli.engine.run import run
from losscli.errors import DataError
from losscli.frameworks.bind import parse
from losscli.sources.array import ArraySource
from losscli.sources.base import Source
from losscli.sources.columns import View, select
from losscli.sources.open import open_source

Array = np.ndarray


@pytest.mark.parametrize(
    ("width", "rows"),
    [(1, 65536), (3, 21845), (10, 6553), (65535, 1), (65536, 1), (70000, 1), (0, 65536)],
)
def test_the_grid_depends_on_the_width_alone(width: int, rows: int) -> None:
    assert rows_per_block(width) == rows


@pytest.mark.parametrize("shape", [(150000, 1), (50000, 3), (14000, 10), (3, 70000), (900, 5, 16)])
def test_blocks_start_at_multiples_of_the_grid(shape: tuple[int, ...]) -> None:
    array = np.arange(np.prod(shape), dtype=np.float64).reshape(shape)
    rows = rows_per_block(int(np.prod(shape[1:])))
    blocks = list(walk([View(ArraySource(array, "a"))]))
    assert [block.start for block in blocks] == list(range(0, shape[0], rows))
    arrays = [array for block in blocks for array in block.arrays]
    assert all(len(part) == rows for part in arrays[:-1])
    assert all(part.size <= max(BLOCK_VALUES, array[0].size) for part in arrays)
    np.testing.assert_array_equal(np.concatenate(arrays), array)


def write(array: Array, folder: Path, name: str, form: str) -> Source:
    """The array as a source of this form."""
    path = folder / f"{name}.{form}"
    match form:
        case "array":
            return ArraySource(array, name)
        case "npy":
            np.save(path, array)
        case "fortran":
            path = path.with_suffix(".npy")
            np.save(path, np.asfortranarray(array))
        case "swapped":
            path = path.with_suffix(".npy")
            np.save(path, array.astype(">f8"))
        case "json":
            return open_source(str(array.tolist()), name)
        case "csv":
            lines = (",".join(map(repr, row)) for row in array.tolist())
            path.write_text("\n".join(lines) + "\n")
    return open_source(str(path), name)


def results(sources: Sequence[Source], losses: Sequence[str]) -> tuple[Result, ...]:
    plan = Plan([parse(loss) for loss in losses], keep=None)
    return run(plan, Inputs(View(sources[0]), {"": View(sources[1])})).results


@pytest.mark.parametrize("shape", [(140001, 1), (45001, 3), (14001, 10), (3, 70000)], ids=str)
def test_every_form_of_the_same_data_gives_the_same_bits(
    shape: tuple[int, int], tmp_path: Path
) -> None:
    rng = np.random.default_rng(7)
    # Few digits keep the CSV quick to write; sums of them are still rounded everywhere.
    t, p = (np.round(rng.normal(0, 100, shape), 3) for _ in range(2))
    losses = ["mse", "logcosh", "rmse", "cosine_proximity"]
    expected = results([ArraySource(t, "t"), ArraySource(p, "p")], losses)
    for form in ("npy", "fortran", "swapped", "csv", "json"):
        sources = [write(t, tmp_path, "t", form), write(p, tmp_path, "p", form)]
        found = results(sources, losses)
        assert found == expected, form  # values, counts and summaries; not the arrays
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(one.per_sample, other.per_sample)
            assert one.signature == other.signature


def test_the_parts_of_one_run_are_those_of_another() -> None:
    """Deterministic digits: the same data, the same result, to the last bit."""
    rng = np.random.default_rng(8)
    t, p = rng.normal(0, 1, (2, 100000, 2))
    first, second = losscli.compute("msle", abs(t), abs(p)), losscli.compute("msle", abs(t), abs(p))
    assert first == second
    doubled = [np.repeat(a, 2, axis=1)[:, ::2] for a in (abs(t), abs(p))]  # not contiguous
    assert losscli.compute("msle", *doubled) == first
    assert losscli.compute("msle", np.asfortranarray(abs(t)), abs(p)) == first


class Recorder(ArraySource):
    """An array that tells how often and what of it was read, in chunks as the engine asks."""

    def __init__(self, array: Array, label: str) -> None:
        super().__init__(array, label)
        self.reads: list[tuple[int, ...] | None] = []

    def blocks(self, rows: int, columns: Sequence[int] | None = None) -> Iterator[Array]:
        self.reads.append(None if columns is None else tuple(columns))
        return super().blocks(rows, columns)


DATA = np.arange(40.0).reshape(10, 4)


@pytest.mark.parametrize(
    ("t_columns", "p_columns", "read"),
    [
        ((0,), (1,), (0, 1)),
        ((3, 1), (1, 0), (0, 1, 3)),
        ((0, 1), (2, 3), None),
        (None, (2,), None),
        ((2, 1), (2, 1), (1, 2)),
    ],
    ids=str,
)
def test_a_source_for_both_views_is_read_once(
    t_columns: tuple[int, ...] | None,
    p_columns: tuple[int, ...] | None,
    read: tuple[int, ...] | None,
) -> None:
    source = Recorder(DATA, "data.csv")
    views = [View(source, t_columns), View(source, p_columns)]
    [walked] = walk(views)
    assert (walked.start, walked.keys) == (0, [])
    assert source.reads == [read]
    for block, columns in zip(walked.arrays, (t_columns, p_columns), strict=True):
        np.testing.assert_array_equal(block, DATA if columns is None else DATA[:, list(columns)])
        assert block.flags.c_contiguous


class Uncounted(ArraySource):
    """An array whose rows are not known before they are read, as a CSV file's."""

    @property
    def shape(self) -> tuple[int | None, ...]:
        return (None, *super().shape[1:])


@pytest.mark.parametrize("kinds", [(a, b) for a in (0, 1) for b in (0, 1)], ids=str)
@pytest.mark.parametrize("lengths", [(3, 5), (5, 3), (65536, 65537), (140000, 65536)], ids=str)
def test_different_numbers_of_rows_are_refused_with_both_shapes(
    kinds: tuple[int, int], lengths: tuple[int, int]
) -> None:
    kind = (ArraySource, Uncounted)
    t, p = (
        View(kind[k](np.zeros((n, 1)), label))
        for k, n, label in zip(kinds, lengths, ("t.csv", "p.csv"), strict=True)
    )
    with pytest.raises(DataError) as caught:
        list(walk([t, p]))
    assert f"t.csv has shape ({lengths[0]}, 1)" in caught.value.message
    assert f"p.csv has shape ({lengths[1]}, 1)" in caught.value.message


@pytest.mark.parametrize("kind", [ArraySource, Uncounted])
def test_no_rows_are_refused(kind: type[ArraySource]) -> None:
    source = kind(np.zeros((0, 2)), "empty.npy")
    with pytest.raises(DataError, match=r"there are no rows in empty\.npy"):
        list(walk([View(source, (0,)), View(source, (1,))]))


def test_columns_of_one_file_against_each_other(tmp_path: Path) -> None:
    path = tmp_path / "both.csv"
    path.write_text("id,truth,guess\n1,0,1\n2,3,3\n3,5,2\n")
    source = open_source(str(path), "data")
    plan = Plan([parse("mae")], keep=None)
    [result] = run(plan, Inputs(select(source, "truth"), {"": select(source, "guess")})).results
    assert result.per_sample is not None
    assert result.per_sample.tolist() == [1.0, 0.0, 3.0]
