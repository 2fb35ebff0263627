"""How a CSV file begins: its delimiter, and its first record."""

import re
from dataclasses import dataclass

from losscli.errors import SourceError, quoted, setting
from losscli.sources.binary import Binary
from losscli.sources.csv_chunks import BOM, Chunk, ChunkReader, LineMap, Quotes
from losscli.sources.csv_records import read_records
from losscli.sources.options import InputOptions

DELIMITERS = "\t;,"
# Excel's way to say the delimiter, as the first line.
SEP = re.compile(rb'("?)sep=([^\w"\r\n])\1(\r?\n|\Z)', re.IGNORECASE)
QUOTED = re.compile(rf'(?:\A|(?<=[{DELIMITERS}\n]))"[^"]*+(?:""[^"]*+)*+(?:"|\Z)')


@dataclass(frozen=True)
class Start:
    """The first record of a file: its bytes, its cells and its line, and the byte behind it."""

    reader: ChunkReader
    delimiter: str
    data: bytes
    cells: list[str]
    line: int
    end: int


def read_start(binary: Binary, options: InputOptions) -> Start:
    """How the file begins; it may still be read. Raises SourceError if it cannot be a CSV file."""
    label = binary.label
    head = binary.peek(64)
    begin = len(BOM) if head.startswith(BOM) else 0
    line = 1
    delimiter = options.delimiter
    if said := SEP.match(head, begin):
        begin, line = said.end(), 2
        delimiter = delimiter or said[2].decode()
        if delimiter == options.decimal:
            raise SourceError(
                f"{label}, line 1: {quoted(delimiter)} cannot part the cells and mark the "
                "decimals at once",
                f"leave out {setting('decimal')}, or say {setting('delimiter')}",
            )
    comment = None if options.comment is None else options.comment.encode()

    def first(delimiters: str) -> tuple[ChunkReader, bytes, int, int]:
        blanks = b"\r\n " if delimiters == " " else b"\r\n"
        reader = ChunkReader(label, comment, Quotes.of(delimiters), blanks)
        with binary.preview() as stream:
            stream.read(begin)
            data, at, before = reader.record(stream, line)
        return reader, data, at, begin + before + len(data)

    if delimiter is None:
        try:
            _, data, at, _ = first(DELIMITERS)
            text = Chunk(data, LineMap(at)).text(label)
        except SourceError:
            text = ""  # a quote opens behind what is no delimiter in the end, or never closes
        delimiter = guess_delimiter(text, options.decimal)
    reader, data, at, end = first(delimiter)
    if not data:
        only = " but for comments" if at > 1 else ""
        raise SourceError(f"{label} is empty{only}")
    if b"\0" in data[:1024]:
        raise SourceError(
            f"{label} is not text",
            "inputs are CSV, TSV, NPY, NPZ or JSON; UTF-16 without a byte order mark takes "
            f"{setting('encoding', 'utf-16-le')}",
        )
    lines = LineMap(at)
    text = Chunk(data, lines).text(label)
    _, cells = next(read_records(text, lines, delimiter, label), (at, []))
    blank = len(cells) < 2 or not options.allow_missing
    if blank and not any(cell.strip() for cell in cells):
        raise SourceError(f"{label}, line {at} is blank; it must be a header or a row of numbers")
    return Start(reader, delimiter, data, cells, at, end)


NUMBERS_IN_BLANKS = re.compile(
    r"\s*[-+]?[0-9.]+(e[-+]?[0-9]+)?([ ]+[-+]?[0-9.]+(e[-+]?[0-9]+)?)+\s*", re.IGNORECASE
)


def guess_delimiter(text: str, decimal: str = ".") -> str:
    """The first of tab, semicolon and comma that stands in the text outside of quotes.

    If there is none the blank where only numbers with blanks between them stand there, as NumPy
    writes them, else the comma. Where the comma marks decimals it parts cells only if it must: if
    one between commas is quoted or no number; else it is the semicolon.
    """
    bare = QUOTED.sub('"', text)
    found = next((mark for mark in DELIMITERS if mark in bare), None)
    if found is None:
        if NUMBERS_IN_BLANKS.fullmatch(bare):
            return " "
        return DELIMITERS[-1] if decimal != "," else ";"
    if found != decimal:
        return found
    parts = bare.split(",")
    numbers = all(re.fullmatch(r"\s*[+-]?[0-9]*(e[+-]?[0-9]+)?\s*", part) for part in parts)
    return ";" if numbers else ","
