"""Rows parted by a key."""

from collections.abc import Iterator, Sequence
from math import nan

import numpy as np

from losscli.engine.reduce.weights import WeightTotals
from losscli.errors import DataError
from losscli.losses.numerics import Array
from losscli.sources.base import Key

MOST_GROUPS = 1000
# Some rows of a block: all of them, or those of these numbers.
Places = slice | Array


class Group:
    """The rows of one key, all rows where the key is None, and what their weights come to."""

    def __init__(self, key: Key | None) -> None:
        self.key = key
        self.weights = WeightTotals()

    @property
    def n(self) -> int:
        """How many rows the group has."""
        return self.weights.n


class Groups:
    """The groups seen so far, made as their first rows come; one of all rows without keys."""

    def __init__(self) -> None:
        self._groups: dict[Key | None, Group] = {}

    def __iter__(self) -> Iterator[Group]:
        """The groups in the order of their keys: numbers by value and before text."""
        return iter(sorted(self._groups.values(), key=lambda group: _order(group.key or ())))

    def split(self, keys: Sequence[Key] | None) -> list[tuple[Group, Places]]:
        """Each group of a block with the places of its rows in it."""
        if keys is None:
            return [(self._group(None), slice(None))]
        places: dict[Key, list[int]] = {}
        for i, key in enumerate(keys):
            places.setdefault(key, []).append(i)
        return [(self._group(key), np.array(rows)) for key, rows in places.items()]

    def _group(self, key: Key | None) -> Group:
        if key not in self._groups:
            if len(self._groups) == MOST_GROUPS:
                raise DataError(
                    f"there are more than {MOST_GROUPS} groups", "group by a column of few values"
                )
            self._groups[key] = Group(key)
        return self._groups[key]


def _order(key: Sequence[str]) -> list[tuple[int, float, str]]:
    return [_part_order(part) for part in key]


def _part_order(part: str) -> tuple[int, float, str]:
    try:
        number = float(part)
    except ValueError:
        number = nan
    return (1, 0.0, part) if number != number else (0, number, part)
