"""A loss of the user's own is run so that it can do no harm, and its errors are told as its own."""

import contextlib
import io
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from linecache import getline
from types import FrameType
from typing import Any

import numpy as np

from losscli import backend
from losscli.backend.precision import precision
from losscli.errors import LosscliError, SourceError, UsageError, printable, quoted
from losscli.losses.numerics import Array
from losscli.losses.parameters import Parameter

FRAMEWORKS = ("keras", "tensorflow", "tf_keras")
LONGEST_MESSAGE = 300


@contextlib.contextmanager
def running(folder: str | None, printed: io.StringIO) -> Iterator[None]:
    """Run code of the user's: it may import what lies beside it, and prints into `printed`.

    Nothing that is compiled on the way is written to the disk.
    """
    writes = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    if folder is not None:
        sys.path.insert(0, folder)
    try:
        with contextlib.redirect_stdout(printed):
            yield
    finally:
        sys.dont_write_bytecode = writes
        if folder is not None and folder in sys.path:
            sys.path.remove(folder)


class Guarded:
    """A user's loss as a function of two arrays and parameters.

    The arrays are read-only, what it prints is kept from the results and told in `notes`, its
    errors are told with their line in `path`, and what it returns is an array of the precision in
    use.
    """

    def __init__(
        self,
        call: Callable[..., Any],
        parameters: Sequence[Parameter],
        name: str,
        path: str,
        folder: str | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        self.notes = list(notes)
        self.__doc__ = call.__doc__
        self._call = call
        self._name = name
        self._path = path
        self._folder = folder
        # `axis=-1` must stay whole; 0.5 is welcome where the default is 1.
        self._whole = {
            p.name
            for p in parameters
            if p.type is not bool and (p.default is None or isinstance(p.default, int))
        }

    # Only by position: a parameter of the user's may have any name.
    def __call__(self, y_true: Array, y_pred: Array, /, **params: Any) -> Array:
        values = {k: self._number(k, v) for k, v in params.items()}
        value = self.run(self._call, y_pred.dtype, (y_true, y_pred), values)
        return self._as_array(value, y_pred.dtype)

    def _number(self, name: str, value: Any) -> Any:
        if name in self._whole and isinstance(value, float) and value.is_integer():
            return int(value)
        return value

    def run(
        self,
        call: Callable[..., Any],
        dtype: np.dtype[Any],
        arrays: Sequence[Array],
        values: dict[str, Any],
    ) -> Any:
        """What a function of the user's makes of arrays. Raises SourceError, naming its line."""
        views = [array.view() for array in arrays]
        for view in views:
            view.flags.writeable = False
        printed = io.StringIO()
        try:
            with precision(dtype), running(self._folder, printed):
                value = call(*views, **values)
        except (Exception, SystemExit) as error:
            names = ("y_true", "y_pred") if len(arrays) == 2 else ("totals",)
            shapes = dict(zip(names, (array.shape for array in arrays), strict=True))
            raise own_error(error, self._path, self._name, shapes) from error
        if printed.tell():
            self.note(printed.getvalue())
        return value

    def note(self, printed: str) -> None:
        """Tell, once, that it prints."""
        if not any(note.startswith(f"{self._name} prints") for note in self.notes):
            self.notes.append(f"{self._name} prints: {quoted(' '.join(printed.split()))}")

    def finalise(self, function: Callable[..., Any]) -> Callable[[Array], Array]:
        """A user's `finalise` of a pooled loss, run like the loss itself."""

        def finalise(totals: Array) -> Array:
            value = self.run(function, totals.dtype, (totals,), {})
            array = self._as_array(value, totals.dtype)
            if array.shape != totals.shape[:-1]:
                raise LosscliError(
                    f"finalise of {self._name} must make shape {totals.shape[:-1]} of totals of "
                    f"shape {totals.shape}, but returned {array.shape}",
                    "the statistics stand on the last axis: totals[..., 0]",
                )
            return array

        return finalise

    def _as_array(self, value: Any, dtype: np.dtype[Any]) -> Array:
        if inspectable(value):
            raise UsageError(
                f"{self._name} returns a function when it is given data: it is a wrapper",
                f"give its parameters: {self._name}:PARAMETER=VALUE",
            )
        try:
            array = np.asarray(value)
        except (TypeError, ValueError):
            array = np.empty(0, dtype=object)
        if array.dtype.kind not in "biuf":
            shown = {"c": "complex numbers"}.get(
                array.dtype.kind, "None" if value is None else type(value).__name__
            )
            raise LosscliError(f"{self._name} returns {shown}, not real numbers")
        # A copy: it may be a view of the data, whose memory is used again for the next block.
        return array.astype(dtype)


def inspectable(value: Any) -> bool:
    """Whether a value is a function, or an object with a loss's `call`."""
    return callable(value) and not isinstance(value, np.generic | np.ndarray)


def own_error(
    error: BaseException,
    path: str,
    name: str | None = None,
    shapes: dict[str, tuple[int, ...]] | None = None,
) -> LosscliError:
    """A user's error, with the last line of the user's file on the way to it."""
    steps = [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == path
    ]
    message = printable(" ".join(_message(error).split()))[:LONGEST_MESSAGE]
    kind = type(error).__name__
    told = f"{kind}: {message}" if message else kind
    hint = import_hint(error)
    if not steps:
        place = path if name is None else f"{name} ({path})" if path not in name else name
        return SourceError(f"{place}: {told}", hint or _shapes_hint(shapes or {}))
    frame, line = steps[-1]
    function = frame.f_code.co_name
    inside = "" if function.startswith("<") else f", in {function}"
    code = getline(path, line).strip()
    if "read-only" in message:
        hint = "a loss must not change its arrays: y_pred = y_pred - 1, not y_pred -= 1"
    elif shapes is not None:
        hint = hint or _shapes_hint(_shapes_in(frame, code) or shapes)
    text = f": {printable(code)}" if code else ""
    return SourceError(f"{path}, line {line}{inside}: {told}{text}", hint)


def _message(error: BaseException) -> str:
    """What an error says; of a name that `from losscli.backend import …` lacks, the nearest."""
    found = re.match(r"cannot import name '(\w+)' from '(losscli\.backend)'", str(error))
    if found and isinstance(error, ImportError):
        try:
            getattr(backend, found[1])
        except AttributeError as missing:
            return str(missing)
    return str(error)


def _shapes_in(frame: FrameType, code: str) -> dict[str, tuple[int, ...]]:
    """The shapes of the arrays that a line of a function names."""
    names = dict.fromkeys(re.findall(r"(?<![\w.])[^\W\d]\w*", code))
    values = {name: frame.f_locals.get(name) for name in names}
    return {name: value.shape for name, value in values.items() if isinstance(value, np.ndarray)}


def _shapes_hint(shapes: dict[str, tuple[int, ...]]) -> str | None:
    return ", ".join(f"{name} has shape {shape}" for name, shape in shapes.items()) or None


def syntax_error(error: SyntaxError, path: str) -> SourceError:
    """What cannot be read as Python, with its line: in the file, or in one that it imports."""
    place = error.filename or path
    line = f", line {error.lineno}" if error.lineno else ""
    code = f": {printable(error.text.strip())}" if error.text else ""
    return SourceError(f"{place}{line}: {type(error).__name__}: {error.msg}{code}")


def import_hint(error: BaseException) -> str | None:
    """What to write in place of a framework's import."""
    if not isinstance(error, ImportError) or (error.name or "").split(".")[0] not in FRAMEWORKS:
        return None
    return (
        "write 'from losscli import backend as K' and 'from losscli.backend import tf, Loss' "
        "in place of the framework's imports"
    )
