"""What a missing name is answered: that it is missing, and which one is near."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NoReturn


def missing(namespace: str, name: str, have: Iterable[str]) -> NoReturn:
    """Raise AttributeError for a name that losscli's `namespace` does not have."""
    if name.startswith("__"):  # what Python itself looks for
        raise AttributeError(name)
    near = nearest(name, have)
    hint = f"; the nearest is {namespace}.{near}" if near else ""
    raise AttributeError(f"losscli's {namespace} has no {name!r}{hint}")


def nearest(name: str, have: Iterable[str]) -> str:
    """The name that is the most like it: `mean` for `reduce_mean` and for `maen`."""

    def likeness(known: str) -> tuple[bool, float]:
        is_part = len(known) > 2 and known in name.lower().split("_")
        return is_part, SequenceMatcher(None, name.lower(), known.lower()).ratio()

    return max((known for known in have if not known.startswith("_")), key=likeness, default="")
