"""The block grid, and the walk of several inputs over it together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from losscli.errors import DataError
from losscli.losses.numerics import Array
from losscli.sources.base import Key, Keyed, Source, take_columns
from losscli.sources.columns import View

# Small enough for a processor's second-level cache, large enough to hide the cost of a call.
BLOCK_VALUES = 1 << 16


def rows_per_block(width: int) -> int:
    """How many rows of `width` values make a block.

    Blocks start at multiples of it, counted from the first row, whatever the chunks of the file
    are: so a result's last digits depend on the data alone.
    """
    return max(1, BLOCK_VALUES // max(1, width))


def row_width(view: View) -> int:
    """How many values a row holds."""
    return prod(int(n or 0) for n in view.shape[1:])


def describe_shape(shape: Sequence[int | None]) -> str:
    """A shape as a message shows it: (442, 1), or (n, 1) where the rows are not counted."""
    return f"({', '.join('n' if n is None else str(n) for n in shape)})"


@dataclass(frozen=True)
class Block:
    """A block of rows: the first one's number from 0, an array a view, a list of keys a source."""

    start: int
    arrays: list[Array]
    keys: list[list[Key]]


def walk(
    views: Sequence[View], keys: Sequence[tuple[Keyed, tuple[int, ...]]] = ()
) -> Iterator[Block]:
    """The views block by block, in step, with the keys in columns of sources of the same rows.

    Views of one source are read from it once. Raises DataError where the numbers of rows differ.
    """
    for view in views:
        if row_width(view) == 0:
            raise DataError(f"there are no values in {view.label}: {describe_shape(view.shape)}")
    rows = rows_per_block(max(row_width(view) for view in views))
    sources = list({id(view.source): view.source for view in views}.values())
    columns = [_unite_columns(source, views) for source in sources]
    known = {source.shape[0] for source in sources if source.shape[0] is not None}
    if len(known) > 1:
        raise DataError(_describe_different_rows(views, {id(s): s.shape[0] for s in sources}))
    readers = [source.blocks(rows, c) for source, c in zip(sources, columns, strict=True)]
    key_readers = [source.keys(rows, chosen) for source, chosen in keys]
    start = 0
    while True:
        blocks = [next(reader, None) for reader in readers]
        read = [0 if block is None else len(block) for block in blocks]
        if len(set(read)) > 1:
            rest = [sum(map(len, reader)) for reader in readers]
            counts = {id(s): start + a + b for s, a, b in zip(sources, read, rest, strict=True)}
            raise DataError(_describe_different_rows(views, counts))
        if read[0] == 0:
            break
        by_source = {id(s): (b, c) for s, b, c in zip(sources, blocks, columns, strict=True)}
        arrays = [_select_columns(view, *by_source[id(view.source)]) for view in views]
        block_keys = [next(reader, []) for reader in key_readers]
        _check_keys(keys, block_keys, read[0])
        yield Block(start, arrays, block_keys)
        start += read[0]
    _check_keys(keys, [next(reader, []) for reader in key_readers], 0)
    if start == 0:
        labels = " and ".join(dict.fromkeys(source.label for source in sources))
        raise DataError(f"there are no rows in {labels}")


def _check_keys(
    keys: Sequence[tuple[Keyed, tuple[int, ...]]], blocks: list[list[Key]], rows: int
) -> None:
    for (source, _), block in zip(keys, blocks, strict=True):
        if len(block) != rows:
            raise DataError(f"{source.label} has another number of rows than the data")


def count_rows(view: View) -> tuple[int | None, ...]:
    """The view's shape, its rows counted by reading them if they are not known."""
    rows = view.shape[0]
    if rows is None:
        blocks = view.source.blocks(rows_per_block(row_width(view)), view.columns)
        rows = sum(map(len, blocks))
    return (rows, *view.shape[1:])


def _unite_columns(source: Source, views: Sequence[View]) -> tuple[int, ...] | None:
    """The columns to read from a source for all its views, or None for all there are."""
    chosen = [view.columns for view in views if view.source is source]
    if None in chosen:
        return None
    union = sorted({column for columns in chosen for column in columns or ()})
    return None if len(union) == source.shape[1] else tuple(union)


def _select_columns(view: View, block: Array | None, read: tuple[int, ...] | None) -> Array:
    """A view's columns out of the block of those that were read."""
    assert block is not None
    if view.columns is None or view.columns == read:
        return block
    have = range(block.shape[1]) if read is None else read
    return take_columns(block, [have.index(column) for column in view.columns])


def _describe_different_rows(views: Sequence[View], counts: Mapping[int, int | None]) -> str:
    shapes = {
        view.label: describe_shape((counts[id(view.source)], *view.shape[1:])) for view in views
    }
    described = ", ".join(f"{label} has shape {shape}" for label, shape in shapes.items())
    return f"the numbers of rows differ: {described}"
