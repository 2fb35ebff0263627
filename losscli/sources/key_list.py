"""A label for each row, in memory."""

from collections.abc import Iterator, Sequence

from losscli.sources.base import Key


class KeyList:
    """Any objects as keys of rows: by their text."""

    def __init__(self, values: Sequence[object], label: str) -> None:
        self.label = label
        self._keys = [(str(value),) for value in values]

    def keys(self, rows: int, columns: Sequence[int]) -> Iterator[list[Key]]:
        """The labels in lists of `rows`; there is only one column of them."""
        for start in range(0, len(self._keys), rows):
            yield list(self._keys[start : start + rows])
