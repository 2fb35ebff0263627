"""Signatures: fields, and their text, which reads back as the same fields."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import losscli
from losscli.engine.signature import FIELDS, Signature, parse_signature

PLAIN = losscli.compute("mse", [1.0, 2.0], [1.5, 2.5]).fields
words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
identifiers = st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True)


def test_the_text_of_fields() -> None:
    assert str(PLAIN) == (
        "mse|dialect:home|reduction:mean|dtype:float64|nan:error|n:2|skipped:0|weights:no|rev:1"
    )
    full = replace(
        PLAIN, params={"delta": "2"}, batches="32 unweighted", domain="framework", weighted=True
    )
    assert str(full) == (
        "mse:delta=2|dialect:home|reduction:mean|batch:32 unweighted|dtype:float64"
        "|nan:error|domain:framework|n:2|skipped:0|weights:yes|rev:1"
    )


@pytest.mark.parametrize(
    ("loss", "options"),
    [
        ("mse", {}),
        ("huber:delta=0.5", {"dtype": "float32", "nan": "skip", "sample_weight": [1, 2]}),
        ("mse", {"batch_size": 1, "batch_mean": "unweighted", "domain": "framework"}),
        ("mse", {"multioutput": [1.0], "reduction": "mean", "dialect": "sklearn"}),
    ],
)
def test_what_losses_have_reads_back(loss: str, options: dict[str, Any]) -> None:
    result = losscli.compute(loss, [1.0, 2.0], [1.5, 2.5], **options)
    assert parse_signature(result.signature) == result.fields
    assert Signature.from_dict(result.fields.to_dict()) == result.fields


@given(words, st.dictionaries(identifiers, words.filter(lambda text: "," not in text), max_size=3))
def test_any_name_reads_back(name: str, params: dict[str, str]) -> None:
    """A '|' or ':' in a name or a value is no mark, if the name holds no parameter itself."""
    signature = replace(PLAIN, name=name.replace("=", ""), params=params, revision="sha256-1a")
    signature = signature if signature.name else PLAIN
    assert parse_signature(str(signature)) == signature


def test_a_list_is_one_parameter() -> None:
    signature = replace(PLAIN, params={"a": "[1,2]", "b": "true"})
    assert parse_signature(str(signature)) == signature


@pytest.mark.parametrize(
    "text", ["", "mse", "|", str(PLAIN)[4:], str(PLAIN) + "|more:1", "mse|n:2|skipped:0"]
)
def test_what_is_no_signature_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="'signature' is not one"):
        parse_signature(text)


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", [None, 1.5, [1]], ids=str)
def test_a_damaged_field_is_said(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"'{name}' of its fields is not"):
        Signature.from_dict({**PLAIN.to_dict(), name: value})


@pytest.mark.parametrize(("name", "value"), [("used", True), ("weighted", 1), ("revision", True)])
def test_a_flag_is_no_number(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        Signature.from_dict({**PLAIN.to_dict(), name: value})


def test_a_parameter_is_text() -> None:
    with pytest.raises(ValueError, match="'params' of its fields is not an object of texts"):
        Signature.from_dict({**PLAIN.to_dict(), "params": {"delta": 2}})
