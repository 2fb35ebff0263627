"""Generated files, read by losscli and by Python's csv module and float(): cell by cell the same.

python -m tests.sources.csv_differential --count 20000 --seed 1
"""

import argparse
import csv
import io
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isinf, isnan, nan
from unittest.mock import patch

import numpy as np

from losscli.errors import SourceError
from losscli.sources import csv_chunks
from losscli.sources.binary import Binary
from losscli.sources.csv import CsvSource
from losscli.sources.options import InputOptions

NUMBERS = """0 1 -2 3.5 .5 5. +7 08 -0 -0.0 1e5 -1E-300 1e-400 4.9e-324 inf -Inf +infinity nan NaN
-nan 1.7976931348623157e308 9007199254740992 -9007199254740994 9007199254740993.0 1e22 0.1
123456789012345 1e16 18014398509481984 100000000000000000000""".split()
FAULTY = """1e400 -1e309 9007199254740993 -9007199254740995 18446744073709551615 1_000 0x10 1e --1
infinit + . - 1.2.3 12:30 2024-01-31 ٣ Ⅷ ½ é 😀 x n,a 1,5 1.234,5 12,34 1e5.5 1d5 ∞ -∞ truth ? --
#1""".split()
MARKS = ["", "NA", "n/a", "N/A", "NULL", "null", "None", "<NA>", "#N/A", " ", " nan "]
TRUTHS = ["True", "False", "TRUE", "false"]
QUOTES = ['5" nail', 'a"b"', '"', 'x""', '""', '" "', 'it"', 'é"é']
BLANKS = ["", "", "", "", " ", "  ", "\t", "\xa0", "\u2003", "\x1c", "\x0b", "\u2028", "\x85"]
WORDS = [
    "ann",
    "bob smith",
    "Ünï",
    "日本",
    "a.png",
    "id",
    "2020-01-01",
    "-",
    "'q'",
    "#x",
    "sep=",
    "0 1",
]
ENCODINGS = [None] * 8 + ["utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "shift-jis"]


@dataclass(frozen=True)
class Case:
    """A file, how it is to be read, and which of its columns."""

    data: bytes
    options: InputOptions
    columns: tuple[int, ...] | None
    chunk: int


@dataclass(frozen=True)
class Fault:
    """A place that an error must name."""

    line: int
    column: int | None = None


@dataclass
class Expected:
    """What csv and float() make of a file: the rows until a fault, and the fault if any.

    `early` are faults that may be found before it, as a file is read ahead.
    """

    rows: list[list[float]] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    fault: Fault | None = None
    early: list[Fault] = field(default_factory=list)


def generate(rng: random.Random) -> Case:
    """A small file: clean, or with any of the faults that files have."""
    hostile = rng.random()
    width = rng.choice([1, 1, 2, 2, 3, 5])
    delimiter = rng.choice([",", ",", ",", ";", "\t", "|", " ", "§"])
    decimal = "," if delimiter in ";\t" and rng.random() < 0.3 else "."
    thousands = rng.choice([None] * 6 + ["." if decimal == "," else ",", "'"])
    end = rng.choice(["\n", "\n", "\r\n"])
    text_columns = {c for c in range(width) if rng.random() < 0.15}

    def spelled(column: int) -> str:
        draw = rng.random()
        if column in text_columns:
            cell = rng.choice(WORDS + QUOTES + NUMBERS[:5])
        elif draw < 0.08 * (hostile > 0.5):
            cell = rng.choice(FAULTY + QUOTES)
        elif draw < 0.16 * (hostile > 0.35):
            cell = rng.choice(MARKS + TRUTHS)
        elif draw < 0.3:
            cell = repr(rng.choice([rng.gauss(0, 1), rng.gauss(0, 1) * 10 ** rng.randint(-30, 30)]))
        elif draw < 0.35 and thousands is not None:
            cell = f"{rng.randint(1000, 10**9):,}.5".replace(",", thousands)
        else:
            cell = rng.choice(NUMBERS)
        if decimal == "," and rng.random() < 0.98:
            cell = cell.translate({ord("."): ",", ord(","): "."})
        cell = cell if rng.random() < 0.9 else rng.choice(BLANKS) + cell + rng.choice(BLANKS)
        needs = any(c in cell for c in (delimiter, '"', "\r", "\n"))
        if rng.random() < (0.97 if needs else 0.06):
            if rng.random() < 0.05 * (hostile > 0.6):
                cell += rng.choice(["\n", "\r\n", "\r", '"', "\n# "])
            if not needs or '"' not in cell or rng.random() < 0.5:
                return '"' + cell.replace('"', '""') + '"'
        return cell

    header = rng.random() < 0.5
    lines = []
    if rng.random() < 0.05:
        lines.append(f"sep={delimiter}{end}" if delimiter in ",;\t|" else "")
    comment = "#" if rng.random() < 0.1 else None
    if header:
        names = [rng.choice([*WORDS, "p", "", "1", "a" * 50, "n\n m"]) for _ in range(width)]
        names[0] = names[0] or "k"
        quoted = ['"' + n + '"' if delimiter in n or "\n" in n else n for n in names]
        lines.append(delimiter.join(quoted) + end)
    trailing = delimiter if rng.random() < 0.04 else ""
    for _ in range(rng.choice([0, 1, 2, 3, 5, 8, 13, 40])):
        if comment and rng.random() < 0.2:
            lines.append(rng.choice(["# c", '  #"', f"#{delimiter}1", "#"]) + "\n")
        count = width
        if hostile > 0.8 and rng.random() < 0.03:
            count = rng.choice([width + 1, max(width - 1, 1), 1])
        gap = delimiter * rng.randint(1, 3) if delimiter == " " else delimiter
        lines.append(gap.join(spelled(c % width) for c in range(count)) + trailing)
        lines.append(end)
        if hostile > 0.9 and rng.random() < 0.05:
            lines[-1] = rng.choice(["\n\n", "\r", "\r\r\n", "\r\n\n", " \n", "\n \n"])
    text = "".join(lines)
    if rng.random() < 0.3:
        text = text.rstrip("\r\n") + rng.choice(["", "", "\n\n", "\r\n\r\n", "\n \n"])
    encoding = rng.choice(ENCODINGS)
    data = text.encode(encoding or "utf-8", "replace")
    if encoding is None:
        mark = rng.choice([""] * 8 + ["utf-8-sig", "utf-16", "utf-32"])
        data = text.encode(mark) if mark else data
        if not mark and hostile > 0.97 and data:
            at = rng.randrange(len(data))
            data = data[:at] + rng.choice([b"\xff", b"\xe9", b"\x80"]) + data[at:]
    given = delimiter if delimiter in "| §" or rng.random() < 0.5 else None
    options = InputOptions(
        delimiter=given,
        decimal=decimal,
        comment=comment,
        header=header,
        missing=rng.choice([(), (), (), ("-999", "?"), ("-2", "--", "x"), ("1e5",)]),
        allow_missing=rng.random() < 0.7,
        thousands=None if given == thousands and given != "," else thousands,
        encoding=encoding,
    )
    numeric = tuple(c for c in range(width) if c not in text_columns)
    columns = numeric if text_columns and numeric else None
    if columns is None and rng.random() < 0.2:
        columns = (rng.randrange(width),)
    return Case(data, options, columns, rng.choice([1, 7, 64, 1 << 18]))


# The other reading: Python's own, with what losscli adds to it said in other words.


def expect(case: Case, delimiter: str, width: int) -> Expected:
    """What the csv module and float() make of the file."""
    found = Expected()
    text, bad = _decode(case)
    if bad is not None:
        found.early.append(Fault(bad))
    line = 1
    if said := re.match(r'(?i)("?)sep=[^\w"\r\n]\1(\r?\n|\Z)', text, re.ASCII):
        text, line = text[said.end() :], 2
    records = list(_records(text, line, case.options.comment, delimiter))
    while records and not records[-1].cells and not records[-1].is_open:
        records.pop()
    wanted = range(width) if case.columns is None else case.columns
    found.early += [Fault(record.quote) for record in records if record.is_open]
    for number, record in enumerate(records):
        if record.is_open or (bad is not None and record.last >= bad):
            return found
        if record.is_mac or not record.cells or len(record.cells) != width:
            found.fault = Fault(record.line)
            return found
        if number == 0 and case.options.header:
            continue
        row = []
        for column in wanted:
            value = _value(record.cells[column], case.options)
            if value is None:
                found.fault = Fault(record.line, column + 1)
                return found
            row.append(value)
        found.rows.append(row)
        found.cells.append([_text(record.cells[column]) for column in range(width)])
        found.lines.append(record.line)
    return found


@dataclass(frozen=True)
class Record:
    """A record; `quote` is the line of its last part if `is_open`: a quote in it never closes."""

    line: int
    last: int
    cells: list[str]
    is_mac: bool
    is_open: bool
    quote: int


def _records(text: str, line: int, comment: str | None, delimiter: str) -> Iterator[Record]:
    at = line
    fresh = True
    start = line
    raw = ""
    taken: list[str] = []

    def feed() -> Iterator[str]:
        nonlocal at, fresh, start, raw
        for piece in io.StringIO(text, newline=""):
            begins = fresh and not raw.endswith("\r")
            if begins and comment and piece.lstrip(" \t").startswith(comment):
                at += piece.endswith("\n")
                continue
            if fresh:
                start, fresh = at, False
                taken.clear()
            at += piece.endswith("\n")
            raw = piece
            taken.append(piece)
            yield piece

    blanks = delimiter == " "
    reader = csv.reader(feed(), delimiter=delimiter, skipinitialspace=blanks)
    for cells in reader:
        if blanks and raw.rstrip("\r\n").endswith(" "):
            cells.pop()
        is_open, quote = _open(taken, start, delimiter)
        yield Record(start, at - raw.endswith("\n"), cells, raw.endswith("\r"), is_open, quote)
        fresh = True


def _open(pieces: list[str], line: int, delimiter: str) -> tuple[bool, int]:
    """Whether a quote of the record is open at its end, and on which line: by its characters."""
    state, opened = "start", line
    for character in "".join(pieces):
        if state == "quoted":
            state = "quote" if character == '"' else "quoted"
        elif state == "start" and character == '"':
            state, opened = "quoted", line
        elif state == "quote" and character == '"':
            state = "quoted"
        else:
            state = "start" if character in (delimiter, "\r", "\n") else "cell"
        line += character == "\n"
    return state == "quoted", opened


def _decode(case: Case) -> tuple[str, int | None]:
    """The text, up to the byte that is none, and the line of that."""
    data, encoding = case.data, case.options.encoding or "utf-8"
    for mark, name in (
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"\xef\xbb\xbf", "utf-8-sig"),
    ):
        if data.startswith(mark):
            encoding = name
            break
    try:
        return data.decode(encoding), None
    except UnicodeDecodeError as error:
        good = data[: error.start].decode(encoding)
        return good, 1 + good.count("\n")


def _text(cell: str) -> str:
    """A cell without blanks, and without the quotes that stand behind a blank."""
    bare = cell.strip()
    if cell[:1].isspace() and len(bare) > 1 and bare[0] == bare[-1] == '"' and bare.count('"') == 2:
        return bare[1:-1].strip()
    return bare


def _value(cell: str, options: InputOptions) -> float | None:
    """The number in a cell; None for an error."""
    missing = nan if options.allow_missing else None
    text = _text(cell)
    if text in options.missing:
        return missing
    number = _number(text, options)
    marks = [_number(mark, options) for mark in options.missing]
    if number is not None:
        return missing if number in marks else number
    if text.lower() in ("", "na", "n/a", "null", "none", "<na>", "#n/a", "#na"):
        return missing
    return {"true": 1.0, "false": 0.0}.get(text.lower())


def _number(text: str, options: InputOptions) -> float | None:
    """float() of ASCII text in the form asked for, unless float64 cannot hold it."""
    if options.thousands is not None and options.thousands in text:
        whole, point, rest = text.partition(options.decimal)
        groups = whole.lstrip("+-").split(options.thousands)
        if not point and re.search("[eE]", groups[-1]):
            groups[-1] = re.split("[eE]", groups[-1])[0]
        even = [len(group) == 3 for group in groups[1:]] and 1 <= len(groups[0]) <= 3
        if not even or not all(len(g) == 3 and g.isdecimal() for g in groups[1:]):
            return None
        if not groups[0].isdecimal() or options.thousands in rest:
            return None
        text = text.replace(options.thousands, "")
    if options.decimal == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    if not text.isascii() or "_" in text:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    if isinf(number) and "inf" not in text.lower():
        return None
    try:
        return number if isinf(number) or isnan(number) or int(text) == int(number) else None
    except ValueError:
        return number


# The comparison.


@contextmanager
def reading(chunk: int, *, fast: bool) -> Iterator[None]:
    """A chunk size, with NumPy's parser or without."""
    with patch.object(csv_chunks, "CHUNK_BYTES", chunk):
        if fast:
            yield
            return
        with (
            patch.object(CsvSource, "_parse", lambda *_: None),
            patch.object(CsvSource, "_plain_keys", lambda *_: None),
        ):
            yield


def source_of(case: Case) -> CsvSource:
    """The source that reads the case."""
    raw = case.data

    def open_() -> io.BufferedReader:
        return io.BufferedReader(io.BytesIO(raw))  # type: ignore[arg-type]

    return CsvSource(Binary("f.csv", open_), case.options)


def difference(case: Case, chunk: int, *, fast: bool) -> tuple[str, str | None]:
    """What the file is ('read', or the kind of error), and how the readings differ, if they do."""
    with reading(chunk, fast=fast):
        try:
            source = source_of(case)
        except SourceError as error:
            return "refused", _wrong_refusal(case, str(error))
        width = source.shape[1] or 0
        delimiter = source._records.delimiter
        columns = case.columns
        if columns is not None and max(columns) >= width:
            columns = None
        case = Case(case.data, case.options, columns, chunk)
        expected = expect(case, delimiter, width)
        try:
            blocks = [block.copy() for block in source.blocks(3, columns)]
        except SourceError as error:
            return "error", _wrong_error(expected, source, str(error))
        if expected.fault or expected.early:
            return "read", f"no error, expected {expected.fault or expected.early}"
        count = len(range(width) if columns is None else columns)
        got = np.concatenate(blocks) if blocks else np.empty((0, count))
        want = np.array(expected.rows).reshape(len(expected.rows), count)
        if got.shape != want.shape or not _same(got, want):
            return "read", f"{got.tolist()} instead of {want.tolist()}"
        for row, line in enumerate(expected.lines):
            if not source.locate(row, (0,)).startswith(f"f.csv, line {line}, "):
                return "read", f"row {row}: {source.locate(row, (0,))} instead of line {line}"
        texts = [list(key) for keys in source.texts(3, range(width)) for key in keys]
        if texts != expected.cells:
            return "read", f"texts {texts} instead of {expected.cells}"
    return "read", None


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    """Bit for bit, but for the sign of NaN."""
    holes = np.isnan(one)
    if not np.array_equal(holes, np.isnan(other)):
        return False
    return np.where(holes, 0, one).tobytes() == np.where(holes, 0, other).tobytes()


def _wrong_error(expected: Expected, source: CsvSource, error: str) -> str | None:
    if error.count("\n") > 1:
        return f"an error of many lines: {error}"
    if source._records.empty is not None and "lines end with" in error:
        return None
    for fault in [*([expected.fault] if expected.fault else []), *expected.early]:
        place = f"f.csv, line {fault.line}"
        if fault.column is not None:
            place += f", column {fault.column}"
        if re.match(re.escape(place) + r"\b", error):
            return None
    return f"error {error!r} instead of {expected.fault}, {expected.early}"


def _wrong_refusal(case: Case, error: str) -> str | None:
    """An error of the first record: whether the file has such a one."""
    if error.count("\n") > 1:
        return f"an error of many lines: {error}"
    text, bad = _decode(case)
    body = re.sub(r'(?i)^("?)sep=[^\w"\r\n]\1(\r?\n|\Z)', "", text)
    lines = body.split("\n")
    comment = case.options.comment
    while comment and lines and lines[0].lstrip(" \t").startswith(comment):
        lines.pop(0)
    first = lines[0] if lines else ""
    reasons = {
        "is empty": "".join(lines) == "",
        "is blank": not first.strip(' ,;\t|§"\r\xa0\u2003\x1c\x0b\u2028\x85'),
        "carriage return": "\r" in "\n".join(lines).replace("\r\n", "\n"),
        "never closes": '"' in first,
        "is not UTF-8": bad is not None,
        "cannot be decoded": bad is not None,
        "within a character": bad is not None,
        "is not text": "\0" in text,
        "cannot part the cells": text[:4].lower().lstrip('"').startswith("sep"),
    }
    known = [holds for words, holds in reasons.items() if words in error]
    return None if known and all(known) else f"refused: {error}"


def compare(case: Case) -> tuple[str, str | None]:
    """As `difference`, in large chunks and in small ones, by NumPy and without."""
    kind = ""
    for chunk, fast in ((1 << 18, True), (1 << 18, False), (case.chunk, True), (case.chunk, False)):
        kind, wrong = difference(case, chunk, fast=fast)
        if wrong is not None:
            return kind, f"chunks of {chunk}, {'fast' if fast else 'slow'}: {wrong}"
    return kind, None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=5)
    asked = parser.parse_args()
    kinds: Counter[str] = Counter()
    found = 0
    for index in range(asked.count):
        case = generate(random.Random(f"{asked.seed}/{index}"))
        kind, wrong = compare(case)
        kinds[kind] += 1
        if wrong is not None:
            found += 1
            if found <= asked.show:
                sys.stdout.write(f"file {index}: {case}\n    {wrong}\n")
    sys.stdout.write(f"{asked.count} files: {dict(kinds)}; {found} differ\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
