"""The losses that a command line names: built-in ones, and those of the user's files."""

from losscli.custom import load, resolve
from losscli.custom.files import SPELLING
from losscli.errors import UsageError, quoted
from losscli.frameworks import bind
from losscli.losses.spec import BoundLoss
from losscli.losses.spelling import parse_spelling


def choose(
    losses: tuple[str, ...],
    loss_files: tuple[str, ...],
    dialect: str,
    reduction: str | None = None,
) -> list[BoundLoss]:
    """The losses that were named, or else all that the files mark. Raises UsageError."""
    files = [load(path) for path in loss_files]
    if losses:
        return [resolve(text, files, None, dialect, reduction) for text in losses]
    found = marked(loss_files, dialect)
    if not found:
        names = ", ".join(file.label for file in files)
        raise UsageError(f"no loss is marked with @loss in {names}", "name one of its losses")
    return found


def everywhere(losses: tuple[str, ...], reduction: str | None) -> tuple[list[BoundLoss], list[str]]:
    """The losses that were named in each dialect that has them, and notes on those that do not."""
    found: list[BoundLoss] = []
    notes = []
    for text in losses:
        if SPELLING.fullmatch(text):
            raise UsageError(f"{quoted(text)} is a loss of your own: no framework has it")
        spelling = parse_spelling(text)
        loss, refusals = bind.bind_everywhere(
            spelling.name, spelling.params, reduction=reduction, text=text
        )
        found += loss
        reasons = dict.fromkeys(refusals.values())
        if refusals:
            notes.append(f"{text}: not in {', '.join(refusals)} ({'; '.join(reasons)})")
    return found, notes


def marked(loss_files: tuple[str, ...], dialect: str) -> list[BoundLoss]:
    """All that the files mark with @loss. Raises UsageError where two have one name."""
    found = [loss for path in loss_files for loss in load(path).marked(dialect)]
    labels = [loss.label for loss in found]
    for label in labels:
        if labels.count(label) > 1:
            raise UsageError(
                f"{quoted(label)} is marked in several files", "name one: --loss FILE.py:NAME"
            )
    return found
