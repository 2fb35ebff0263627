"""The closed vocabularies, each once: what an option, a setting or a field may be.

A word that is added here is offered by the command line, allowed in a config and checked by mypy
wherever it must be dealt with. Imports nothing of losscli, and nothing that is slow.
"""

from typing import Any, Literal, get_args

# How numbers are computed.
DType = Literal["float64", "float32"]
NanPolicy = Literal["error", "skip", "propagate"]
DomainPolicy = Literal["strict", "framework"]
BatchMean = Literal["weighted", "unweighted"]
Reduction = Literal["mean", "mean_over_batch", "mean_over_nonzero", "batchmean", "sum", "none"]

# Whose number it is.
DialectName = Literal["home", "keras1", "keras2", "tf2", "keras3", "torch", "sklearn", "optax"]
# The unreduced array of element values: as it is, or its last axis averaged or summed.
Form = Literal["elements", "mean", "sum"]
# What y_true is beside y_pred, where that chooses among losses of one name.
Target = Literal["any", "indices", "indices of two", "rows", "rows of two", "column"]
# Which axes a framework's `axis` may name: the last one, all but the first, or all between them.
Axes = Literal["last", "inner", "pixels"]

# The precision that a dialect computes in: one, or that of y_pred's array.
Precision = Literal["float64", "float32", "y_pred"]

# What a loss is.
Kind = Literal["element", "sample", "pooled", "order", "whole"]
Order = Literal["median", "max"]
Best = Literal["lowest", "nearest 0", "highest"]
OutputsWord = Literal["uniform_average", "raw_values"]

# What is told of the samples' values, in the order in which it is shown.
SummaryStatistic = Literal["min", "p50", "p95", "p99", "max", "mean", "std"]
# Of a value that is reduced: a finite number, what else it is, or that there is none.
ValueStatus = Literal["ok", "nan", "inf", "-inf", "none"]

# Inputs.
Unmatched = Literal["error", "drop"]
InputFormat = Literal["csv", "tsv", "npy", "json", "jsonl"]
DecimalMark = Literal[".", ","]
# What the cells of a column are, as far as the first rows show it.
ColumnKind = Literal["number", "whole", "text", "empty"]

# Outputs, a vocabulary a command.
ComputeFormat = Literal["table", "json", "jsonl", "csv", "tsv", "markdown", "value"]
CompareFormat = Literal["table", "json", "jsonl", "csv", "tsv", "markdown", "value"]
CheckFormat = Literal["table", "json", "markdown"]
PlainFormat = Literal["table", "json"]
TextFormat = Literal["text", "json"]
ReportKind = Literal["junit", "markdown", "json", "github"]
SortKey = Literal["value", "name"]
When = Literal["auto", "always", "never"]

# Gates.
Operator = Literal[">", ">=", "<", "<="]
Status = Literal["passed", "failed", "error", "not run"]


def choices(vocabulary: Any) -> tuple[str, ...]:
    """The words of a vocabulary, in their order."""
    return get_args(vocabulary)
