"""`losscli new-loss`: a template for a loss of one's own."""

import keyword
import sys

import click

from losscli.cli.command import Command
from losscli.errors import UsageError, quoted

# ASCII, so that it is the same file in whatever encoding the shell writes it.
TEMPLATE = '''"""Losses of my own. Try them: losscli compute {file}:{name} --true T --pred P"""

from losscli import backend as K  # Keras's names; also: from losscli.backend import tf, Loss
from losscli import loss


# Without @loss it works as well: losscli compute {file}:{name}. Marked, it joins
# `losscli compare --loss-file {file}`.
@loss
def {name}(y_true, y_pred, *, threshold=1.0):
    """One line that says what it is.

    Formula:
        0.5 (p - t)^2                           where |p - t| <= threshold
        threshold * (|p - t| - 0.5 threshold)   elsewhere
    Parameters:
        threshold: where the loss turns from quadratic to linear
    """
    # y_true and y_pred are arrays of one shape, (n, 1) for a single column. Return a value for each
    # element (this shape), or for each sample (axis=-1 reduced: K.mean(..., axis=-1)).
    error = K.abs(y_pred - y_true)
    small = K.square(error) / 2
    large = threshold * (error - threshold / 2)
    return K.switch(error <= threshold, small, large)


# A loss that is no mean of samples' values, such as a root of a mean: return sums that add up over
# samples, shape (n, m), and say what to make of their totals. So it works on files of any size.
@loss(kind="pooled", finalise=lambda totals: K.sqrt(totals[..., 0] / totals[..., 1]))
def {name}_root(y_true, y_pred):
    """The root of the mean squared error, over all samples."""
    squares = K.sum(K.batch_flatten(K.square(y_pred - y_true)), axis=-1)
    counts = K.ones_like(squares) * y_pred[0].size
    return K.stack([squares, counts], axis=1)
'''

TAKEN = ("K", "loss")


@click.command("new-loss", cls=Command, short_help="Print a template for a loss of your own.")
@click.argument("name", metavar="NAME")
def command(name: str) -> None:
    """Print a commented template for a loss of your own.

    losscli new-loss my_loss > my_losses.py
    """
    if name in TAKEN:
        raise UsageError(f"{quoted(name)} is a name that the file imports", "take another")
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
        raise UsageError(f"{quoted(name)} cannot name a function", "use letters, digits and _")
    sys.stdout.write(TEMPLATE.format(name=name, file="my_losses.py"))
