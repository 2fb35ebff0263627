"""losscli tells the loss that predictions have: the number that a framework would report.

The names below are imported when they are first used, so that `import losscli` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from losscli.api import check, compare, compute, get
    from losscli.engine.result import Result
    from losscli.errors import LosscliError
    from losscli.losses.spec import loss

__version__ = "0.1.0"

__all__ = ["LosscliError", "Result", "__version__", "check", "compare", "compute", "get", "loss"]

_HOME = {
    "check": "losscli.api",
    "compare": "losscli.api",
    "compute": "losscli.api",
    "get": "losscli.api",
    "Result": "losscli.engine.result",
    "LosscliError": "losscli.errors",
    "loss": "losscli.losses.spec",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'losscli' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
