"""What a loss does wrong is said with its own file and line, and nothing of losscli's."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import losscli
from losscli.errors import LosscliError
from tests.custom.conftest import Shell, Write

TRUE, PRED = [[0.0, 1.0], [2.0, 0.0], [5.0, 1.0]], [[1.0, 1.0], [0.0, 0.5], [5.0, 4.0]]
DATA = ("--true", str(TRUE), "--pred", str(PRED))


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def f(t, p)\n    return p", r"own.py, line 4: SyntaxError: expected ':': def f\(t, p\)"),
        ("import keras\n", r"own.py, line 4: ModuleNotFoundError.*\n.*from losscli import backend"),
        ("from tensorflow.keras import backend", r"line 4: .*\n.*from losscli.backend import tf"),
        (
            "from losscli.backend import reduce_mean",
            r"own.py, line 4: ImportError: losscli's K has no 'reduce_mean'; .* is K.mean: from",
        ),
        ("1 / 0\n", r"own.py, line 4: ZeroDivisionError: division by zero: 1 / 0"),
        ("import sys\nsys.exit('bye')\n", r"own.py, line 5: SystemExit: bye"),
        ("def f(t, p):\n    return K.meen(p)", r"line 5, in f: .*no 'meen'; the nearest is K.mean"),
        ("def f(t, p):\n    return tf.math.lag(p)", r"no 'lag'; the nearest is tf.math.log"),
        (
            "def f(t, p):\n    w = p[:, :1].T\n    return p - w",
            r"own.py, line 6, in f: ValueError: operands could not be broadcast.*: return p - w\n"
            r"p has shape \(3, 2\), w has shape \(1, 3\)",
        ),
        (
            "def helper(x):\n    return K.mean(x, axis=5)\ndef f(t, p):\n    return helper(p)",
            r"own.py, line 5, in helper: AxisError: .*\nx has shape \(3, 2\)",
        ),
        ("def f(t, p):\n    raise SystemExit", r"own.py, line 5, in f: SystemExit"),
        ("def f(t, p):\n    return None", r"own.py:f returns None, not real numbers"),
        ("def f(t, p):\n    return 'x'", r"own.py:f returns str, not real numbers"),
        ("def f(t, p):\n    return [[1], [1, 2]]", r"own.py:f returns list, not real numbers"),
        ("def f(t, p):\n    return p * 1j", r"own.py:f returns complex numbers, not real"),
        ("def f(t, p):\n    return f", r"returns a function when it is given data: it is a wrap"),
        ("def f(a=1):\n    return 3", r"own.py.*f.*returns int, not a function of two arrays"),
        (
            "def f(t, p):\n    return K.sum(p, axis=0)",
            r"returns an array of shape \(2,\) for y_true of shape \(3, 2\) and y_pred of shape "
            r"\(3, 2\)\nreturn shape \(3, 2\) .*, \(3,\) \(axis=-1 reduced\) or a single number",
        ),
        ("def f(t, p):\n    p -= t\n    return p", r"line 5.*\na loss must not change its arrays"),
        ("def f(t, p):\n    return p - K.mean(p)", r"depends on which rows are computed together"),
        ("def f(t, p):\n    return p - p[0]", r"depends on which rows are computed together"),
        (
            "import random\ndef f(t, p):\n    return p * random.random()",
            r"gives other values when it is called again with the same data",
        ),
        (
            "import random\ndef f(t, p):\n    return K.mean(p) * random.random()",
            r"gives other values when it is called again with the same data",
        ),
        (
            "@loss(kind='sample')\ndef f(t, p):\n    return p",
            r"returns an array of shape \(3, 2\).*\nit is declared sample .* return shape \(3,\)",
        ),
        (
            "@loss(kind='pooled', finalise=lambda s: s[0])\ndef f(t, p):\n    return K.mean(p)",
            r"returns a single number.*\nit is declared pooled and so must return shape \(3, m\)",
        ),
        (
            "@loss(kind='pooled', finalise=lambda s: s[0])\ndef f(t, p):\n    return p[:, :1]",
            r"finalise of own.py:f must make shape \(3,\) of totals of shape \(3, 1\)",
        ),
        (
            "@loss(kind='pooled', finalise=lambda s: s[..., 9])\ndef f(t, p):\n    return p",
            r"own.py, line 4: IndexError: .*\n",
        ),
    ],
)
def test_what_goes_wrong_is_said(source: str, says: str, write: Write, shell: Shell) -> None:
    own = write(source)
    code, out, err = shell("compute", f"{own}:f", *DATA)
    assert code == 2, err
    assert out == ""
    told = re.sub(r"^(error|hint): ", "", err, flags=re.MULTILINE)
    assert re.search(says, told), told
    assert "Traceback" not in err
    assert "/losscli/" not in err


def test_debug_shows_the_traceback(write: Write, shell: Shell) -> None:
    own = write("def f(t, p):\n    return helper(p)\n")
    assert "NameError: name 'helper'" in shell("--debug", "compute", f"{own}:f", *DATA)[2]


def test_an_interrupt_passes(write: Write, shell: Shell) -> None:
    own = write("def f(t, p):\n    raise KeyboardInterrupt\n")
    assert shell("compute", f"{own}:f", *DATA)[0] == 130


@pytest.mark.parametrize("format_", ["json", "csv", "jsonl", "value"])
def test_what_it_prints_is_noted_and_stdout_stays_clean(
    format_: str, write: Write, shell: Shell
) -> None:
    own = write("print('hi', 'there')\ndef f(t, p):\n    print(p.shape)\n    return p - t\n")
    code, out, err = shell("compute", f"{own}:f", *DATA, "--format", format_)
    assert code == 0
    assert "hi there" not in out
    assert "(3, 2)" not in out
    assert "own.py prints: 'hi there'" in err
    assert err.count("own.py:f prints: '(3, 2)") == 1
    if format_ == "json":
        json.loads(out)


def test_nan_rows(write: Write, shell: Shell) -> None:
    own = write("def f(t, p):\n    return K.square(p - t)\n")
    data = ("--true", "[[1],[2],[4]]", "--pred", "[[1],[NaN],[2]]", "--format", "value")
    assert shell("compute", f"{own}:f", *data)[0] == 2
    assert shell("compute", f"{own}:f", *data, "--nan", "skip")[1] == "2.0\n"
    assert shell("compute", f"{own}:f", *data, "--nan", "propagate")[1] == "nan\n"


def test_a_loss_of_the_whole_data(
    write: Write, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = write("def rmse(t, p):\n    return K.sqrt(K.mean(K.square(p - t)))\n")
    d = np.array(PRED) - np.array(TRUE)
    result = losscli.compute(f"{own}:rmse", TRUE, PRED)
    assert result.value == np.sqrt((d**2).mean())
    assert result.per_sample is not None
    np.testing.assert_allclose(result.per_sample, np.sqrt((d**2).mean(axis=1)), rtol=1e-15)
    with pytest.raises(LosscliError, match="takes no weights"):
        losscli.compute(f"{own}:rmse", TRUE, PRED, sample_weight=[1, 2, 3])
    run = losscli.compare(TRUE, PRED, losses=[f"{own}:rmse"], by=["a", "b", "a"])
    values = {r.group: r.value for r in run.results}
    assert list(values.values()) == [np.sqrt((d[[0, 2]] ** 2).mean()), np.sqrt((d[1] ** 2).mean())]
    monkeypatch.setattr("losscli.engine.reduce.whole.WHOLE_VALUES", 10)
    code, _, err = shell("compute", f"{own}:rmse", *DATA)
    assert code == 2
    assert "only up to 10 values" in err


def test_many_blocks(write: Write) -> None:
    own = write("""
        def element(t, p): return K.abs(p - t)
        def sample(t, p): return K.max(K.abs(p - t), axis=-1)
        def whole(t, p): return K.sqrt(K.mean(K.square(p - t)))
        @loss(kind="pooled", finalise=lambda s: K.sqrt(s[..., 0] / s[..., 1]))
        def pooled(t, p):
            squares = K.sum(K.square(p - t), axis=-1)
            return K.stack([squares, K.ones_like(squares) * p.shape[-1]], axis=1)
    """)
    rng = np.random.default_rng(5)
    t, p = rng.normal(size=(2, 1500, 100))
    expected = {
        "element": np.abs(p - t).mean(),
        "sample": np.abs(p - t).max(axis=1).mean(),
        "whole": np.sqrt(np.square(p - t).mean()),
        "pooled": np.sqrt(np.square(p - t).mean()),
    }
    for name, value in expected.items():
        assert losscli.compute(f"{own}:{name}", t, p).value == pytest.approx(value, rel=1e-13)


def test_a_view_of_the_data_outlives_its_block(tmp_path: Path) -> None:
    """The memory of a block is used again for the next one; what was returned must not change."""
    values = np.arange(150_000.0).reshape(-1, 2)
    np.save(tmp_path / "p.npy", values)
    result = losscli.compute(lambda t, p: p[:, 0], values, tmp_path / "p.npy")
    np.testing.assert_array_equal(result.per_sample, values[:, 0])
