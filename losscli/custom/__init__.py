"""Losses of one's own: from a Python file that the user names, or from an installed package."""

from losscli.custom.files import LossFile, load, resolve
from losscli.custom.reading import as_spec

__all__ = ["LossFile", "as_spec", "load", "resolve"]
