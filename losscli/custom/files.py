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
from losscli.losses.spec import BoundLoss, LossSpec
from losscli.losses.spelling import Spelling, parse_spelling

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
            self.loss(name, Spelling(called, {}, called), dialect)
            for name, value in self.members.items()
            if "spec" in getattr(value, "__dict__", ())
            for called in [f"{self.label}:{name}" if name in registry.by_name() else name]
        ]

    def loss(
        self, name: str, spelling: Spelling, dialect: str, reduction: str | None = None
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
        given = set(spelling.params)
        spec = as_spec(self.members[name], f"{self.label}:{name}", self.label, given, folder, notes)
        spec = replace(spec, revision=f"sha256-{self.digest[:12]}")
        return _bind_own(spec, spelling, dialect, reduction)


def _bind_own(spec: LossSpec, spelling: Spelling, dialect: str, reduction: str | None) -> BoundLoss:
    return bind.bind_own(
        spec,
        spelling.params,
        dialect=dialect,
        reduction=reduction,
        called=spelling.name,
        text=spelling.text,
    )


def _spelling(text: str, params: Mapping[str, Any] | None, path: str = "") -> Spelling:
    """What a text spells, with further parameters, which are values. Raises UsageError."""
    found = parse_spelling(text, path)
    for key in params or {}:
        if key in found.params:
            raise UsageError(f"{key} stands twice in {quoted(found.text)}")
    return replace(found, params={**found.params, **(params or {})})


def resolve(
    text: str,
    files: Sequence[LossFile] = (),
    params: Mapping[str, Any] | None = None,
    dialect: str = lookup.DEFAULT,
    reduction: str | None = None,
) -> BoundLoss:
    """The loss that `text` spells: a built-in one, `path.py:name`, of a file, or an installed one.

    Each may have parameters behind a colon; `params` are more of them, as values. A built-in one is
    what the dialect calls so. Raises UsageError.
    """
    found = SPELLING.fullmatch(text)
    if found:
        path = found["path"]
        spelling = _spelling(text.removeprefix(f"{path}:"), params, f"{path}:")
        return load(path).loss(found["name"], spelling, dialect, reduction)
    if text.removesuffix(":").endswith(".py"):
        path = text.removesuffix(":")
        have = ", ".join(load(path).members) or "none"
        raise UsageError(
            f"which loss of {quoted(path, 200)}?", f"write {path}:NAME; it has: {have}"
        )
    spelling = _spelling(text, params)
    name = spelling.name
    holders = [file for file in files if name in file.members]
    if len(holders) > 1 or (holders and name in registry.by_name()):
        places = [*(["losscli itself"] if name in registry.by_name() else [])]
        places += [file.label for file in holders]
        raise UsageError(
            f"{quoted(name)} is ambiguous: it is in {', '.join(places)}",
            f"write {holders[0].label}:{name}",
        )
    if holders:
        return holders[0].loss(name, spelling, dialect, reduction)
    try:
        return bind.bind(
            name, spelling.params, dialect=dialect, reduction=reduction, text=spelling.text
        )
    except UnknownNameError:
        installed = tuple(entry_points(group=GROUP, name=name))
        if installed:
            return _installed(spelling, installed, dialect, reduction)
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
    spelling: Spelling, offers: Sequence[EntryPoint], dialect: str, reduction: str | None
) -> BoundLoss:
    """The loss that an installed package offers by this name."""
    name = spelling.name
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
    spec = as_spec(member, name, entry.value, set(spelling.params))
    version = entry.dist.version if entry.dist else "0"
    revision = f"{entry.value}@{version}".replace(":", ".")  # the signature's own marks are : and |
    return _bind_own(replace(spec, revision=revision), spelling, dialect, reduction)


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
