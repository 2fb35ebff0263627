"""A loss's docstring, taken apart into its sections."""

import inspect
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

SECTION = re.compile(r"^(Formula|Parameters|Shape|Edge cases|References):[ \n]", re.MULTILINE)


@dataclass(frozen=True)
class Documentation:
    """A loss's docstring in its parts."""

    summary: str
    formula: str
    shape: str
    edge_cases: str
    references: tuple[str, ...]
    parameters: Mapping[str, str]


def parse_docstring(text: str) -> Documentation:
    """Take a docstring apart: a summary line, then sections 'Formula:', 'Shape:' and so on."""
    summary, _, rest = inspect.cleandoc(text).partition("\n")
    found = SECTION.split(rest)
    sections = {
        title: textwrap.dedent(body).strip()
        for title, body in zip(found[1::2], found[2::2], strict=True)
    }
    flowing = {title: " ".join(body.split()) for title, body in sections.items()}
    parameters = re.split(r"^(\w+): ", sections.get("Parameters", ""), flags=re.MULTILINE)
    return Documentation(
        summary=summary,
        formula=sections.get("Formula", ""),
        shape=flowing.get("Shape", ""),
        edge_cases=flowing.get("Edge cases", ""),
        references=tuple(sections.get("References", "").splitlines()),
        parameters={
            name: " ".join(body.split())
            for name, body in zip(parameters[1::2], parameters[2::2], strict=True)
        },
    )
