"""The frameworks whose numbers are reported: one table each, never a second formula."""

from losscli.frameworks.base import Dialect
from losscli.frameworks.keras1 import KERAS1
from losscli.frameworks.keras2 import KERAS2
from losscli.frameworks.keras3 import KERAS3
from losscli.frameworks.optax import OPTAX
from losscli.frameworks.sklearn import SKLEARN
from losscli.frameworks.tf2 import TF2
from losscli.frameworks.torch import TORCH

DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect for dialect in (KERAS1, KERAS2, TF2, KERAS3, TORCH, SKLEARN, OPTAX)
}
