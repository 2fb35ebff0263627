"""What a value depends on but the data: a value with fields, made text at the edge."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# As `Signature.__str__` writes it. The loss comes first, and only there may a '|' be one of the
# user's own; so the parts are found from the end.
TEXT = re.compile(
    r"(?P<loss>.+)"
    r"\|dialect:(?P<dialect>[^|@]*)(@(?P<version>[^|]*))?"
    r"\|reduction:(?P<reduction>[^|]*)"
    r"(\|batch:(?P<batches>[^|]*))?"
    r"\|dtype:(?P<dtype>[^|]*)"
    r"\|nan:(?P<nan>[^|]*)"
    r"(\|domain:(?P<domain>[^|]*))?"
    r"\|n:(?P<used>[0-9]+)"
    r"\|skipped:(?P<skipped>[0-9]+)"
    r"\|weights:(?P<weights>yes|no)"
    r"\|rev:(?P<revision>[^|]*)",
    re.DOTALL,
)
# A name may hold a ':', a parameter's text a ','.
PARAMS = re.compile(r"(?P<name>.+?):(?P<params>[A-Za-z_]\w*=.*)", re.DOTALL)
NEXT_PARAM = re.compile(r",(?=[A-Za-z_]\w*=)")
# What the text leaves out: conditions that are as they mostly are.
UNSAID = {"batch": "none", "domain": "strict"}


@dataclass(frozen=True)
class Signature:
    """What a value depends on but the data; values of equal signatures are comparable.

    `params` are those not at their defaults, each as it is spelt, which reads back as the same
    value. `batches` is empty without any. `used` and `skipped` count samples.
    """

    name: str
    params: Mapping[str, str]
    dialect: str
    dialect_version: str
    reduction: str
    dtype: str
    nan: str
    used: int
    skipped: int
    weighted: bool
    revision: int | str
    batches: str = ""
    domain: str = "strict"

    @property
    def loss(self) -> str:
        """The loss with its changed parameters, as text."""
        params = ",".join(f"{name}={text}" for name, text in self.params.items())
        return self.name + (f":{params}" if params else "")

    @property
    def conditions(self) -> dict[str, str]:
        """All but the loss, by the words of the text."""
        return {
            "dialect": "@".join(filter(None, (self.dialect, self.dialect_version))),
            "reduction": self.reduction,
            "batch": self.batches or "none",
            "dtype": self.dtype,
            "nan": self.nan,
            "domain": self.domain,
            "n": str(self.used),
            "skipped": str(self.skipped),
            "weights": "yes" if self.weighted else "no",
            "rev": str(self.revision),
        }

    def is_of_same_loss(self, other: "Signature") -> bool:
        """Whether both are of one loss with the same parameters."""
        return (self.name, dict(self.params)) == (other.name, dict(other.params))

    def __str__(self) -> str:
        conditions = self.conditions.items()
        parts = [f"{name}:{text}" for name, text in conditions if UNSAID.get(name) != text]
        return "|".join([self.loss, *parts])

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain Python objects."""
        return {**vars(self), "params": dict(self.params)}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "Signature":
        """What `to_dict` gave. Raises ValueError that says what is wrong."""
        for name, kinds in FIELDS.items():
            value = fields.get(name)
            is_flag = isinstance(value, bool)
            if not isinstance(value, kinds) or is_flag != (kinds == (bool,)):
                raise ValueError(f"'{name}' of its fields is not {WORDS[kinds]}")
        if not all(isinstance(text, str) for text in fields["params"].values()):
            raise ValueError("'params' of its fields is not an object of texts")
        return cls(**{name: fields[name] for name in FIELDS})


FIELDS: dict[str, tuple[type, ...]] = {
    "name": (str,),
    "params": (dict,),
    "dialect": (str,),
    "dialect_version": (str,),
    "reduction": (str,),
    "dtype": (str,),
    "nan": (str,),
    "used": (int,),
    "skipped": (int,),
    "weighted": (bool,),
    "revision": (int, str),
    "batches": (str,),
    "domain": (str,),
}
WORDS: dict[tuple[type, ...], str] = {
    (str,): "text",
    (dict,): "an object",
    (int,): "a whole number",
    (bool,): "true or false",
    (int, str): "a whole number or text",
}


def parse_signature(text: str) -> Signature:
    """The signature of a text that `str` made of it. Raises ValueError for what is none."""
    found = TEXT.fullmatch(text)
    if found is None:
        raise ValueError("'signature' is not one")
    name, params = found["loss"], {}
    parts = PARAMS.fullmatch(name)
    if parts is not None:
        name = parts["name"]
        params = dict(_split_param(one) for one in NEXT_PARAM.split(parts["params"]))
    revision = found["revision"]
    return Signature(
        name,
        params,
        found["dialect"],
        found["version"] or "",
        found["reduction"],
        found["dtype"],
        found["nan"],
        int(found["used"]),
        int(found["skipped"]),
        found["weights"] == "yes",
        # A formula's revision is counted, that of a user's own loss is a digest of its text.
        int(revision) if revision.isdecimal() else revision,
        found["batches"] or "",
        found["domain"] or "strict",
    )


def _split_param(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value
