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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from importlib.util import decode_source
from pathlib import Path
from types import ModuleType
from typing import Any

from losscli.custom.guard import own_error, running, syntax_error
from losscli.custom.reading import as_spec
from losscli.errors import SourceError, UnknownNameError, UsageError, quoted
from losscli.frameworks import bind, lookup
from losscli.losses import registry
from losscli.losses.parameters import spell
from losscli.losses.spec import BoundLoss

GROUP = "losscli.losses"
SPELLING = re.compile(r"(?P<path>.+?\.py):(?P<name>[^:]+)(:(?P<settings>.*))?", re.DOTALL)


@dataclass(frozen=True)
class LossFile:
    """A Python file that was run: its name, the digest of its text, what it defines and printed."""

    label: str
    digest: str
    members: dict[str, Any]
    printed: str = ""

    def marked(self, dialect: str = lookup.DEFAULT) -> list[BoundLoss]:
        """The losses that the file marks with @loss, with their defaults."""
        return [
            self.loss(name, None, called, called, dialect)
            for name, value in self.members.items()
            if "spec" in getattr(value, "__dict__", ())
            for called in [f"{self.label}:{name}" if name in registry.by_name() else name]
        ]

    def loss(
        self, name: str, settings: str | None, text: str, called: str, dialect: str
    ) -> BoundLoss:
        """The loss that a name in the file stands for, with its parameters. Raises UsageError."""
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
        written = _written(settings)
        spec = as_spec(
            self.members[name], f"{self.label}:{name}", self.label, written, folder, notes
        )
        spec = replace(spec, revision=f"sha256-{self.digest[:12]}")
        return bind.of_spec(spec, called, settings, text, dialect)


def _more(settings: str | None, params: Mapping[str, Any] | None) -> str | None:
    """The settings of a spelling with further parameters behind them."""
    more = [f"{name}={spell(value)}" for name, value in (params or {}).items()]
    return ",".join([*([settings] if settings else []), *more]) if more else settings


def _written(settings: str | None) -> set[str]:
    """The names of the parameters that a spelling gives."""
    return set(re.findall(r"(\w+)\s*=", settings or ""))


def resolve(
    text: str,
    files: Sequence[LossFile] = (),
    params: Mapping[str, Any] | None = None,
    dialect: str = lookup.DEFAULT,
) -> BoundLoss:
    """The loss that `text` spells: a built-in one, `path.py:name`, of a file, or an installed one.

    Each may have parameters behind a colon; `params` are more of them. A built-in one is what the
    dialect calls so. Raises UsageError.
    """
    found = SPELLING.fullmatch(text)
    if found:
        called = f"{found['path']}:{found['name']}"
        settings = _more(found["settings"], params)
        return load(found["path"]).loss(found["name"], settings, text, called, dialect)
    if text.removesuffix(":").endswith(".py"):
        path = text.removesuffix(":")
        have = ", ".join(load(path).members) or "none"
        raise UsageError(
            f"which loss of {quoted(path, 200)}?", f"write {path}:NAME; it has: {have}"
        )
    name, colon, rest = text.partition(":")
    settings = _more(rest if colon else None, params)
    holders = [file for file in files if name in file.members]
    if len(holders) > 1 or (holders and name in registry.by_name()):
        places = [*(["losscli itself"] if name in registry.by_name() else [])]
        places += [file.label for file in holders]
        raise UsageError(
            f"{quoted(name)} is ambiguous: it is in {', '.join(places)}",
            f"write {holders[0].label}:{name}",
        )
    if holders:
        return holders[0].loss(name, settings, text, name, dialect)
    try:
        return bind.named(name, settings, text, dialect)
    except UnknownNameError:
        installed = tuple(entry_points(group=GROUP, name=name))
        if installed:
            return _installed(name, settings, text, installed, dialect)
        offered = [member for file in files for member in file.members]
        near = registry.did_you_mean(name, [*registry.by_name(), *offered])
        if not offered:
            raise
        where = ", ".join(file.label for file in files)
        raise UnknownNameError(
            f"there is no loss {quoted(name)}, and none in {where}",
            f"{near}the files define: {', '.join(offered)}",
        ) from None


def _installed(
    name: str, settings: str | None, text: str, offers: Sequence[EntryPoint], dialect: str
) -> BoundLoss:
    """The loss that an installed package offers by this name."""
    if len({offer.value for offer in offers}) > 1:
        values = ", ".join(offer.value for offer in offers)
        raise UsageError(f"{quoted(name)} is ambiguous: several packages offer it: {values}")
    entry, printed = offers[0], io.StringIO()
    try:
        with running(None, printed):
            member = entry.load()
    except (Exception, SystemExit) as error:
        told = f"{type(error).__name__}: {' '.join(str(error).split())}"
        raise UsageError(f"{name} of {entry.value} cannot be loaded: {told}") from error
    spec = as_spec(member, name, entry.value, _written(settings))
    version = entry.dist.version if entry.dist else "0"
    revision = f"{entry.value}@{version}".replace(":", ".")  # the signature's own marks are : and |
    return bind.of_spec(replace(spec, revision=revision), name, settings, text, dialect)


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
