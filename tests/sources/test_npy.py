"""NPY: every type, order, endianness and rank, in blocks of any size."""

import os
import struct
from pathlib import Path

import numpy as np
import pytest

from losscli.errors import SourceError
from losscli.sources import npy as npy_module
from losscli.sources.base import Array
from losscli.sources.binary import Binary
from losscli.sources.npy import NpySource

TYPES = ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "g"]
SHAPES = [(5,), (5, 1), (5, 3), (1, 4), (4, 3, 2), (3, 2, 2, 2)]


def source(path: Path) -> NpySource:
    size = path.stat().st_size
    return NpySource(Binary(path.name, lambda: path.open("rb"), size=size, seekable=True))


def read(reader: NpySource, rows: int, columns: tuple[int, ...] | None = None) -> list[Array]:
    """Copies, for a block is valid only until the next one is asked for."""
    return [block.copy() for block in reader.blocks(rows, columns)]


def numbers(shape: tuple[int, ...], dtype: str) -> Array:
    count = int(np.prod(shape))
    return (np.arange(count) * 37 % 101).reshape(shape).astype(dtype)


def saved(path: Path, array: Array, fortran: bool = False) -> NpySource:
    np.save(path, np.asfortranarray(array) if fortran else array)
    return source(path)


@pytest.mark.parametrize("fortran", [False, True], ids=["C", "Fortran"])
@pytest.mark.parametrize("order", ["<", ">"], ids=["little", "big"])
@pytest.mark.parametrize("dtype", TYPES)
def test_types_keep_their_values_in_native_order(
    dtype: str, order: str, fortran: bool, tmp_path: Path
) -> None:
    array = numbers((6, 3), order + dtype)
    blocks = read(saved(tmp_path / "a.npy", array, fortran), 4)
    assert [len(block) for block in blocks] == [4, 2]
    assert all(block.dtype == np.dtype(dtype) and block.dtype.isnative for block in blocks)
    assert np.array_equal(np.concatenate(blocks), array)


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("fortran", [False, True], ids=["C", "Fortran"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_shapes_are_cut_into_blocks(
    shape: tuple[int, ...], fortran: bool, rows: int, tmp_path: Path
) -> None:
    array = numbers(shape, "f8")
    reader = saved(tmp_path / "a.npy", array, fortran)
    wanted = array.reshape(-1, 1) if array.ndim == 1 else array
    assert reader.shape == wanted.shape
    blocks = read(reader, rows)
    assert all(block.flags.c_contiguous for block in reader.blocks(rows))
    assert [len(block) for block in blocks[:-1]] == [rows] * (len(blocks) - 1)
    assert np.array_equal(np.concatenate(blocks), wanted)


@pytest.mark.parametrize("slab", [1, 50, 200])
@pytest.mark.parametrize("rows", [1, 2, 3])
def test_fortran_slabs_do_not_show(
    rows: int, slab: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(npy_module, "SLAB_BYTES", slab)
    array = numbers((7, 3, 2), ">i2")
    blocks = read(saved(tmp_path / "a.npy", array, fortran=True), rows)
    assert [len(block) for block in blocks[:-1]] == [rows] * (len(blocks) - 1)
    assert np.array_equal(np.concatenate(blocks), array)


@pytest.mark.parametrize("fortran", [False, True], ids=["C", "Fortran"])
def test_columns_come_in_the_order_asked_for(fortran: bool, tmp_path: Path) -> None:
    array = numbers((5, 4), "f4")
    blocks = read(saved(tmp_path / "a.npy", array, fortran), 2, (3, 0))
    assert np.array_equal(np.concatenate(blocks), array[:, [3, 0]])


def test_extreme_values_are_not_rounded(tmp_path: Path) -> None:
    array = np.array([2**63 - 1, -(2**63), 1], dtype=">i8")
    assert read(saved(tmp_path / "a.npy", array), 9)[0].ravel().tolist() == array.tolist()


def test_version_2_of_the_format_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    with path.open("wb") as file:
        np.lib.format.write_array(file, numbers((3, 2), "f8"), version=(2, 0))
    assert np.array_equal(read(source(path), 9)[0], numbers((3, 2), "f8"))


@pytest.mark.parametrize("fortran", [False, True], ids=["C", "Fortran"])
def test_no_rows_are_no_blocks(fortran: bool, tmp_path: Path) -> None:
    reader = saved(tmp_path / "a.npy", np.zeros((0, 3)), fortran)
    assert reader.shape == (0, 3)
    assert read(reader, 5) == []


@pytest.mark.parametrize("fortran", [False, True], ids=["C", "Fortran"])
def test_a_file_cut_short_after_it_was_opened_is_an_error(fortran: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    reader = saved(path, numbers((100, 2), "f8"), fortran)
    os.truncate(path, path.stat().st_size - 8)
    with pytest.raises(SourceError, match="cut short while being read"):
        read(reader, 10)


@pytest.mark.parametrize(
    ("index", "place"),
    [((1,), "a.npy, row 3, column 2"), ((1, 0), "a.npy, row 3, element [1, 0]")],
)
def test_places_count_from_one(index: tuple[int, ...], place: str, tmp_path: Path) -> None:
    assert saved(tmp_path / "a.npy", numbers((4, 2), "f8")).locate(2, index) == place


def dictionary(shape: str, descr: str = "'<f8'") -> str:
    return f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("{'descr': '<f8', 'shape': (2,", "it cannot be parsed"),
        ("__import__('os').mkdir('pwned')", "it cannot be parsed"),
        ("[" * 9000, ""),
        ("no dict", "Cannot parse header: 'no dict"),
        (dictionary("(-2,)"), r"its shape is \(-2,\)"),
        (dictionary("(-1, -2)"), r"its shape is \(-1, -2\)"),
        (dictionary("(True,)"), r"its shape is \(True,\)"),
        (dictionary("(2.0,)"), "shape is not valid"),
        (dictionary("(2,)", "'wat'"), "descr is not a valid dtype descriptor: 'wat'"),
        ("{'descr': '<f8'}", "Header does not contain the correct keys"),
        (dictionary("(2,)", f"'{'w' * 5000}'"), "descr is not .* 'www.*…$"),
        ("x" * 20000, "Header info length"),
    ],
)
def test_headers_that_are_none(header: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    text = header.encode() + b"\n"
    start = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text))
    path.write_bytes(start + text + b"\0" * 16)
    with pytest.raises(SourceError, match=f"^a.npy: not a usable NPY header: .*{reason}") as caught:
        source(path)
    assert "<" not in str(caught.value) or "'<f8'" in str(caught.value)
    assert len(str(caught.value)) < 200
