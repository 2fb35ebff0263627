"""Whether the first line of a CSV file names the columns, and whether it could be otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from losscli.errors import printable, setting
from losscli.sources.csv_cells import MISSING, NUMBER, NUMERIC, TRUTH, Cells, mark_between
from losscli.sources.csv_columns import PLAIN, Column
from losscli.sources.described import rising_step

# What stands for a missing number: never a column's name.
NEVER_NAMES = (MISSING - {""}) | {"?", "-", "."}


@dataclass(frozen=True)
class FirstLine:
    """The first line of a file, which may name the columns.

    `doubt` says why it could be a header as well as a row, both of which the file allows; None if
    it is clear. `lone_zero`: the only column begins with 0, and no other cell of the first rows is
    0, as in what pandas writes of an unnamed series; whether that is a header shows in the other
    file.
    """

    line: int
    cells: tuple[str, ...]
    doubt: str | None = None
    lone_zero: bool = False


def is_header(words: Sequence[str], cells: Cells) -> bool:
    """Whether the words of the first line are names.

    Some word must be text that does not stand for a missing number, or be the empty name of an
    index column before others; and those that are numbers must be plain integers, as names may be
    (0, 1, 2…), so that a row of data with one word in it is refused rather than lost.
    """
    if any(word.lower() in NEVER_NAMES or (word and cells.is_missing(word)) for word in words):
        return False
    if len(words) == 1 and mark_between(words[0]):
        return False  # a row of data with another delimiter
    numbers = numbers_of(words)
    if any(not word.isdecimal() for word in numbers):
        return False
    truths = [word for word in words if word.lower() in TRUTH]
    if len(numbers) + len(truths) + words.count("") < len(words):
        return True
    return words[0] == "" and "" not in words[1:] and len(words) > 1


def describe(
    line: int, words: Sequence[str], header: bool, columns: Sequence[Column], cells: Cells
) -> FirstLine:
    """What the first line is, beside the rows that follow it."""
    doubt = None
    if columns and columns[0].cells:  # without rows below it is not the names of anything
        why = _names_doubt if header else _numbers_doubt
        doubt = why(words, columns, cells)
    zero = len(words) == 1 and words[0] == "0" and not header
    zero = zero and bool(columns[0].numbers) and 0 not in columns[0].numbers
    return FirstLine(line, tuple(words), doubt, zero)


def _numbers_doubt(words: Sequence[str], columns: Sequence[Column], cells: Cells) -> str | None:
    """Why a first line of numbers, which is taken as a row, could name the columns."""
    if len(set(words)) < len(words):
        return None
    if all(word.lower() in TRUTH for word in words):
        again = any(column.is_truth for column in columns)
        return None if again else "no cell below it is True or False"
    if all(map(PLAIN.fullmatch, words)):
        if len(words) > 1 and list(words) == [str(i) for i in range(len(words))]:
            return "the numbers from 0 on may count the columns"
        if all(column.is_fractional for column in columns):
            return "it has whole numbers, and the rows below have fractions"
    values = [cells.number(word) for word in words]
    if len(words) == 1 and values[0] in (0, 1):
        return None  # a column of labels
    inside = all(value is not None and 0 < value < 1 for value in values)
    below = [value for column in columns for value in column.numbers]
    if inside and below and not any(0 < value < 1 for value in below):
        return "its numbers lie between 0 and 1, as quantiles do, and none below does"
    return None


def _names_doubt(words: Sequence[str], columns: Sequence[Column], cells: Cells) -> str | None:
    """Why a first line with text in it, which is taken for names, could be a row."""
    texts = [
        (word, column)
        for word, column in zip(words, columns, strict=True)
        if word and not cells.is_numeric(word) and word.lower() not in TRUTH
    ]
    if not all(column.is_text for _, column in texts):
        return None
    if words[0] == "":  # the name of an index, or a cell that is missing
        index = columns[0]
        if not cells.allow_missing or rising_step(index.cells) or index.is_text:
            return None
        return "its empty cell may be a missing number"
    if len(texts) < sum(map(bool, words)):
        return "it has a number, and the cells below its text are text too"
    if any(word in column.cells for word, column in texts):
        return "its text comes again below"
    return None


def header_notes(label: str, line: int, words: Sequence[str]) -> tuple[str, ...]:
    """A note if a first line that is taken for names has numbers in it."""
    if not numbers_of(words):
        return ()
    shown = printable(",".join(words[:4])) + ",…" * (len(words) > 4)
    data = setting("header", False)
    return (f"{label}, line {line}: {shown} is taken as a header; {data} makes it a row",)


def numbers_of(words: Sequence[str]) -> list[str]:
    """Those of the words that are numbers, in whatever form."""
    return [word for word in words if NUMBER.fullmatch(word) or NUMERIC.fullmatch(word)]
