"""The losses that a command line names: built-in ones, and those of the user's files."""

from losscli.custom import load, resolve
from losscli.errors import UsageError, quoted
from losscli.losses.spec import Loss


def choose(losses: tuple[str, ...], loss_files: tuple[str, ...]) -> list[Loss]:
    """The losses that were named, or else all that the files mark. Raises UsageError."""
    files = [load(path) for path in loss_files]
    if losses:
        return [resolve(text, files) for text in losses]
    found = marked(loss_files)
    if not found:
        names = ", ".join(file.label for file in files)
        raise UsageError(f"no loss is marked with @loss in {names}", "name one of its losses")
    return found


def marked(loss_files: tuple[str, ...]) -> list[Loss]:
    """All that the files mark with @loss. Raises UsageError where two have one name."""
    found = [loss for path in loss_files for loss in load(path).marked()]
    labels = [loss.label for loss in found]
    for label in labels:
        if labels.count(label) > 1:
            raise UsageError(
                f"{quoted(label)} is marked in several files", "name one: --loss FILE.py:NAME"
            )
    return found
