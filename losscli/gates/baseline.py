"""A baseline: what losses were once, of which data, kept in a JSON file."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from losscli.engine.fingerprint import Fingerprint
from losscli.engine.result import Result
from losscli.engine.signature import Signature, parse_signature
from losscli.errors import DataError, SourceError, UsageError, printable, setting

# Of the first, the default dialect was keras2.
VERSIONS = (1, 2)
MARK = re.compile(rb'"command"\s*:\s*"baseline"')
HEAD_BYTES = 1 << 12
# A file of many thousand losses is below it by far.
MOST_BYTES = 1 << 26


@dataclass(frozen=True)
class Entry:
    """A loss of a baseline: what it was called, its value, and what that depends on."""

    loss: str
    value: float
    fields: Signature

    @property
    def signature(self) -> str:
        """`fields` as text."""
        return str(self.fields)

    def content(self) -> dict[str, Any]:
        """What its file holds: the signature as text, to be read by people, and its fields."""
        return {
            "loss": self.loss,
            "value": self.value,
            "signature": self.signature,
            "fields": self.fields.to_dict(),
        }


@dataclass(frozen=True)
class Samples:
    """The samples' values beside a baseline: an NPY file of a column a loss, and its digest.

    `file` is relative to the baseline's folder.
    """

    file: str
    sha256: str


@dataclass(frozen=True)
class Baseline:
    """What losses were, by signature, and the fingerprint of the y_true that they were of.

    `label` is what messages call it, `n` how many samples were used, skipped and unmatched.
    """

    label: str
    n: Mapping[str, int]
    y_true: Fingerprint
    entries: tuple[Entry, ...]
    samples: Samples | None = None

    def entry(self, result: Result) -> Entry:
        """The entry of a result's loss. Raises UsageError where it has none."""
        for entry in self.entries:
            if entry.fields.is_of_same_loss(result.fields):
                return entry
        have = ", ".join(printable(entry.fields.loss) for entry in self.entries)
        raise UsageError(f"{self.label} has no {printable(result.fields.loss)}", f"it has: {have}")

    def content(self) -> dict[str, Any]:
        """What its file holds, but for the head of every document."""
        content: dict[str, Any] = {
            "n": dict(self.n),
            "y_true": {"sha256": self.y_true.sha256, "shape": list(self.y_true.shape)},
            "losses": [entry.content() for entry in self.entries],
        }
        if self.samples is not None:
            content["samples"] = vars(self.samples)
        return content


def is_baseline(path: str) -> bool:
    """Whether a file claims to be a baseline; of what cannot be read, nothing is claimed."""
    try:
        if not Path(path).is_file():
            return False
        with open(path, "rb") as stream:
            head = stream.read(HEAD_BYTES)
    except (OSError, ValueError):
        return False
    return head.lstrip().startswith(b"{") and MARK.search(head) is not None


def load(path: str) -> Baseline:
    """The baseline in a file. Raises SourceError for what is none, or is damaged."""
    label = printable(path)
    try:
        with open(path, "rb") as stream:
            content = stream.read(MOST_BYTES)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{label} cannot be read: {reason}") from None
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError:
        raise _describe_foreign(label, "it is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _describe_foreign(label, f"{place}: it is not valid JSON: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise _describe_foreign(label, f"it is not valid JSON: {error}") from None
    if not isinstance(document, dict) or document.get("command") != "baseline":
        raise _describe_foreign(label, 'it does not say "command": "baseline"')
    version = document.get("schema_version")
    if version not in VERSIONS:
        raise _describe_foreign(
            label, f"its schema_version is {version!r}, and only 1 and 2 are known"
        )
    try:
        return _read(label, document)
    except ValueError as error:
        raise _describe_foreign(label, f"it is damaged: {error}") from None


def of_results(
    label: str, results: Sequence[Result], y_true: Fingerprint, samples: Samples | None
) -> Baseline:
    """The baseline of some results. Raises UsageError, DataError for what no gate could use."""
    fields = [result.fields for result in results]
    for result, signature in zip(results, fields, strict=True):
        if result.value is None or not isfinite(result.value):
            raise DataError(
                f"{result.label} is {result.status}: a baseline must be a finite number"
            )
        if sum(map(signature.is_of_same_loss, fields)) > 1:
            raise UsageError(f"{printable(signature.loss)} is named twice")
    n = results[0].n
    entries = tuple(Entry(r.label, r.value or 0.0, r.fields) for r in results)
    return Baseline(label, n.to_dict(), y_true, entries, samples)


def samples_path(path: str) -> Path:
    """Where the samples' values of a baseline at `path` are."""
    return Path(path).with_suffix(".samples.npy")


def samples_state(path: str, samples: Samples) -> str:
    """Whether the samples' values beside the baseline at `path` are those it was saved with."""
    try:
        content = (Path(path).parent / samples.file).read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    return "unchanged" if digest(content) == samples.sha256 else "changed since"


def digest(content: bytes) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def differences(
    baseline: Baseline, entry: Entry, result: Result, y_true: Fingerprint | None
) -> list[str]:
    """What stands between a result and a baseline, in words; nothing if they are comparable."""
    there, here = entry.fields.conditions, result.fields.conditions
    different = [
        f"{name} is {there[name]} there and {here[name]} here"
        for name in there
        if there[name] != here[name]
    ]
    if y_true is None or y_true.sha256 == baseline.y_true.sha256:
        return different
    shapes = [_format_shape(f.shape) for f in (baseline.y_true, y_true)]
    if shapes[0] != shapes[1]:
        return [*different, f"y_true has shape {shapes[0]} there and {shapes[1]} here"]
    return [*different, "y_true holds other numbers"]


def incomparable(baseline: Baseline, result: Result, different: Sequence[str]) -> DataError:
    """What to raise where a result must not be compared with a baseline for these differences."""
    return DataError(
        f"{result.label} cannot be compared with {baseline.label}: {'; '.join(different)}",
        f"save the baseline anew, or compare with {setting('allow_different')} all the same",
    )


def _format_shape(shape: Sequence[int]) -> str:
    return f"({', '.join(map(str, shape))})"


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _describe_foreign(label: str, reason: str) -> SourceError:
    return SourceError(f"{label} is not a baseline: {reason}", "'losscli baseline save' writes one")


def _read(label: str, document: Mapping[str, Any]) -> Baseline:
    """The document's parts, each checked. Raises ValueError that says what is wrong."""
    counts = _require(document, "n", dict)
    n = {name: _require(counts, name, int) for name in ("used", "skipped", "unmatched")}
    y_true = _require(document, "y_true", dict)
    shape = _require(y_true, "shape", list)
    if not all(isinstance(size, int) for size in shape):
        raise ValueError("'shape' is not a list of whole numbers")
    losses = _require(document, "losses", list)
    if not losses or not all(isinstance(loss, dict) for loss in losses):
        raise ValueError("'losses' is not a list of objects")
    entries = tuple(map(_read_entry, losses))
    samples = None
    if "samples" in document:
        found = _require(document, "samples", dict)
        samples = Samples(_require(found, "file", str), _read_digest(found))
    return Baseline(label, n, Fingerprint(_read_digest(y_true), tuple(shape)), entries, samples)


def _read_entry(loss: Mapping[str, Any]) -> Entry:
    """A loss: one that was saved before there were fields has the signature's text alone."""
    label, value = _require(loss, "loss", str), _read_number(loss)
    text = _require(loss, "signature", str)
    if "fields" in loss:
        return Entry(label, value, Signature.from_dict(_require(loss, "fields", dict)))
    return Entry(label, value, parse_signature(text))


def _require(parent: Mapping[str, Any], name: str, kind: type) -> Any:
    value = parent.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        what = {dict: "an object", list: "a list", int: "a whole number", str: "text"}[kind]
        raise ValueError(f"'{name}' is not {what}")
    return value


def _read_number(loss: Mapping[str, Any]) -> float:
    value = loss.get("value")
    try:
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
            return float(value)
    except OverflowError:
        pass
    raise ValueError("'value' is not a finite number")


def _read_digest(parent: Mapping[str, Any]) -> str:
    digest: str = _require(parent, "sha256", str)
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise ValueError("'sha256' is not one")
    return digest
