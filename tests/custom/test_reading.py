"""What a file offers, and what is read off the signature of each of the articles' three forms."""

import functools
import warnings
from pathlib import Path

import numpy as np
import pytest

import losscli
from losscli.custom.files import load
from losscli.custom.reading import as_spec
from losscli.errors import LosscliError, SourceError, UnknownNameError, UsageError
from losscli.request.losses import Resolver
from tests.custom.conftest import Shell, Write

TRUE, PRED = [[0.0, 1.0], [2.0, 0.0], [5.0, 1.0]], [[1.0, 1.0], [0.0, 0.5], [5.0, 4.0]]
DIFFERENCE = np.array(PRED) - np.array(TRUE)

resolve = Resolver()


def value(text: str) -> float:
    result = losscli.compute(text, TRUE, PRED).value
    assert result is not None
    return result


def test_a_plain_function_with_a_parameter(write: Write) -> None:
    own = write("def scaled(y_true, y_pred, k=2):\n    return k * (y_pred - y_true) ** 2\n")
    assert value(f"{own}:scaled") == 2 * (DIFFERENCE**2).mean()
    assert value(f"{own}:scaled:k=0.5") == 0.5 * (DIFFERENCE**2).mean()


def test_a_whole_number_stays_whole(write: Write) -> None:
    own = write("def f(y_true, y_pred, axis=-1):\n    return K.mean(y_pred - y_true, axis=axis)\n")
    assert value(f"{own}:f:axis=1") == DIFFERENCE.mean()


def test_a_truth_value_stays_one(write: Write) -> None:
    own = write("""
        def f(y_true, y_pred, squared=True):
            assert squared is True or squared is False
            return K.square(y_pred - y_true) if squared else K.abs(y_pred - y_true)
    """)
    assert value(f"{own}:f") == (DIFFERENCE**2).mean()
    assert value(f"{own}:f:squared=false") == np.abs(DIFFERENCE).mean()


def test_a_wrapper_of_two_parameters(write: Write) -> None:
    own = write("""
        def weighted(alpha, gamma):
            return lambda y_true, y_pred: alpha * K.abs(y_pred - y_true) ** gamma
        def ready(alpha=2, gamma=1):
            return weighted(alpha, gamma)
        def short(t=2, p=1):
            return weighted(t, p)
    """)
    expected = 2 * np.abs(DIFFERENCE).mean()
    assert value(f"{own}:weighted:alpha=2,gamma=1") == expected
    assert value(f"{own}:ready") == value(f"{own}:short") == expected
    assert resolve(f"{own}:weighted", params={"alpha": 2, "gamma": 1}).params == {
        "alpha": 2.0,
        "gamma": 1.0,
    }
    with pytest.raises(UsageError, match="it is a wrapper"):
        value(f"{own}:weighted")


def test_names_of_data_do_not_matter(write: Write) -> None:
    own = write("def f(a, b):\n    return b - a\n")
    assert value(f"{own}:f") == DIFFERENCE.mean()


def test_a_class_and_its_object(write: Write) -> None:
    own = write("""
        class Scaled(Loss):
            def __init__(self, k=1, name="scaled", reduction="auto", **kwargs):
                super().__init__(name=name, **kwargs)
                self.k = k
            def call(self, y_true, y_pred):
                return self.k * (y_pred - y_true)
            def get_config(self):
                return {**super().get_config(), "k": self.k}
        thrice = Scaled(k=3)
        class Typed(tf.keras.losses.Loss):
            def call(self, y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
                return y_pred - y_true
    """)
    assert value(f"{own}:Scaled:k=2") == pytest.approx(2 * DIFFERENCE.mean())
    assert value(f"{own}:thrice") == pytest.approx(3 * DIFFERENCE.mean())
    assert value(f"{own}:Typed") == pytest.approx(DIFFERENCE.mean())
    assert [p.name for p in resolve(f"{own}:Scaled").spec.parameters] == ["k"]


def test_a_default_that_is_no_number_is_left_to_the_function(write: Write) -> None:
    own = write("""
        def f(y_true, y_pred, weights=None, axes=(1,), k=K.epsilon()):
            return K.mean(y_pred - y_true, axis=list(axes)) * (1 if weights is None else weights)
    """)
    assert value(f"{own}:f") == DIFFERENCE.mean()
    assert value(f"{own}:f:weights=2") == 2 * DIFFERENCE.mean()


def test_parameters_are_checked(write: Write) -> None:
    own = write("""
        def f(y_true, y_pred, threshold=1):
            return y_pred - y_true
        def needs(margin):
            return lambda y_true, y_pred: y_pred - y_true
    """)
    with pytest.raises(UsageError, match="no parameter 'treshold'\ndid you mean threshold"):
        resolve(f"{own}:f:treshold=1")
    with pytest.raises(UsageError, match="threshold must be a number, not 'x'"):
        resolve(f"{own}:f:threshold=x")
    with pytest.raises(UsageError, match=r"needs a value for margin\nwrite own.py:needs:margin=1"):
        resolve(f"{own}:needs")
    with pytest.raises(UsageError, match="ends after the colon"):
        resolve(f"{own}:f:")


def test_only_what_is_the_files_own_is_offered(write: Write) -> None:
    own = write("""
        from math import hypot
        from losscli import compute
        import numpy as np
        N = 3
        def _helper(y_true, y_pred): return y_pred
        def f(y_true, y_pred): return _helper(y_true, y_pred)
        g = lambda y_true, y_pred: y_pred
        class Data: pass
    """)
    assert list(load(own).members) == ["f", "g"]
    for name in ("hypot", "compute", "_helper", "K", "Data", "N"):
        with pytest.raises(UnknownNameError, match=f"defines no loss '{name}'"):
            resolve(f"{own}:{name}")
    with pytest.raises(UsageError, match=r"write own.py:NAME; it has: f, g"):
        resolve(own)
    with pytest.raises(UnknownNameError, match="did you mean ff"):
        resolve(f"{write('def ff(a, b): return b', 'two.py')}:fff")


def test_a_file_that_is_not_there(write: Write) -> None:
    write("")
    with pytest.raises(SourceError, match=r"no.py cannot be read: No such file"):
        resolve("no.py:f")


def test_a_file_is_run_once_and_again_only_when_it_changed(write: Write) -> None:
    source = "with open('ran', 'a') as ran: ran.write('x')\ndef f(a, b): return b - a\n"
    own = write(source)
    first = resolve(f"{own}:f")
    resolve(f"./{own}:f")
    assert Path("ran").read_text() == "x"
    write(source + "# changed\n")
    assert resolve(f"{own}:f").spec.revision != first.spec.revision
    assert Path("ran").read_text() == "xx"


def test_a_path_of_any_letters_and_a_sibling_module(write: Write) -> None:
    write("def difference(t, p): return p - t\n", "mein Ordner/hälfte/beside_own.py", "")
    own = write(
        """
        import beside_own
        def f(y_true, y_pred):
            from beside_own import difference
            return difference(y_true, y_pred)
        """,
        "mein Ordner/hälfte/verlüste.py",
    )
    assert value(f"{own}:f") == DIFFERENCE.mean()
    assert not list(Path().rglob("__pycache__"))


def test_the_signature_tells_the_files_digest_and_changed_parameters(write: Write) -> None:
    own = write("def f(k=1):\n    return lambda t, p: k * (p - t)\n")
    digest = load(own).digest[:12]
    plain = losscli.compute(f"{own}:f", TRUE, PRED).signature
    assert plain.endswith(f"|rev:sha256-{digest}")
    assert "k" not in plain.split("|")[0].partition(":")[2].replace(own, "")
    assert "k=2" in losscli.compute(f"{own}:f:k=2", TRUE, PRED).signature.replace("k:2", "k=2")


def test_a_function_of_python(write: Write) -> None:
    assert losscli.compute(lambda t, p: p - t, TRUE, PRED).value == DIFFERENCE.mean()
    partial = functools.partial(lambda t, p, k: k * (p - t), k=2)
    assert losscli.compute(partial, TRUE, PRED).value == 2 * DIFFERENCE.mean()
    assert losscli.compute(np.subtract, TRUE, PRED).value == -DIFFERENCE.mean()
    with pytest.raises(UsageError, match="is no loss: a int"):
        as_spec(3, "three", "")


def test_an_error_of_a_function_of_python_tells_its_line() -> None:
    def broken(y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
        return y_pred - y_true[:, :1].T

    with pytest.raises(LosscliError, match=r"test_reading.py, line \d+, in broken: ValueError"):
        losscli.compute(broken, TRUE, PRED)


def test_files_named_by_option(write: Write, shell: Shell) -> None:
    one = write("def f(t, p): return p - t\ndef mse(t, p): return p\n", "one.py")
    two = write("def f(t, p): return p\n", "two.py")
    data = ("--true", str(TRUE), "--pred", str(PRED), "--format", "value")
    assert shell("compute", "f", "--loss-file", one, *data)[1] == f"{DIFFERENCE.mean()}\n"
    code, out, err = shell("compute", "f", "--loss-file", one, "--loss-file", two, *data)
    assert (code, out) == (2, "")
    assert "'f' is ambiguous: it is in one.py, two.py" in err
    code, _, err = shell("compute", "mse", "--loss-file", one, *data)
    assert code == 2
    assert "'mse' is ambiguous: it is in losscli itself, one.py" in err
    assert "write one.py:mse" in err
    code, _, err = shell("compute", "ff", "--loss-file", two, *data)
    assert "there is no loss 'ff', and none in two.py" in err
    assert "did you mean f?" in err


def test_compare_takes_what_is_marked(write: Write, shell: Shell) -> None:
    own = write("""
        @loss
        def marked(y_true, y_pred, *, k=1): return k * (y_pred - y_true)
        @loss
        def mse(y_true, y_pred): return y_pred
        def unmarked(y_true, y_pred): return y_pred
    """)
    code, out, _ = shell(
        "compare", "--loss-file", own, "--true", str(TRUE), "--pred", str(PRED), "--format", "csv"
    )
    assert code == 0
    assert "marked" in out.replace("unmarked", "")
    assert "own.py:mse" in out
    assert "unmarked" not in out


def test_installed_losses_are_looked_at_only_for_unknown_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "fake_losses-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fake-losses\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(
        "[losscli.losses]\nfake = fake_losses:difference\nbroken = fake_losses_missing:f\n"
        "mse = fake_losses:difference\n"
    )
    (tmp_path / "fake_losses.py").write_text("def difference(t, p, k=1):\n    return k * (p - t)\n")
    monkeypatch.syspath_prepend(tmp_path)
    result = losscli.compute("fake:k=2", TRUE, PRED)
    assert result.value == 2 * DIFFERENCE.mean()
    assert result.signature.endswith("rev:fake_losses.difference@1.2")
    with pytest.raises(UsageError, match="broken of fake_losses_missing:f cannot be loaded"):
        resolve("broken")
    assert value("mse") == (DIFFERENCE**2).mean()

    def fail(**_: object) -> None:
        raise AssertionError("entry points were looked at")

    monkeypatch.setattr("importlib.metadata.entry_points", fail)
    assert value("mse") == (DIFFERENCE**2).mean()
    with pytest.raises(AssertionError):
        resolve("fake")


def test_one_column_comes_as_a_column(write: Write) -> None:
    own = write(
        "def f(t, p):\n    assert t.ndim == p.ndim == 2 and t.shape[1] == 1\n    return p - t\n"
    )
    assert losscli.compute(f"{own}:f", [1, 2, 3], [2, 2, 2]).value == 0


def test_floatx_follows_dtype(write: Write) -> None:
    own = write("""
        def f(t, p):
            assert K.floatx() == p.dtype.name == K.cast(p, "float32").dtype.name
            return K.mean(p - t, axis=-1)
    """)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for dtype in ("float32", "float64"):
            result = losscli.compute(f"{own}:f", TRUE, PRED, dtype=dtype)  # type: ignore[arg-type]
            assert result.unreduced is not None
            assert result.unreduced.dtype == dtype
