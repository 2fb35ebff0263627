"""Where losses of one's own are found: in a file that is named, or in an installed package.

A file is code: it is run only when it is named, and nothing of it is kept on the disk.
"""

import hashlib
import inspect
import io
import linecache
import os
import re
import sys
from collections.abc import Collection
from dataclasses import dataclass, replace
from importlib.util import decode_source
from pathlib import Path
from types import ModuleType
from typing import Any

from losscli.custom.guard import own_error, running, syntax_error
from losscli.custom.reading import as_spec
from losscli.errors import SourceError, UnknownNameError, UsageError, quoted
from losscli.losses import registry
from losscli.losses.spec import LossSpec

GROUP = "losscli.losses"
SPELLING = re.compile(r"(?P<path>.+?\.py):(?P<name>[^:]+)(:(?P<settings>.*))?", re.DOTALL)


@dataclass(frozen=True)
class LossFile:
    """A Python file that was run: its name, the digest of its text, what it defines and printed."""

    label: str
    digest: str
    members: dict[str, Any]
    printed: str = ""

    @property
    def marked(self) -> list[str]:
        """The names of the losses that the file marks with @loss."""
        return [
            name for name, value in self.members.items() if "spec" in getattr(value, "__dict__", ())
        ]

    def spec(self, name: str, given: Collection[str]) -> LossSpec:
        """What is known of the loss that a name in the file stands for.

        `given` are the names of the parameters that were written for it. Raises UsageError.
        """
        if name not in self.members:
            near = registry.did_you_mean(name, self.members)
            have = ", ".join(self.members)
            raise UnknownNameError(
                f"{self.label} defines no loss {quoted(name)}",
                f"{near}it defines: {have}" if have else "it defines no function of its own",
            )
        notes = []
        if self.printed:
            notes.append(f"{self.label} prints: {quoted(' '.join(self.printed.split()))}")
        folder = str(Path(self.label).resolve().parent)
        spec = as_spec(self.members[name], f"{self.label}:{name}", self.label, given, folder, notes)
        return replace(spec, revision=f"sha256-{self.digest[:12]}")


def load_installed(name: str, given: Collection[str]) -> LossSpec | None:
    """What is known of the loss that an installed package offers by this name; None if none does.

    `given` are the names of the parameters that were written for it. Raises UsageError.
    """
    from importlib.metadata import entry_points  # slow, and most names are built in

    offers = tuple(entry_points(group=GROUP, name=name))
    if not offers:
        return None
    if len({offer.value for offer in offers}) > 1:
        values = ", ".join(offer.value for offer in offers)
        raise UsageError(f"{quoted(name)} is ambiguous: several packages offer it: {values}")
    entry, printed = offers[0], io.StringIO()
    try:
        with running(None, printed):
            member = entry.load()
    except (Exception, SystemExit) as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise UsageError(f"{name} of {entry.value} cannot be loaded: {reason}") from error
    spec = as_spec(member, name, entry.value, given)
    version = entry.dist.version if entry.dist else "0"
    revision = f"{entry.value}@{version}".replace(":", ".")  # the signature's own marks are : and |
    return replace(spec, revision=revision)


_loaded: dict[tuple[str, str], LossFile] = {}


def load(path: str) -> LossFile:
    """What a Python file defines; it is run once, and again only if its text has changed.

    Raises SourceError, naming the file's own line.
    """
    try:
        source = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path} cannot be read: {reason}") from None
    key = (os.path.realpath(path), hashlib.sha256(source).hexdigest())
    if key not in _loaded:
        _loaded[key] = _run(path, source, *key)
    return replace(_loaded[key], label=path)


def _run(path: str, source: bytes, real: str, digest: str) -> LossFile:
    module = ModuleType(f"losscli_file_{hashlib.sha256(real.encode()).hexdigest()[:8]}")
    module.__file__ = path
    sys.modules[module.__name__] = module  # dataclasses look for it there
    printed = io.StringIO()
    try:
        # Errors show the text that was run, not what the file holds by then.
        lines = decode_source(source).splitlines(keepends=True)
        linecache.cache[path] = (len(source), None, lines, path)
        with running(str(Path(real).parent), printed):
            exec(compile(source, path, "exec"), module.__dict__)  # it was named to be run
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not text in UTF-8: {error}") from None
    except SyntaxError as error:
        raise syntax_error(error, path) from error
    except (Exception, SystemExit) as error:
        raise own_error(error, path) from error
    members = {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_") and _is_loss(value, module.__name__)
    }
    return LossFile(path, digest, members, printed.getvalue())


def _is_loss(value: Any, module: str) -> bool:
    """Whether a name may be a loss: a function, a class or its object of the file's own."""
    if getattr(value, "__module__", None) != module:
        return False
    return inspect.isfunction(value) or callable(getattr(value, "call", None))
