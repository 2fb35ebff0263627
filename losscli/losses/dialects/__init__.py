"""The frameworks whose numbers are reported: one table each, never a second formula."""

from losscli.losses.dialect import Dialect
from losscli.losses.dialects.keras1 import KERAS1
from losscli.losses.dialects.keras2 import KERAS2
from losscli.losses.dialects.keras3 import KERAS3
from losscli.losses.dialects.optax import OPTAX
from losscli.losses.dialects.sklearn import SKLEARN
from losscli.losses.dialects.tf2 import TF2
from losscli.losses.dialects.torch import TORCH

DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect for dialect in (KERAS1, KERAS2, TF2, KERAS3, TORCH, SKLEARN, OPTAX)
}
