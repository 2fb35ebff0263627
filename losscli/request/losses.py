"""Which losses a request means: built-in ones, those of files, of packages, and functions."""

from collections.abc import Mapping, Sequence
from typing import Any

from losscli.custom.files import SPELLING, LossFile, load, load_installed
from losscli.custom.reading import as_spec
from losscli.errors import UnknownNameError, UsageError, quoted, setting
from losscli.frameworks.base import Dialect
from losscli.frameworks.bind import bind, bind_everywhere, bind_own, losses_of
from losscli.frameworks.lookup import DEFAULT, holders_of
from losscli.losses import registry
from losscli.losses.spec import BoundLoss, LossSpec
from losscli.losses.spelling import Spelling, parse_spelling
from losscli.request.request import Request

__all__ = ["ALL_DIALECTS", "BoundLoss", "Resolver", "is_in_file", "resolve_losses"]

ALL_DIALECTS = "all"


class Resolver:
    """Finds losses by their spelling, in some files too, under a dialect and a reduction.

    Where no dialect is asked for, a name that only one framework has is that framework's, with a
    note in `notes`; a resolver that `is_strict` wants the dialect to be said.
    """

    def __init__(
        self,
        files: Sequence[str] = (),
        dialect: str = DEFAULT,
        reduction: str | None = None,
        is_strict: bool = False,
    ) -> None:
        self.files = [load(path) for path in files]
        self.dialect = dialect
        self.reduction = reduction
        self.is_strict = is_strict
        self.notes: list[str] = []

    def __call__(self, loss: Any, params: Mapping[str, Any] | None = None) -> BoundLoss:
        """The loss that a text spells or a function is, with more parameters. Raises UsageError."""
        if isinstance(loss, str):
            return self._resolve(loss, params or {})
        if not callable(loss):
            raise UsageError(f"a loss is a name or a function, not {loss!r}")
        name = getattr(loss, "__name__", "loss")
        spec = as_spec(loss, name, getattr(loss, "__module__", "") or "", set(params or {}))
        return self._bind_own(spec, Spelling(name, params or {}, name), name)

    def marked(self) -> list[BoundLoss]:
        """All losses that the files mark with @loss. Raises UsageError where two have one name."""
        found = []
        for file in self.files:
            for name in file.marked:
                called = f"{file.label}:{name}" if name in registry.by_name() else name
                found.append(self._of_file(file, Spelling(name, {}, called), called))
        labels = [loss.label for loss in found]
        for label in labels:
            if labels.count(label) > 1:
                raise UsageError(
                    f"{quoted(label)} is marked in several files",
                    f"name one: {setting('loss', 'FILE.py:NAME')}",
                )
        return found

    def _resolve(self, text: str, params: Mapping[str, Any]) -> BoundLoss:
        in_file = SPELLING.fullmatch(text)
        if in_file:
            rest = in_file["name"] + (f":{in_file['settings']}" if in_file["settings"] else "")
            if in_file["settings"] == "":
                rest += ":"
            spelling = _spelling(rest, params, text)
            called = f"{in_file['path']}:{spelling.name}"
            return self._of_file(load(in_file["path"]), spelling, called)
        if text.removesuffix(":").endswith(".py"):
            path = text.removesuffix(":")
            have = ", ".join(load(path).members) or "none"
            raise UsageError(
                f"which loss of {quoted(path, 200)}?", f"write {path}:NAME; it has: {have}"
            )
        name = text.partition(":")[0]
        holders = [file for file in self.files if name in file.members]
        if len(holders) > 1 or (holders and name in registry.by_name()):
            places = ["losscli itself"] if name in registry.by_name() else []
            places += [file.label for file in holders]
            raise UsageError(
                f"{quoted(name)} is ambiguous: it is in {', '.join(places)}",
                f"write {holders[0].label}:{name}",
            )
        spelling = _spelling(text, params, text)
        if holders:
            return self._of_file(holders[0], spelling, name)
        try:
            return self._bind(spelling, self.dialect)
        except UnknownNameError:
            spec = load_installed(name, set(spelling.params))
            if spec is not None:
                return self._bind_own(spec, spelling, name)
            if (only := self._only_holder(name)) is not None:
                return self._bind_of(only, spelling)
            self._raise_with_files(name)
            raise

    def _only_holder(self, name: str) -> Dialect | None:
        """The one framework that has a loss of this name, where none was asked for."""
        holders = holders_of(name) if self.dialect == DEFAULT else []
        return holders[0] if len(holders) == 1 else None

    def _bind_of(self, table: Dialect, spelling: Spelling) -> BoundLoss:
        """The loss of a framework whose name says whose it is."""
        option = setting("dialect", table.name)
        if self.is_strict:
            raise UsageError(
                f"{quoted(spelling.name)} is a loss of {table.framework}, which a gate must say",
                f"add {option}",
            )
        self.notes.append(
            f"{spelling.name} is {table.framework}'s, and computed as there: {option}"
        )
        return self._bind(spelling, table.name)

    def _bind(self, spelling: Spelling, dialect: str) -> BoundLoss:
        return bind(
            spelling.name,
            spelling.params,
            dialect=dialect,
            reduction=self.reduction,
            text=spelling.text,
        )

    def _raise_with_files(self, name: str) -> None:
        """Raise UnknownNameError with what the files define, if there are any."""
        offered = [member for file in self.files for member in file.members]
        if not offered:
            return
        near = registry.did_you_mean(name, [*registry.by_name(), *offered])
        where = ", ".join(file.label for file in self.files)
        raise UnknownNameError(
            f"there is no loss {quoted(name)}, and none in {where}",
            f"{near}the files define: {', '.join(offered)}",
        ) from None

    def _of_file(self, file: LossFile, spelling: Spelling, called: str) -> BoundLoss:
        spec = file.spec(spelling.name, set(spelling.params))
        return self._bind_own(spec, spelling, called)

    def _bind_own(self, spec: LossSpec, spelling: Spelling, called: str) -> BoundLoss:
        return bind_own(
            spec,
            spelling.params,
            dialect=self.dialect,
            reduction=self.reduction,
            called=called,
            text=spelling.text,
        )


def _spelling(text: str, params: Mapping[str, Any], whole: str) -> Spelling:
    """A spelling with more parameters, those that a keyword or an option gives."""
    spelling = parse_spelling(text)
    for name in params:
        if name in spelling.params:
            raise UsageError(f"{name} stands twice in {quoted(whole)}")
    return Spelling(spelling.name, {**spelling.params, **params}, whole)


def is_in_file(text: str) -> bool:
    """Whether a spelling names a file with the loss: `path.py:name`."""
    return SPELLING.fullmatch(text) is not None


def resolve_losses(request: Request) -> tuple[list[BoundLoss], list[str]]:
    """The losses that a request means, and what is worth a note. Raises UsageError."""
    if request.dialect == ALL_DIALECTS:
        return _resolve_everywhere(request)
    resolve = Resolver(request.loss_files, request.dialect, request.reduction)
    notes: list[str] = []
    if request.losses:
        chosen = [resolve(one.loss, one.params) for one in request.losses]
        notes = list(dict.fromkeys(resolve.notes))
    else:
        chosen = resolve.marked()
        names = ", ".join(request.loss_files)
        if request.everything:
            if request.loss_files and not chosen:
                notes = [
                    f"no loss is marked with @loss in {names}: {setting('loss')} names one",
                ]
            chosen = [*losses_of(request.dialect, request.reduction), *chosen]
        elif not chosen:
            raise UsageError(f"no loss is marked with @loss in {names}", "name one of its losses")
    return _of_families(chosen, request), notes


def _resolve_everywhere(request: Request) -> tuple[list[BoundLoss], list[str]]:
    """The losses that were named in each dialect that has them, and notes on those that do not."""
    found: list[BoundLoss] = []
    notes = []
    for one in request.losses:
        text = one.loss
        if not isinstance(text, str) or is_in_file(text):
            said = quoted(text) if isinstance(text, str) else "a function"
            raise UsageError(f"{said} is a loss of your own: no framework has it")
        spelling = _spelling(text, one.params, text)
        losses, refusals = bind_everywhere(
            spelling.name, spelling.params, reduction=request.reduction, text=text
        )
        found += losses
        reasons = dict.fromkeys(refusals.values())
        if refusals:
            notes.append(f"{text}: not in {', '.join(refusals)} ({'; '.join(reasons)})")
    return found, notes


def _of_families(chosen: list[BoundLoss], request: Request) -> list[BoundLoss]:
    """Those of the families that were named, if any was."""
    if not request.families:
        return chosen
    every = losses_of(request.dialect)
    known = list(dict.fromkeys(loss.spec.family for loss in [*every, *chosen]))
    for family in request.families:
        if family not in known:
            hint = f"families: {', '.join(known)}"
            raise UsageError(f"there is no family {quoted(family)}", hint)
    found = [loss for loss in chosen if loss.spec.family in request.families]
    if not found:
        raise UsageError("no loss is left: none of those named is of the families named")
    return found
