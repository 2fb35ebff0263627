"""What a text that names data is made of: a path, a member of a container, columns."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass

# Files that hold several arrays or sheets, of which one is named first.
CONTAINERS = (".npz", ".xlsx")
REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://[^/]*/?", re.IGNORECASE)


@dataclass(frozen=True)
class Located:
    """A path, and perhaps the member and the columns that were written behind it."""

    path: str
    member: str | None = None
    columns: str | None = None

    @property
    def text(self) -> str:
        """The path with its member, as it was written."""
        return self.path if self.member is None else f"{self.path}:{self.member}"


def locate(text: str, exists: Callable[[str], bool] = os.path.lexists) -> Located:
    """`FILE:COLUMNS`, `CONTAINER:MEMBER[:COLUMNS]` or `CONTAINER::COLUMNS` in its parts.

    A text that exists is a path. Else the split is at the first colon, behind a scheme and a host,
    whose left part exists; where none does, the text is a path, but for a container's ending.
    """
    if _exists(text, exists):
        return Located(text)
    scheme = REMOTE.match(text)
    first = scheme.end() if scheme else 0
    for at in (colon.start() for colon in re.finditer(":", text) if colon.start() >= first):
        path, rest = text[:at], text[at + 1 :]
        is_container = path.lower().endswith(CONTAINERS)
        if path and (_exists(path, exists) or is_container):
            if not is_container:
                return Located(path, columns=rest)
            member, colon, columns = rest.partition(":")
            return Located(path, member or None, columns if colon else None)
    return Located(text)


def _exists(path: str, exists: Callable[[str], bool]) -> bool:
    try:
        return exists(path)
    except (OSError, ValueError):
        return False
