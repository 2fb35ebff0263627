"""The Python face: arrays of every kind, files and text give what the command line gives."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import losscli
from losscli import api
from losscli.errors import DataError, SourceError, UnknownNameError, UsageError
from tests.conftest import SAMPLE_DATA, Run

TRUE, PRED = [[0.0, 1, 1], [0, 0, 1]], [[1.0, 1, 0], [1, 0, 1]]
SAMPLES = [2 / 3, 1 / 3]


class OnlyArray:
    """Something that NumPy can make an array of, and nothing else."""

    def __init__(self, data: Any) -> None:
        self._data = np.asarray(data)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.array(self._data, dtype=dtype)


class OnlyDlpack:
    """A tensor of a framework that has nothing of NumPy's."""

    def __init__(self, data: Any) -> None:
        self._data = np.asarray(data)

    def __dlpack__(self, **options: Any) -> Any:
        return self._data.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        device: tuple[int, int] = self._data.__dlpack_device__()
        return device


class OnADevice(OnlyDlpack):
    """A tensor whose memory the processor cannot read."""

    def __dlpack__(self, **options: Any) -> Any:
        raise BufferError("the data is on a device")


@pytest.mark.parametrize(
    "make",
    [lambda a: a, np.asarray, OnlyArray, OnlyDlpack, json.dumps, lambda a: tuple(map(tuple, a))],
)
def test_what_an_array_may_be(make: Any) -> None:
    result = losscli.compute("mse", make(TRUE), make(PRED))
    assert result.value == 0.5
    assert result.per_sample is not None
    assert result.per_sample.tolist() == SAMPLES
    assert result.unreduced is not None
    assert result.unreduced.tolist() == SAMPLES  # as Keras has it: the last axis is averaged


@pytest.mark.parametrize("dtype", ["?", "i1", "u8", "f2", "f4", ">f8", "g"])
def test_types_of_arrays(dtype: str) -> None:
    true, pred = (np.array(a).astype(dtype) for a in (TRUE, PRED))
    assert losscli.compute("mse", true, pred).value == 0.5
    assert losscli.compute("mse", true[::-1].T.T, pred[::-1], dtype="float32").value == 0.5


def test_pandas() -> None:
    pandas = pytest.importorskip("pandas")
    true, pred = pandas.DataFrame(TRUE, columns=list("abc")), pandas.DataFrame(PRED)
    assert losscli.compute("mse", true, pred).value == 0.5
    assert losscli.compute("mse", true["a"], pred[0]).per_sample.tolist() == [1, 1]  # type: ignore[union-attr]


def test_polars() -> None:
    polars = pytest.importorskip("polars")
    true = polars.DataFrame({"a": [1.0, 2.0], "b": [1, 2]})
    assert losscli.compute("mse", true, true + 1).value == 1
    assert losscli.compute("mse", true["a"], true["b"]).value == 0


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ([[1, 2], [3]], "y_true is not an array of numbers"),
        (["a", "b"], 'y_true, row 1, column 1: "a" is not a number'),
        ([None, 1], "y_true, row 1, column 1: null is not a number"),
        ([1j, 2], "y_true holds complex128, not numbers"),
        (3, "y_true is a single number"),
        (OnADevice([1]), "y_true is not an array of numbers: the data is on a device"),
        (np.array([], dtype=float), "y_true"),
        ([np.nan, 1], "y_true, row 1, column 1: nan is not a finite number"),
    ],
)
def test_what_is_no_array(bad: Any, says: str) -> None:
    with pytest.raises(losscli.LosscliError) as caught:
        losscli.compute("mse", bad, [1.0, 2.0])
    assert says in str(caught.value)


def test_files(tmp_path: Path) -> None:
    np.save(tmp_path / "t.npy", np.array(TRUE))
    (tmp_path / "p.csv.gz").write_bytes(gzip.compress(b"a,b,c\n1,1,0\n1,0,1\n"))
    np.savez(tmp_path / "a.npz", p=np.array(PRED), w=[1, 3])
    for true in (tmp_path / "t.npy", str(tmp_path / "t.npy"), TRUE):
        for pred in (tmp_path / "p.csv.gz", f"{tmp_path}/a.npz:p", json.dumps(PRED)):
            assert losscli.compute("mse", true, pred).value == 0.5
    weights = f"{tmp_path}/a.npz:w"
    result = losscli.compute("mse", TRUE, PRED, sample_weight=weights, reduction="mean")
    assert result.value == pytest.approx((2 / 3 + 3 / 3) / 4, rel=1e-15)
    with pytest.raises(SourceError, match="there is no file"):
        losscli.compute("mse", "nowhere.csv", PRED)


WEIGHTS = [1, 0, 3]
SUMS = {"mean": 7.0, "mean_over_batch": 28 / 3, "mean_over_nonzero": 14.0, "sum": 28.0}


@pytest.mark.parametrize("reduction", [*SUMS, "none"])
@pytest.mark.parametrize("weights", [WEIGHTS, np.array(WEIGHTS), [[1], [0], [3]], "[1, 0, 3]"])
def test_reductions_of_weighted_samples(reduction: Any, weights: Any) -> None:
    result = losscli.compute(
        "mse", [1, 2, 3], [0, 0, 0], sample_weight=weights, reduction=reduction
    )
    assert result.value == SUMS.get(reduction)
    assert result.status == ("none" if reduction == "none" else "ok")
    assert result.weighted
    assert result.per_sample is not None
    assert result.per_sample.tolist() == [1, 4, 9]


def test_nan() -> None:
    true, pred = [1, np.nan, 3, 5], [1, 2, np.inf, 7]
    with pytest.raises(DataError, match="y_true, row 2, column 1: nan is not a finite number"):
        losscli.compute("mse", true, pred)
    skipped = losscli.compute("mse", true, pred, nan="skip")
    assert (skipped.value, skipped.n.used, skipped.n.skipped) == (2, 2, 2)
    assert skipped.per_sample is not None
    assert skipped.per_sample.tolist() == [0, 4]
    on = losscli.compute("mse", true, pred, nan="propagate")
    assert (str(on.value), on.status, on.n.skipped) == ("nan", "nan", 0)
    assert repr(on.per_sample.tolist()) == "[0.0, nan, inf, 4.0]"  # type: ignore[union-attr]


def test_parameters() -> None:
    args = ([0.0, 0], [1.0, 5])
    result = losscli.compute("huber", *args, delta=2)
    assert result.value == losscli.compute("huber:delta=2", *args).value == (0.5 + 8) / 2
    assert result.params["delta"] == 2
    with pytest.raises(UsageError):
        losscli.compute("huber", *args, wat=2)
    with pytest.raises(UnknownNameError, match="did you mean huber"):
        losscli.compute("hubber", *args)


def test_the_command_line_says_the_same(losscli: Run) -> None:
    from losscli import compute

    diabetes = SAMPLE_DATA / "diabetes"
    files = (diabetes / "y_true.csv", diabetes / "ridge.csv")
    args = ("compute", "mse", "--true", files[0], "--pred", files[1], "--format", "json")
    (said,) = json.loads(losscli(*args).stdout)["results"]
    result = compute("mse", *files)
    assert said["value"] == result.value
    assert said["per_sample"] == result.per_sample.tolist()  # type: ignore[union-attr]
    assert said["signature"] == result.signature
    assert said["summary"]["p95"] == result.summary.p95  # type: ignore[union-attr]


def test_get() -> None:
    huber = losscli.get("huber", delta=2.0)
    assert huber([0, 0], [1, 5]).tolist() == [0.5, 8]
    single = np.zeros(2, dtype=np.float32)
    assert huber(single, single + 1).dtype == np.float32
    assert huber.__name__ == "huber"
    with pytest.raises(DataError, match="one shape"):
        huber([0, 0], [[1, 5]])


def test_nothing_is_changed_or_broadcast() -> None:
    true, pred = np.array([1.0, 2, 3]), np.array([[1.0], [2], [5]])
    true.flags.writeable = pred.flags.writeable = False
    assert losscli.compute("mse", true, pred).value == 4 / 3
    with pytest.raises(DataError):
        losscli.compute("mse", true, [1.0])
    with pytest.raises(DataError):
        losscli.compute("mse", np.zeros((3, 3)), pred)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"reduction": "average"}, "there is no reduction 'average'"),
        ({"dtype": "float16"}, "there is no dtype 'float16'"),
        ({"nan": "drop"}, "there is no nan 'drop'"),
    ],
)
def test_a_choice_that_is_none_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(losscli.LosscliError, match=message):
        losscli.compute("mse", [1, 2], [2, 3], **options)
    with pytest.raises(losscli.LosscliError, match=message):
        losscli.compare([1, 2], [2, 3], **options)


def test_masked_values_are_refused() -> None:
    masked = np.ma.masked_array([1.0, 2.0], mask=[False, True])
    with pytest.raises(losscli.LosscliError, match="masked"):
        losscli.compute("mse", masked, [1, 5])


@pytest.mark.parametrize("loss", [5, ["mse", "mae"], None])
def test_what_is_no_loss_is_refused(loss: Any) -> None:
    with pytest.raises(losscli.LosscliError, match="a loss is a name or a function"):
        losscli.compute(loss, [1], [2])


def test_the_deviation_of_large_numbers_is_no_accident() -> None:
    summary = losscli.compute("mae", [1e200, 1e200], [0, 0]).summary
    assert summary is not None
    assert summary.std == 0


def test_a_result_is_a_dictionary_as_json_has_it(losscli: Run) -> None:
    data = ("--true", "[[0,1,1],[0,0,1]]", "--pred", "[[1,1,0],[1,0,1]]", "--dtype", "float32")
    done = losscli("compute", "huber:delta=2", *data, "--format", "json")
    t, p = [[0, 1, 1], [0, 0, 1]], [[1, 1, 0], [1, 0, 1]]
    result = api.compute("huber:delta=2", t, p, dtype="float32")
    assert result.to_dict() == json.loads(done.stdout)["results"][0]


def test_get_of_a_loss_with_further_arrays() -> None:
    nll = losscli.get("gaussian_nll")
    t, p, var = [1.0, 2.0], [1.5, 1.0], [0.5, 2.0]
    expected = losscli.compute("gaussian_nll", t, p, inputs={"var": var}).per_sample
    np.testing.assert_array_equal(nll(t, p, var=var), expected)
    with pytest.raises(DataError, match="var"):
        nll(t, p)
