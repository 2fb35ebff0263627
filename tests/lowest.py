"""Print the required dependencies at their lowest versions: `click==8.1.3 numpy==2.0 …`."""

import tomllib
from pathlib import Path


def lowest(requirements: list[str]) -> list[str]:
    """Each `name>=version` as `name==version`."""
    return [requirement.replace(">=", "==") for requirement in requirements]


if __name__ == "__main__":
    pyproject = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())
    print(*lowest(pyproject["project"]["dependencies"]))  # noqa: T201
