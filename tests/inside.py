"""The command line within this process, just as a process of its own would run it.

A call gets what a process gets: arguments, an environment, a working folder, empty context
variables, Python's own warnings, pipes as descriptors 0 to 2 and text streams over them. What it
leaves behind in this process is put back, so that the next call is a first call again.
"""

import linecache
import os
import pkgutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from contextvars import Context
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Thread
from types import FrameType, ModuleType
from typing import Any

import losscli
from losscli.__main__ import main

ROOT = Path(__file__).parent.parent
# Modules from elsewhere were imported by a loss of the test's: a process would not have them yet.
HOMES = [str(Path(home).resolve()) for home in (ROOT, sys.prefix, sys.base_prefix)]
# What the interpreter reads once, when it starts.
OF_THE_INTERPRETER = ("PYTHON", "LC_", "LANG")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGHUP, signal.SIGALRM)


def call(
    args: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    stdin: bytes | None,
    timeout: float,
) -> subprocess.CompletedProcess[bytes]:
    """Run `losscli ARGS`. Raises subprocess.TimeoutExpired, as subprocess.run does."""
    with ExitStack() as stack:
        stack.enter_context(_kept_state())
        stack.enter_context(_warnings_of_python())
        stack.enter_context(_kept_folder())
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["losscli", *args]
        out, err = _Drain(), _Drain()
        with _descriptors(_filled(stdin), out.end, err.end), _streams(), _time(timeout, args):
            code = _exit_code(lambda: Context().run(main))
        return subprocess.CompletedProcess(sys.argv, code, out.content(), err.content())


def _exit_code(run: Callable[[], None]) -> int:
    try:
        run()
    except SystemExit as exit_:
        code = exit_.code
    else:
        return 0
    assert isinstance(code, int)
    return code


# Descriptors and streams


class _Drain(Thread):
    """Reads all that is written to the other end of a pipe, however much it is."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._read, self.end = os.pipe()
        self._content = b""
        self.start()

    def run(self) -> None:
        with open(self._read, "rb") as file:
            self._content = file.read()

    def content(self) -> bytes:
        self.join(timeout=10)
        assert not self.is_alive(), "the command did not close what it opened on a standard stream"
        return self._content


def _filled(content: bytes | None) -> int:
    """A descriptor to read the content from: a pipe, as a shell's; without any, nothing."""
    if content is None:
        return os.open(os.devnull, os.O_RDONLY)
    read, write = os.pipe()

    def fill() -> None:
        with suppress(BrokenPipeError), open(write, "wb", buffering=0) as file:
            rest = memoryview(content)
            while rest:
                rest = rest[file.write(rest) :]

    Thread(target=fill, daemon=True).start()
    return read


@contextmanager
def _descriptors(*ends: int) -> Iterator[None]:
    """Descriptors 0, 1 and 2 are these, which are closed at the end."""
    kept = [os.dup(number) for number in range(3)]
    for number, end in enumerate(ends):
        os.dup2(end, number)
        os.close(end)
    try:
        yield
    finally:
        for number, descriptor in enumerate(kept):
            os.dup2(descriptor, number)
            os.close(descriptor)


@contextmanager
def _streams() -> Iterator[None]:
    """Standard streams over descriptors 0 to 2, made as Python does in its UTF-8 mode."""
    kept = sys.stdin, sys.stdout, sys.stderr
    with (
        open(0, encoding="utf-8", errors="surrogateescape", closefd=False) as stdin,
        open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False) as stdout,
        open(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False) as stderr,
    ):
        sys.stdin, sys.stdout, sys.stderr = stdin, stdout, stderr
        try:
            yield
        finally:
            sys.stdin, sys.stdout, sys.stderr = kept


# State of this process


@contextmanager
def _time(limit: float, args: Sequence[str]) -> Iterator[None]:
    """Interrupt what takes longer. Whoever interrupts the tests ends them, not one command."""
    came: list[int] = []

    def interrupt(number: int, _: FrameType | None) -> None:
        came.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGALRM, interrupt)
    before = signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *before)
    if signal.SIGINT in came:
        raise KeyboardInterrupt
    if signal.SIGALRM in came:
        raise subprocess.TimeoutExpired(["losscli", *args], limit)


@contextmanager
def _warnings_of_python() -> Iterator[None]:
    """Warnings are filtered as Python does by itself, and go to standard error."""
    with warnings.catch_warnings():
        warnings.resetwarnings()
        for category in (
            *(DeprecationWarning, PendingDeprecationWarning),
            *(ImportWarning, ResourceWarning),
        ):
            warnings.simplefilter("ignore", category)
        warnings.showwarning = _write_warning
        yield


def _write_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,
    line: str | None = None,
) -> None:
    text = warnings.formatwarning(message, category, filename, lineno, line)
    (file or sys.stderr).write(text)


@contextmanager
def _kept_folder() -> Iterator[None]:
    """The working folder, even one that was removed."""
    here = os.open(".", os.O_RDONLY)
    try:
        yield
    finally:
        os.fchdir(here)
        os.close(here)


@contextmanager
def _kept_state() -> Iterator[None]:
    """What is set in this process, and what losscli's modules hold in lists, dicts and sets."""
    environment, argv, writes = dict(os.environ), sys.argv, sys.dont_write_bytecode
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    modules = dict(sys.modules)
    held = [(one, one.copy()) for one in (*_held_by_python(), *_held_by_losscli())]
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(environment)
        sys.argv, sys.dont_write_bytecode = argv, writes
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for name in [n for n, m in sys.modules.items() if n not in modules and _is_foreign(m)]:
            del sys.modules[name]
        sys.modules.update(modules)
        for one, content in held:
            if isinstance(one, list):
                one[:] = content
            else:
                one.clear()
                one.update(content)


def _held_by_python() -> list[Any]:
    return [sys.path, sys.meta_path, sys.path_importer_cache, linecache.cache]


@cache
def _held_by_losscli() -> list[Any]:
    """Each list, dict and set that a module of losscli holds: a cache of one, say."""
    found = []
    for module in pkgutil.walk_packages(losscli.__path__, "losscli."):
        members = vars(import_module(module.name))
        found += [
            value
            for name, value in members.items()
            if isinstance(value, list | dict | set) and not name.startswith("__")
        ]
    return found


def _is_foreign(module: ModuleType) -> bool:
    """Whether a module lies neither here nor among what is installed."""
    file = getattr(module, "__file__", None)
    if file is None:
        return False
    return not any(Path(file).is_relative_to(home) for home in HOMES)
