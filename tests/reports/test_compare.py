"""What `compare` writes: the best of each row is marked, and every format holds the same bits."""

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import pytest

import losscli
from losscli.engine.result import Run
from losscli.losses import registry
from losscli.reports.compare import CompareView, write
from losscli.reports.comparison import BEST
from losscli.reports.numbers import Digits
from losscli.words import CompareFormat, SummaryStatistic, choices
from tests.conftest import golden

FORMATS: tuple[CompareFormat, ...] = get_args(CompareFormat)
RNG = np.random.default_rng(2)
ROWS = 40
T = RNG.integers(0, 2, (ROWS, 3)).astype(np.float64)
MODELS = {"ridge": RNG.random((ROWS, 3)), "forest": RNG.random((ROWS, 3))}
BY = [f"g{i % 3}" for i in range(ROWS)]
ARTICLE = golden("keras2")["cases"]["article"]


def text(
    run: Run,
    format_: CompareFormat,
    digits: Digits = None,
    sort: Literal["value", "name"] | None = None,
    everything: bool = False,
) -> str:
    stream = io.StringIO()
    write(run, format_, CompareView(digits, sort, everything), stream)
    return stream.getvalue()


def cells(line: str) -> list[str]:
    """The cells of a row of a table, for the terminal or in Markdown."""
    return [cell.strip() for cell in re.split(r"[│┃]|(?<!\\)\|", line)[1:-1]]


def rows(table: str, first: str) -> list[list[str]]:
    """The rows of tables whose first cell is this."""
    return [found for line in table.splitlines() if (found := cells(line)) and found[0] == first]


def marked(table: str, loss: str, models: Sequence[str]) -> set[str]:
    """The models that bear the sign of the best in the row of a loss."""
    [row] = rows(table, loss)
    sign = BEST if "┃" in table else f"\\{BEST}"
    values = zip(models, row[1:], strict=True)
    return {model for model, cell in values if cell.endswith(f" {sign}")}


NAN, INF = float("nan"), float("inf")
# What three models predict throughout where the truth is 0, and whose values are the best.
BESTS: list[tuple[str, tuple[float, float, float], str]] = [
    ("mse", (2.0, 1.0, -3.0), "b"),
    ("mse", (2.0, -1.0, 1.0), "bc"),
    ("mse", (2.0, -2.0, 2.0), ""),
    ("mse", (NAN, 2.0, 1.0), "c"),
    ("mse", (NAN, NAN, 1.0), "c"),
    ("mse", (NAN, NAN, NAN), ""),
    ("mse", (INF, 1.0, INF), "b"),
    ("mse", (1e200, NAN, 1e10), "c"),
    ("mbe", (-3.0, 1.0, 0.5), "c"),
    ("mbe", (-0.25, 1.0, 0.5), "a"),
    ("mbe", (-0.5, 1.0, 0.5), "ac"),
    ("mbe", (-INF, NAN, 9.0), "c"),
    ("mbe", (0.0, -0.0, 1.0), "ab"),
    ("poisson", (1.0, 0.5, 0.25), "c"),
]


@pytest.mark.parametrize("format_", ["table", "markdown"])
@pytest.mark.parametrize(
    ("loss", "values", "best"),
    BESTS,
    ids=str,
)
def test_the_best_of_a_row_is_marked(
    loss: str, values: tuple[float, float, float], best: str, format_: CompareFormat
) -> None:
    models = {name: np.full(12, value) for name, value in zip("abc", values, strict=True)}
    run = losscli.compare(np.zeros(12), models, losses=[loss], nan="propagate")
    assert marked(text(run, format_), loss, "abc") == set(best)


def test_the_best_of_every_loss_is_that_of_its_specification() -> None:
    run = losscli.compare(T, MODELS)
    table = text(run, "table")
    by_loss: dict[str, dict[str, float]] = {}
    for r in run.results:
        assert r.value is not None
        assert r.model is not None
        by_loss.setdefault(r.label, {})[r.model] = r.value
    assert len(by_loss) >= 15
    for name, values in by_loss.items():
        is_zero_best = registry.find(name).best == "nearest 0"
        rank = {m: abs(v) if is_zero_best else v for m, v in values.items()}
        shown = next(label for label in (name, f"{name} !") if rows(table, label))
        expected = {min(rank, key=rank.__getitem__)} if len(set(rank.values())) > 1 else set()
        assert marked(table, shown, list(MODELS)) == expected


def test_one_model_bears_no_sign() -> None:
    table = text(losscli.compare(T, MODELS["ridge"], losses=["mse", "mbe"]), "table")
    assert BEST not in table


@pytest.mark.parametrize("by", [None, BY], ids=["whole", "by group"])
def test_every_format_holds_the_same_bits(by: list[str] | None) -> None:
    run = losscli.compare(T, MODELS, by=by)
    expected = [
        (r.label, r.family, r.model, *([", ".join(r.group)] if r.group else []), r.value)
        for r in run.results
    ]
    assert len(expected) >= 15 * 2
    names = ("loss", "family", "model", *(["group"] if by else []), "value")

    document = json.loads(text(run, "json"))
    lines = list(map(json.loads, text(run, "jsonl").splitlines()))
    assert [tuple(entry[name] for name in names) for entry in document["results"]] == expected
    for line, entry, r in zip(lines, document["results"], run.results, strict=True):
        assert line.pop("n") == {"used": r.n.used, "skipped": 0, "unmatched": 0}
        entry.pop("n", None)
        assert line == entry
    for format_, delimiter in (("csv", ","), ("tsv", "\t")):
        read = list(csv.DictReader(io.StringIO(text(run, format_)), delimiter=delimiter))
        assert [(*(row[n] for n in names[:-1]), float(row["value"])) for row in read] == expected
        for row, r in zip(read, run.results, strict=True):
            assert int(row["n"]) == r.n.used
            assert row["signature"] == r.signature
            assert row["unusual"] == str(r.unusual).lower()
            for statistic in choices(SummaryStatistic):
                assert float(row[statistic]) == getattr(r.summary, statistic)
    assert list(map(float, text(run, "value").splitlines())) == [r.value for r in run.results]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("by", [None, BY], ids=["whole", "by group"])
@pytest.mark.parametrize("format_", ["table", "markdown"])
def test_a_table_holds_every_number(
    format_: CompareFormat, by: list[str] | None, dtype: Any
) -> None:
    run = losscli.compare(T, MODELS, by=by, dtype=dtype)
    table = text(run, format_, digits="full")
    number = np.dtype(dtype).type
    words = re.findall(r"(?<=[\s|│])[-+0-9.e]+(?=[\s|│])", table)
    numbers = {number(word) for word in words if re.fullmatch(r"-?\d.*", word)}
    for r in run.results:
        assert r.value is not None
        assert number(r.value) in numbers
    assert set(re.findall(r"n = (\d+)", table)) == ({"14", "13"} if by else set())


def test_a_table_of_one_model_holds_the_statistics() -> None:
    run = losscli.compare(T, MODELS["ridge"])
    table = text(run, "table", digits="full")
    for r in run.results:
        shown = f"{r.label} !" if r.unusual else r.label
        [row] = rows(table, shown)
        assert r.summary is not None
        found = [r.summary.min, r.summary.p50, r.summary.p95, r.summary.max]
        assert list(map(float, row[1:6])) == [r.value, *found]
        assert re.fullmatch("[▁▂▃▄▅▆▇█ ]{0,8}", row[6])
        assert "█" in row[6]


def test_the_families_part_the_table_in_the_order_of_the_registry() -> None:
    run = losscli.compare(T, MODELS)
    lines = [found[0] for line in text(run, "table").splitlines() if (found := cells(line))]
    assert lines[0] == "loss"
    order = [line.removesuffix(" !") for line in lines[1:]]
    expected: list[str] = []
    for spec in registry.specs():
        if spec.name in {r.label for r in run.results}:
            expected += [*([] if f"{spec.family}:" in expected else [f"{spec.family}:"]), spec.name]
    assert order == expected


@pytest.mark.parametrize("format_", ["table", "markdown"])
def test_sorted_tables_are_in_order_and_without_families(format_: CompareFormat) -> None:
    names = ["mbe", "mse", "mae", "huber", "logcosh", "hinge"]
    models = {"a": np.full(12, -3.0), "b": np.zeros(12)}
    run = losscli.compare(np.zeros(12), models, losses=names)
    by_name, by_value = (
        [
            row[0].split()[0]
            for line in text(run, format_, sort=sort).splitlines()
            if (row := cells(line)) and row[0].split()[0] in names
        ]
        for sort in ("name", "value")
    )
    assert by_name == sorted(names)
    value = {r.label: abs(r.value or 0) for r in run.results if r.model == "a"}  # |mbe| is its rank
    assert [value[name] for name in by_value] == sorted(value.values())
    assert "regression:" not in text(run, format_, sort="name")
    assert "regression:" in text(run, format_)


def test_csv_tells_what_does_not_apply_where_asked() -> None:
    run = losscli.compare(T, MODELS)
    assert run.not_applicable
    for format_, delimiter in (("csv", ","), ("tsv", "\t")):
        plain = list(csv.reader(io.StringIO(text(run, format_)), delimiter=delimiter))
        full = list(
            csv.DictReader(io.StringIO(text(run, format_, everything=True)), delimiter=delimiter)
        )
        assert len({len(row) for row in plain}) == 1
        assert "reason" not in plain[0]
        assert len(full) == len(run.results) + len(run.not_applicable)
        assert all(None not in row and None not in row.values() for row in full)
        reasons = [(row["loss"], row["family"], row["reason"]) for row in full if not row["value"]]
        assert reasons == [(o.loss, o.family, o.reason) for o in run.not_applicable]
        assert {row["reason"] for row in full if row["value"]} == {""}


@pytest.mark.parametrize("format_", ["table", "markdown", "json"])
def test_the_other_formats_always_tell_what_does_not_apply(format_: CompareFormat) -> None:
    run = losscli.compare([0.5] * 20, [2.0] * 20)
    found = text(run, format_)
    if format_ != "json":
        found = found.replace("\\", "")
    assert len(run.not_applicable) >= 4
    for left_out in run.not_applicable:
        if format_ == "json":
            entries = json.loads(found)["not_applicable"]
            assert {"loss", "family", "reason"} == set(entries[0])
            assert left_out.reason in {entry["reason"] for entry in entries}
        else:
            assert f"{left_out.loss}: {left_out.reason}\n" in found


def test_the_sparse_loss_says_what_it_needs() -> None:
    found = text(losscli.compare([0.5], [2.0]), "table")
    said = "sparse_categorical_crossentropy: y_pred must have a column per class; it has 1\n"
    assert said in found


def test_the_table_of_the_article_holds_its_numbers() -> None:
    """In float32, as Keras printed them: the two rows, and the mean of all."""
    run = losscli.compare(ARTICLE["y_true"], ARTICLE["y_pred"], dtype="float32")
    table = text(run, "table")
    for loss, first, second in (
        ("mse", "0.6666667", "0.33333334"),
        ("mae", "0.6666667", "0.33333334"),
        ("mape !", "3.3333338e+08", "3.3333331e+08"),
        ("msle", "0.32030192", "0.16015096"),
        ("logcosh", "0.2891872", "0.1445936"),
        ("hinge !", "0.6666667", "0.6666667"),
        ("squared_hinge !", "0.6666667", "0.6666667"),
        ("categorical_hinge !", "1", "1"),
    ):
        samples, spread = rows(table, loss)
        assert [cell.removesuffix(".0") for cell in samples[1:]] == [first, second]
        mean = (np.float32(first) + np.float32(second)) / 2
        assert float(spread[1]) == pytest.approx(float(mean), rel=2e-7)


def test_keras_2_1_printed_the_same_numbers() -> None:
    """All the losses that the golden file has of the article, in one comparison."""
    run = losscli.compare(ARTICLE["y_true"], ARTICLE["y_pred"], dtype="float32")
    ours = {r.name: r for r in run.results}
    compared = set()
    for value in golden("keras2")["values"]:
        if (value["case"], value["dtype"], value["sample_weight"]) != ("article", "float32", None):
            continue
        result = ours.get(registry.find(value["loss"]).name)
        if result is None or value["params"] or value["loss"] == "binary_crossentropy":
            continue  # float32 clips 1 - 1e-7 elsewhere: see test_golden_keras2
        assert result.per_sample is not None
        assert result.per_sample.tolist() == pytest.approx(value["unreduced"], rel=1e-6, abs=1e-7)
        assert result.value == pytest.approx(value["reduced"], rel=1e-6)
        compared.add(result.name)
    assert len(compared) >= 11


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("losses", [["mse", "mse"], ["mse", "mae", "mse"]], ids=str)
@pytest.mark.parametrize("by", [None, BY], ids=["whole", "by group"])
def test_a_loss_may_be_named_twice(
    losses: list[str], by: list[str] | None, format_: CompareFormat
) -> None:
    for data in (MODELS["ridge"], MODELS):
        assert text(losscli.compare(T, data, losses=losses, by=by), format_)


HOSTILE = "\x1b[31m[red]a|b`*\x07\x9b2J\nc[/red]"


@pytest.mark.parametrize(
    ("format_", "by"),
    [
        ("table", None),
        ("table", [HOSTILE] * ROWS),
        ("markdown", None),
        ("markdown", [HOSTILE] * ROWS),
        ("csv", None),  # a group is data, which csv gives back as it is, like ids
        ("tsv", None),
        ("value", None),
    ],
    ids=lambda value: "by group" if isinstance(value, list) else str(value or "whole"),
)
def test_foreign_names_are_shown_escaped(format_: CompareFormat, by: list[str] | None) -> None:
    run = losscli.compare(T, {HOSTILE: MODELS["ridge"], "b": MODELS["forest"]}, by=by)
    found = text(run, format_)
    assert all(line.replace("\t", " ").isprintable() for line in found.split("\n"))
    if format_ != "value":
        assert r"\x1b" in found
        assert "[red]" in found.replace("\\[", "[").replace("\\]", "]")


def test_markdown_has_as_many_cells_in_every_row() -> None:
    run = losscli.compare(T, {"a|b": MODELS["ridge"], "|`*_|": MODELS["forest"]})
    table = [line for line in text(run, "markdown").splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {4}


def test_json_gives_a_foreign_name_back() -> None:
    run = losscli.compare(T, {HOSTILE: MODELS["ridge"], "b": MODELS["forest"]})
    document, lines = text(run, "json"), text(run, "jsonl")
    assert "\x1b" not in document + lines
    assert json.loads(document)["models"] == [HOSTILE, "b"]
    assert [json.loads(line)["model"] for line in lines.splitlines()][:2] == [HOSTILE, "b"]
