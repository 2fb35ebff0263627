"""Write the JSON Schemas of the package anew: `python -m tests.schemas`."""

import json
from pathlib import Path

import losscli
from losscli.reports import schema

FOLDER = Path(losscli.__file__).parent / "reports/schemas"


def content(command: str) -> str:
    """The file of a command's schema."""
    return json.dumps(schema.schema(command), indent=2) + "\n"


if __name__ == "__main__":
    for command in schema.commands():
        (FOLDER / f"{command}.json").write_text(content(command), encoding="utf-8")
