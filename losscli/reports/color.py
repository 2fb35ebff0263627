"""Whether what is drawn has colours."""

from contextvars import ContextVar
from typing import Literal

# What was asked for; `auto` is what the stream and the environment allow.
color: ContextVar[Literal["auto", "always", "never"]] = ContextVar("color", default="auto")
