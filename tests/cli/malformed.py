"""Malformed input of every kind, with what must be said of it."""

import gzip
import io
import pickle
import struct
import zipfile
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Case:
    """A command line with the files it needs, and what its message must say, part by part."""

    name: str
    args: tuple[str, ...]
    says: tuple[str, ...]
    files: tuple[tuple[str, bytes], ...] = ()


ONE = ("--true", "[1,2]", "--pred", "[1,2]")


def csv(name: str, content: str | bytes, *says: str, options: tuple[str, ...] = ()) -> Case:
    """A faulty bad.csv, as both sides: so its faults are found before any shape's."""
    data = content if isinstance(content, bytes) else content.encode()
    args = ("compute", "mse", "--true", "bad.csv", "--pred", "bad.csv", *options)
    return Case(f"csv: {name}", args, ("bad.csv", *says), (("bad.csv", data),))


def npy(name: str, content: bytes, *says: str) -> Case:
    args = ("compute", "mse", "--true", "bad.npy", "--pred", "bad.npy")
    return Case(f"npy: {name}", args, ("bad.npy", *says), (("bad.npy", content),))


def json(name: str, text: str, *says: str) -> Case:
    return Case(f"json: {name}", ("compute", "mse", "--true", text, "--pred", "[1,2]"), says)


def usage(name: str, *args: str, says: tuple[str, ...]) -> Case:
    return Case(f"usage: {name}", args, says, (("d.csv", b"a,b,price\n1,2,3\n4,5,6\n"),))


def pair(name: str, loss: str, true: str, pred: str, *says: str, dtype: str = "float64") -> Case:
    args = ("compute", loss, "--true", true, "--pred", pred, "--dtype", dtype)
    files = (("y.csv", b"y\n1\n2\n"), ("p.csv", b"p,q\n1,2\n3,4\n5,6\n"), ("n.csv", b"y\n1\nnan\n"))
    return Case(f"data: {name}", args, says, files)


def saved(array: object) -> bytes:
    """The bytes of an NPY file."""
    buffer = io.BytesIO()
    np.save(buffer, np.asanyarray(array), allow_pickle=True)
    return buffer.getvalue()


def raw_npy(header: str, data: bytes = b"\0" * 16, version: bytes = b"\x01\x00") -> bytes:
    text = header.encode() + b"\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text + data


def header(shape: str, descr: str = "'<f8'") -> str:
    return f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}"


def zipped(*keys: str) -> bytes:
    """The bytes of an NPZ file with these arrays."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("read.me", "")
        for key in keys:
            archive.writestr(f"{key}.npy", saved([1.0]))
    return buffer.getvalue()


CSV = [
    csv("a row too short", "a,b\n1,2\n3\n", "line 3", "1 cell", "has 2", "'3'"),
    csv("a row too long", "1,2\n3,4,9\n", "line 2", "3 cells", "has 2", "'3,4,9'"),
    csv("text", "a,b\n1,2\n3,dog\n", "line 3, column 2 (b)", "'dog' is not a number"),
    csv("an empty cell", "a,b\n1,2\n,4\n", "line 3, column 1 (a)", "empty"),
    csv("an empty last cell", "1,2\n3,\n", "line 2, column 2", "empty"),
    csv("a cell of blanks", "1,2\n3,  \n", "line 2, column 2", "empty"),
    csv("an empty quoted cell", '1,2\n3,""\n', "line 2, column 2", "empty"),
    csv("a blank line in the middle", "1\n\n2\n", "line 2", "blank"),
    csv("blank lines in the middle, CRLF", "1\r\n\r\n\r\n2\r\n", "line 2", "blank"),
    csv("a blank first line", "\na\n1\n", "line 1", "blank"),
    csv("a blank first line, with BOM", b"\xef\xbb\xbf\na\n1\n", "line 1", "blank"),
    csv("an unclosed quote", 'a\n1\n"2\n3\n', "quote", "line", "never closes"),
    csv("an unclosed quote in the first line", '"a\n1\n2\n', "quote", "line 1", "never closes"),
    csv("text behind a quote", 'a\n"2"x\n', "line 2, column 1", "2x", "is not a number"),
    csv("NUL in a cell", b"a\n1\n2\x003\n", "line 3, column 1", r"'2\x003' is not a number"),
    csv("NUL in the first line", b"a\0b\n1\n", "is not text"),
    csv("UTF-16 without BOM", "a\n1\n".encode("utf-16-le"), "is not text"),
    csv("latin-1 in a cell", b"a\n1\n\xe9\n", "line 3", "0xe9", "UTF-8"),
    csv("latin-1 in the header", b"\xe9t\xe9\n1\n", "line 1", "0xe9", "UTF-8"),
    csv("only a header", "a,b\n", "no rows"),
    csv("only a header without line end", "a,b", "no rows"),
    csv("empty file", "", "is empty"),
    csv("only a BOM", b"\xef\xbb\xbf", "is empty"),
    csv("old-Mac line ends", "a\r1\r2\r", "line 1", "old Mac line ends", "to LF"),
    csv("an old-Mac line end at the header", "a\r1\n2\n3\n", "line 1", "old Mac line ends"),
    csv("an old-Mac line end in the middle", "a\n1\r2\n3\n", "line 2", "old Mac line ends"),
    csv("a number beyond float64", "a\n1\n-1e400\n", "line 3", "'-1e400' is too large for float64"),
    csv("decimal comma", "a;b\n1,5;2\n", "line 2, column 1 (a)", "'1,5'", "decimals take a point"),
    csv("decimal comma in quotes", 'a,b\n1,"2,5"\n', "line 2, column 2 (b)", "'2,5'", "point"),
    csv("wrong delimiter: |", "a|b\n1|2\n", "line 2", "'1|2' is not a number", "--delimiter '|'"),
    csv("wrong delimiter: blank", "a b\n1 2\n", "line 2", "'1 2'", "--delimiter space"),
    csv("wrong delimiter without a header", "1|2\n3|4\n", "line 1", "'1|2' is not a number"),
    csv(
        "wrong delimiter: the header's",
        "a,b\n1;2\n",
        "line 2",
        "1 cell",
        "'1;2'",
        "--delimiter changes that",
    ),
    csv("no header, NA first", "NA\n1\n2\n", "line 1, column 1", "'NA' is not a number"),
    csv(
        "a range to a name that is there twice",
        "a,b,b\n1,2,3\n",
        "several columns named 'b'",
        options=("--true-cols", "a:b"),
    ),
    csv("no header, NA in a row", "1,n/a\n2,3\n", "line 1, column 2", "'n/a' is not a number"),
    csv("a word in a first row of data", "1.5,dog\n2,3\n", "line 1, column 2", "'dog'"),
    csv("a thousands mark", "a\n1_000\n", "line 2, column 1 (a)", "'1_000' is not a number"),
    csv("hexadecimal", "a\n0x1F\n", "line 2, column 1 (a)", "'0x1F' is not a number"),
    csv("a comment", "a\n1\n# note\n", "line 3, column 1 (a)", "'# note' is not a number"),
    csv("a fault in a later chunk", "a\n" + "1\n" * 200_000 + "x\n", "line 200002", "'x'"),
    csv("a long cell", "a\n" + "x" * 10_000 + "\n", "line 2", "xxx…' is not a number"),
    csv("escapes", "a\n\x1b[31mred\n", "line 2", r"'\x1b[31mred' is not a number"),
]

NPY = [
    npy("truncated", saved([1.0, 2.0])[:-3], "promises 16 bytes", "(2,)", "holds 13"),
    npy("longer", saved([1.0, 2.0]) + b"xx", "promises 16 bytes", "holds 18"),
    npy("cut in its magic", b"\x93NUMPY", "header"),
    npy("cut in its header", saved([1.0])[:40], "header"),
    npy("objects", saved(np.array([1, "a", None], dtype=object)), "Python objects", "np.save"),
    *[npy(f"a pickle of protocol {p}", pickle.dumps([1.0], p), "a pickle") for p in (2, 3, 4, 5)],
    npy("an old pickle", pickle.dumps([1.0, 2.0], 0), "is not an NPY file"),
    npy("structured", saved(np.zeros(2, [("a", "f8"), ("b", "i4")])), "not real numbers"),
    npy("complex", saved(np.zeros(2, complex)), "holds complex128, not real numbers"),
    npy("text", saved(["a", "b"]), "row 1, column 1", "is not a number"),
    npy("dates", saved(np.zeros(2, "M8[D]")), "row 1, column 1", "is not a number"),
    npy("one number", saved(3.0), "holds a single number"),
    npy("no rows", saved(np.zeros((0, 3))), "no rows"),
    npy("no columns", saved(np.zeros((3, 0))), "no ", "(3, 0)"),
    npy("a garbage header", raw_npy("no dict at all"), "header"),
    npy("an unclosed header", raw_npy("{'descr': '<f8', 'shape': (2,"), "header"),
    npy("code for a header", raw_npy("__import__('os').mkdir('pwned')"), "header: it cannot"),
    npy("a header without shape", raw_npy("{'descr': '<f8'}"), "header"),
    npy("a header of an unknown type", raw_npy(header("(2,)", "'wat'")), "header", "'wat'"),
    npy("a header that lies about its shape", raw_npy(header("(5,)")), "promises 40", "holds 16"),
    npy("a header that lies about its type", raw_npy(header("(2,)", "'<f4'")), "promises 8"),
    npy("a header of astronomic size", raw_npy(header(f"({10**30},)")), "promises", "holds 16"),
    npy("a negative shape", raw_npy(header("(-2,)")), "(-2,)"),
    npy("a shape negative twice", raw_npy(header("(-1, -2)")), "(-1, -2)"),
    npy("an array for a type", raw_npy(header("(1,)", "('<f8', (2,))")), "not real numbers"),
    npy("a bool in its shape", raw_npy(header("(True,)")), "(True,)"),
    npy("a version there is none of", raw_npy("{}", version=b"\x09\x00"), "version 9.0"),
    npy("text named .npy", b"1\n2\n", "is not an NPY file"),
    npy("an empty file", b"", "NPY file"),
]

JSON = [
    json("ragged", "[[1,2],[3]]", "inline y_true, row 2", "1 element", "first has 2"),
    json("a string", '[1,"dog"]', 'inline y_true, row 2: "dog" is not a number'),
    json("null", "[1,null]", "inline y_true, row 2", "null is not a number"),
    json("text in an object", '[{"a":"x"},{"a":2}]', "row 1, key 'a': \"x\" is not a number"),
    json("an object among numbers", '[1,{"a":1}]', "inline y_true, row 2", '{"a": 1}', "is not a"),
    json("an object alone", '{"a": [1]}', "no file", "inline data is a JSON list"),
    json("a list among numbers", "[1,[2]]", "inline y_true, row 2 is a list"),
    json("a number among lists", "[[1],2]", "inline y_true, row 2", "'2' is no list"),
    json("unclosed", "[1,2", "inline y_true", "line 1, column 5", "it ends there"),
    json("a comma too many", "[1,2,]", "inline y_true", "line 1, column 6", "']'"),
    json("more behind it", "[1,2] x", "inline y_true", "line 1, column 7", "'x'"),
    json("a place on a later line", "[1,\n;2]", "inline y_true", "line 2, column 1", "';2]'"),
    json("a number alone", "3", "no file '3'", "inline data is a JSON list"),
    json("numbers without brackets", "0,1", "no file '0,1'", "inline data is a JSON list"),
    json("empty", "[]", "inline y_true", "(0, 1)"),
    json("empty rows", "[[],[]]", "inline y_true", "(2, 0)"),
    json("NaN", "[1,NaN]", "inline y_true, row 2", "nan is not a finite number"),
    json("Infinity", "[-Infinity,1]", "inline y_true, row 1", "-inf is not a finite number"),
    json("nested too deep to read", "[" * 100_000, "inline y_true", "JSON", "nested too deep"),
    json("nested too deep for an array", "[" * 65 + "1" + "]" * 65, "inline y_true", "nested"),
    json("an integer too large", f"[1,{10**400}]", "inline y_true, row 2", "too large for float64"),
    json("an integer of 5000 digits", f"[1,{'9' * 5000}]", "y_true, row 2", "'99999", "too large"),
    json("escapes", '["\x1b[31m", 1]', "inline y_true, row 1", "is not a number"),
    json("escaped escapes", r'["\u001b[31m", 1]', "inline y_true, row 1", "is not a number"),
]

USAGE = [
    usage("an unknown loss", "compute", "msee", *ONE, says=("no loss 'msee'", "did you mean mse")),
    usage("an unknown loss like none", "compute", "qqq", *ONE, says=("'qqq'", "losscli list")),
    usage("an unknown parameter", "compute", "huber:d=1", *ONE, says=("'d'", "parameters: delta")),
    usage("a parameter of none", "compute", "zero_one:a=1", *ONE, says=("'a'", "no parameters")),
    usage("a parameter of text", "compute", "huber:delta=x", *ONE, says=("delta", "not 'x'")),
    usage("a parameter too small", "compute", "huber:delta=-1", *ONE, says=("(0, ∞), not -1",)),
    usage("a parameter of nan", "compute", "huber:delta=nan", *ONE, says=("(0, ∞), not nan",)),
    usage("decimal comma", "compute", "huber:delta=1,5", *ONE, says=("'1,5'", "delta=1.5")),
    usage("nothing after the colon", "compute", "huber:", *ONE, says=("'huber:'", "huber:delta=1")),
    usage("no value", "compute", "huber:delta", *ONE, says=("'delta'", "huber:delta=1")),
    usage("a parameter twice", "compute", "huber:delta=1,delta=2", *ONE, says=("delta", "twice")),
    usage("no flag", "compute", "bce:from_logits=maybe", *ONE, says=("from_logits", "'maybe'")),
    usage(
        "no --pred", "compute", "mse", "--true", "[1]", says=("--pred is missing", "compute --h")
    ),
    usage(
        "no --true", "compute", "mse", "--pred", "[1]", says=("--true is missing", "compute --h")
    ),
    usage("no loss", "compute", *ONE, says=("LOSS", "compute --help")),
    usage("--data alone", "compute", "mse", "--data", "d.csv", says=("--true-cols", "--pred-cols")),
    usage(
        "--data and --true",
        *("compute", "mse", "--data", "d.csv", "--true", "[1]"),
        says=("--data", "--true"),
    ),
    *[
        usage(
            f"columns: {name}",
            *("compute", "mse", "--data", "d.csv", "--true-cols", columns, "--pred-cols", "1"),
            says=says,
        )
        for name, columns, says in (
            ("an unknown name", "prise", ("d.csv", "'prise'", "did you mean price?")),
            ("out of range", "9", ("d.csv has no column 9", "1 to 3")),
            ("position 0", "0", ("d.csv has no column 0", "1 to 3")),
            ("a range backwards", "price:a", ("'price:a' runs backwards in d.csv",)),
            ("a pattern of nothing", "/^z/", ("d.csv", "'/^z/'", "a, b, price")),
            ("a broken pattern", "/[/", ("'/[/' is not a regular expression",)),
            ("twice", "a,1", ("'a,1'", "more than once")),
            ("none", "", ("column",)),
            ("none but a comma", ",", ("column",)),
        )
    ],
    usage("--rows x", "compute", "mse", *ONE, "--rows", "x", says=("--rows", "'all'", "'x'")),
    usage("--rows -1", "compute", "mse", *ONE, "--rows", "-1", says=("--rows", "'-1'")),
    usage("--rows 1.5", "compute", "mse", *ONE, "--rows", "1.5", says=("--rows", "'1.5'")),
    usage("--format xml", "compute", "mse", *ONE, "--format", "xml", says=("--format", "'xml'")),
    usage("--dtype half", "compute", "mse", *ONE, "--dtype", "half", says=("--dtype", "'half'")),
    usage("--delimiter of two", "compute", "mse", *ONE, "--delimiter", "xx", says=("'xx'", "tab")),
    usage("--delimiter of a digit", "compute", "mse", *ONE, "--delimiter", "5", says=("'5'",)),
    usage("an unknown command", "comptue", says=("'comptue'", "did you mean 'losscli compute'?")),
    usage("unquoted inline data", "compute", "mse", "--true", "[1,", "2]", says=("'2]'", "quoted")),
    usage("a call", "compute", "huber(delta=2)", *ONE, says=("follow a colon: huber:delta=2",)),
    usage(
        "a command like none",
        "qqq",
        says=("'qqq'", "compare, check, baseline, list, info, new-loss, config"),
    ),
    usage("an unknown option", "compute", "mse", *ONE, "--wat", says=("--wat", "compute --help")),
    usage("an unknown option first", "--wat", says=("--wat", "losscli --help")),
    usage("an option without value", "compute", "mse", "--true", says=("--true", "compute --help")),
    usage("info of nothing", "info", says=("LOSS", "info --help")),
    usage("info of an unknown loss", "info", "hubber", says=("'hubber'", "did you mean huber")),
    usage("info of a bad parameter", "info", "huber:delta=0", says=("delta", "(0, ∞), not 0")),
    usage("no shell", "completion", says=("Missing", "Choose from: bash, zsh, fish")),
    usage("an unknown shell", "completion", "tcsh", says=("'tcsh'", "bash", "completion --help")),
    usage("--color maybe", "list", "--color", "maybe", says=("--color", "'maybe'", "list --help")),
    usage("--color first", "--color", "maybe", "list", says=("--color", "'maybe'", "--help")),
    usage("--progress x", "list", "--progress", "x", says=("--progress", "'x'")),
    usage("a config there is none of", "list", "--config", "c.toml", says=("c.toml", "No such")),
    usage("a config that is a folder", "list", "--config", ".", says=(". cannot be read",)),
    usage("a config of data", "list", "--config", "d.csv", says=("d.csv, line 1, column 2",)),
    usage("version of something", "version", "mse", says=("mse", "version --help")),
    usage("list of something", "list", "mse", says=("mse", "list --help")),
    usage("baseline alone", "baseline", says=("Missing command", "baseline --help")),
    usage("baseline of nothing", "baseline", "save", "-o", "b.json", *ONE, says=("LOSS",)),
    usage("baseline nowhere", "baseline", "save", "mse", *ONE, says=("--output",)),
    usage("baseline of no file", "baseline", "show", "b.json", says=("b.json cannot be read",)),
    usage(
        "baseline of a loss twice",
        *("baseline", "save", "mse", "mean_squared_error", "-o", "b.json", *ONE),
        says=("mse is named twice",),
    ),
]

FILES = [
    Case(f"file: {path}", ("compute", "mse", "--true", path, "--pred", "[1]"), says, files)
    for path, says, files in (
        (
            "a.csv.gz",
            ("a.csv.gz", "gzip", "cut short"),
            (("a.csv.gz", gzip.compress(b"1\n")[:-4]),),
        ),
        ("b.csv.gz", ("b.csv.gz", "line 2", "'x'"), (("b.csv.gz", gzip.compress(b"1\nx\n")),)),
        (
            "c.gz",
            ("c.gz is gzip-compressed twice",),
            (
                (
                    "c.gz",
                    gzip.compress(gzip.compress(b"")),
                ),
            ),
        ),
        ("a.npz", ("a.npz holds 2 arrays: a, b", "a.npz:a"), (("a.npz", zipped("a", "b")),)),
        ("a.npz:c", ("a.npz has no array 'c'", "a, b"), (("a.npz", zipped("a", "b")),)),
        ("b.npz", ("b.npz is a damaged zip archive",), (("b.npz", zipped("a")[:-9]),)),
        ("c.npz", ("c.npz", "without NPY arrays"), (("c.npz", zipped()),)),
        ("a.parquet", ("a.parquet", "Parquet"), (("a.parquet", b"PAR1\x15\x04PAR1"),)),
        ("a.h5", ("a.h5", "HDF5"), (("a.h5", b"\x89HDF\r\n\x1a\n"),)),
        ("a.json", ("a.json, row 1: null is not",), (("a.json", b"[null]"),)),
        ("b.json", ("b.json", "line 1, column 5", "it ends"), (("b.json", b"[1,2"),)),
        (
            "a.jsonl",
            ("a.jsonl, line 2, key 'y': \"x\" is not",),
            (("a.jsonl", b'{"y":1}\n{"y":"x"}\n'),),
        ),
        (
            "b.jsonl",
            ("b.jsonl, line 2: there is no key 'y'",),
            (("b.jsonl", b'{"y":1}\n{"z":1}\n'),),
        ),
        (".", (". is a folder",), ()),
        ("truee.csv", ("'truee.csv'", "did you mean true.csv?"), (("true.csv", b"1\n"),)),
        ("nowhere/a.csv", ("'nowhere/a.csv'", "no folder 'nowhere'"), ()),
        ("", ("no file ''", "a variable not set"), ()),
        ("/dev/null", ("/dev/null is empty",), ()),
        ("a\x1b[31m\n.csv", (r"'a\x1b[31m\n.csv'",), ()),
    )
]

CONFIG = [
    Case(f"config: {name}", ("list",), ("losscli.toml", *says), (("losscli.toml", content),))
    for name, content, says in (
        ("an unknown key", b"dtyp = 'float32'", ("no key 'dtyp'", "did you mean dtype?")),
        ("a key of a check", b"fail_if = 'mse > 1'", ("'fail_if'", "[[check]]")),
        ("an unknown value", b"nan = 'skp'", ("nan must be error, skip or propagate", "'skp'")),
        ("a wrong type", b"digits = true", ("digits must be a number", "not true")),
        ("no TOML", b"dtype = float32\n", ("line 1, column 9", "not valid TOML")),
        ("not text", b"nan = '\xff'", ("line 1", "UTF-8")),
        ("escapes", b'"\\u001b[31m" = 1', (r"'\x1b[31m'",)),
        ("two checks of a name", b"[[check]]\nname='a'\n[[check]]\nname='a'", ("named 'a'",)),
        ("a check of no name", b"[[check]]\nfail_if = 'mse > 1'", ("check 1", "no name")),
    )
]

THREE = "[[0.2,0.3,0.5],[0.2,0.3,0.5]]"
DATA = [
    pair("columns", "mse", "y.csv", "p.csv", "mse", "y.csv", "(2, 1)", "p.csv", "(3, 2)"),
    pair("columns inline", "mse", "[[1,2]]", "[[1]]", "y_true", "(1, 2)", "y_pred", "(1, 1)"),
    pair("rows", "mse", "y.csv", "[1,2,3]", "y.csv", "(2, 1)", "inline y_pred", "(3, 1)"),
    pair("rows inline", "mse", "[1,2,3]", "[1,2]", "y_true", "(3, 1)", "y_pred", "(2, 1)"),
    pair("ranks", "mse", "[[[1]]]", "[[1]]", "(1, 1, 1)", "(1, 1)"),
    pair("labels for one-hot rows", "cce", "[0,1]", THREE, "cce", "(2, 1)", "(2, 3)", "sparse_cat"),
    pair("one-hot rows for labels", "scce", THREE, THREE, "scce", "class indices", "(2, 3)"),
    pair("one class", "scce", "[0,1]", "[0.5,0.5]", "scce", "column per class", "(2, 1)"),
    pair(
        "probability 1.2", "bce", "[0,1]", "[0.5,1.2]", "y_pred, row 2", "[0, 1]", "1.2", "logits"
    ),
    pair("probability -0.1", "bce", "[0,1]", "[-0.1,1]", "y_pred, row 1", "[0, 1]", "-0.1"),
    pair("label 7 of 3", "scce", "[0,7]", THREE, "y_true, row 2", "0 to 2", "found 7"),
    pair("label 3 of 3", "scce", "[0,3]", THREE, "y_true, row 2", "0 to 2", "found 3"),
    pair("label -1", "scce", "[-1,0]", THREE, "y_true, row 1", "0 to 2", "found -1"),
    pair("label 1.5", "scce", "[0,1.5]", THREE, "y_true, row 2", "whole number", "found 1.5"),
    pair("negative rate", "poisson", "[1,2]", "[1,-1]", "y_pred, row 2", "[0, ∞)", "-1"),
    pair("nan", "mse", "n.csv", "[1,2]", "n.csv, line 3, column 1 (y)", "nan is not a finite"),
    pair("inf", "mse", "[1,2]", "[1,Infinity]", "y_pred, row 2", "inf is not a finite number"),
    pair("the first of two", "mse", "[1,NaN]", "[NaN,1]", "y_pred, row 1", "nan"),
    pair(
        "too large for float32",
        *("mse", "[1,2]", "[1,1e39]", "y_pred, row 2", "1e+39 is too large for float32"),
        dtype="float32",
    ),
    pair(
        "too large for float64",
        "mse",
        "[1,2]",
        "[1,1e400]",
        "y_pred, row 2",
        "'1e400' is too large for float64",
    ),
]


def gate(name: str, *args: str, says: tuple[str, ...]) -> Case:
    """A faulty check; b.json is no whole baseline."""
    files = (("b.json", b'{"command": "baseline"'), ("p.csv", b"1\n2\n"), ("none.csv", b"y\n"))
    return Case(f"check: {name}", ("check", *args), says, files)


PASS = ("--fail-if", "mse > 3")
GATES = [
    gate("nothing at all", says=("no check to run", "--fail-if")),
    gate("no gate", *ONE, says=("no gate", "give --fail-if or --max-regress")),
    gate("an unknown check", "ridge", says=("no check 'ridge'",)),
    gate("a name and data", "ridge", *ONE, says=("--true describes a check", "'ridge'")),
    gate("no data", *PASS, says=("--true is missing", "check --help")),
    gate("an empty file", "--true", "none.csv", "--pred", "none.csv", *PASS, says=("no rows",)),
    gate("a missing file", "--true", "[1]", "--pred", "q.csv", *PASS, says=("no file 'q.csv'",)),
    gate("other rows", "--true", "[1]", "--pred", "p.csv", *PASS, says=("(1, 1)", "(2, 1)")),
    gate("an unknown loss", *ONE, "--fail-if", "msee > 1", says=("'msee'", "did you mean mse")),
    gate("a wrong operator", *ONE, "--fail-if", "mse => 1", says=("position 5", "mean >=?")),
    gate("no limit", *ONE, "--fail-if", "mse >", says=("no limit",)),
    gate("a limit of text", *ONE, "--fail-if", "mse > 1,000", says=("'1,000'", "1000")),
    gate("a mean of rmse", *ONE, "--fail-if", "rmse.mean > 1", says=("write rmse > 1",)),
    gate("a loss that has no value", *ONE, "--fail-if", "bce > 1", says=("row 2", "for bce")),
    gate("one of two losses", *ONE, *PASS, "--fail-if", "bce > 1", says=("for bce",)),
    gate("an allowance alone", *ONE, "--max-regress", "mse=1", says=("needs --against",)),
    gate("--against alone", *ONE, *PASS, "--against", "p.csv", says=("alone judges nothing",)),
    gate(
        "a percentage of what is below 0",
        *("--true", "[9,9]", "--pred", "[8,8]", "--against", "[9,9]"),
        *("--max-regress", "poisson=2%"),
        says=("baseline of poisson is -", "poisson=0.5"),
    ),
    gate(
        "a damaged baseline",
        *(*ONE, "--against", "b.json", "--max-regress", "mse=2%"),
        says=("b.json is not a baseline: line 1, column 23",),
    ),
    gate(
        "no other predictions",
        *(*ONE, "--against", "q.csv", "--max-regress", "mse=2%"),
        says=("no file 'q.csv'",),
    ),
    gate(
        "other predictions of another shape",
        *(*ONE, "--against", "[[1,2],[3,4]]", "--max-regress", "mse=2%"),
        says=("one shape", "(2, 1)", "(2, 2)"),
    ),
    gate("an unknown report", *ONE, *PASS, "--report", "xml=a", says=("'xml'", "junit=FILE")),
    gate("a report nowhere", *ONE, *PASS, "--report", "junit", says=("junit needs a file",)),
    gate("github in a file", *ONE, *PASS, "--report", "github=a", says=("github has no file",)),
    gate(
        "a report twice",
        *(*ONE, *PASS, "--report", "json=a", "--report", "json=b"),
        says=("json is asked for twice",),
    ),
    gate(
        "two reports in one file",
        *(*ONE, *PASS, "--report", "json=a", "--report", "junit=./a"),
        says=("two reports have one file",),
    ),
    gate(
        "a report that cannot be written",
        *(*ONE, *PASS, "--report", "json=no/where"),
        says=("no/where cannot be written",),
    ),
]

CASES = [*CSV, *NPY, *JSON, *USAGE, *FILES, *DATA, *CONFIG, *GATES]
