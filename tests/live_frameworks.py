"""The frameworks that may be installed, each as what is needed to call a loss of it by name."""

import inspect
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Framework:
    """An installed framework.

    `version` names it and what it runs on; `find` gives the function or class of a name, None if
    it has none; `array` makes an array of its own; `made` are keywords for classes, by precision;
    `meant` are functions that a parameter's words stand for.
    """

    dialect: str
    version: str
    find: Callable[[str], Any]
    array: Callable[[Array], Any]
    made: Callable[[str], Mapping[str, Any]] = lambda dtype: {}
    meant: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def takes(self, name: str, keyword: str) -> bool:
        """Whether its function, or class as it is made, has this parameter."""
        return keyword in inspect.signature(self.find(name)).parameters

    def is_class(self, name: str) -> bool:
        return inspect.isclass(self.find(name))

    def call(
        self, name: str, arrays: list[Array], params: Mapping[str, Any], dtype: str, **weights: Any
    ) -> Array:
        """What its function, or an instance of its class, gives for arrays in its own order."""
        given = [self.array(array) for array in arrays]
        keywords = {
            key: self.array(value) if isinstance(value, Array) else value
            for key, value in params.items()
        }
        for key, words in self.meant.items():
            if key in keywords:
                keywords[key] = words[keywords[key]]
        function = self.find(name)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            if self.is_class(name):
                function, keywords = function(**keywords, **self.made(dtype)), {}
            weights = {key: self.array(array) for key, array in weights.items()}
            return np.asarray(function(*given, **keywords, **weights))


def keras3() -> Framework | None:
    if not find_spec("keras"):
        return None
    backend = next(filter(find_spec, ("jax", "torch", "tensorflow")), None)
    if backend is None:
        return None
    os.environ.setdefault("KERAS_BACKEND", backend)
    keras = import_module("keras")
    if not keras.__version__.startswith("3."):
        return None
    backend = keras.config.backend()
    if backend == "jax":
        _jax()
    version = f"keras {keras.__version__} on {backend} {import_module(backend).__version__}"
    return Framework(
        "keras3",
        version,
        lambda name: _of_keras(keras.losses, name),
        keras.ops.convert_to_tensor,
        lambda dtype: {"dtype": dtype},
    )


def tf2() -> Framework | None:
    if not find_spec("tensorflow"):
        return None
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    tf = import_module("tensorflow")
    # From TensorFlow 2.16 on, tf.keras is Keras 3, and its Keras 2 a package of its own.
    keras = import_module("tf_keras") if find_spec("tf_keras") else tf.keras
    if not keras.__version__.startswith("2."):
        return None
    version = f"tf.keras {keras.__version__} on tensorflow {tf.__version__}"
    return Framework("tf2", version, lambda name: _of_keras(keras.losses, name), tf.constant)


def torch() -> Framework | None:
    if not find_spec("torch"):
        return None
    torch = import_module("torch")
    functions, modules = torch.nn.functional, torch.nn
    return Framework(
        "torch",
        f"torch {torch.__version__}",
        lambda name: getattr(functions, name, None) or getattr(modules, name, None),
        torch.from_numpy,
    )


def sklearn() -> Framework | None:
    if not find_spec("sklearn"):
        return None
    version = import_module("sklearn").__version__
    metrics = import_module("sklearn.metrics")
    find = lambda name: getattr(metrics, name, None)  # noqa: E731
    return Framework("sklearn", f"scikit-learn {version}", find, lambda array: array)


def optax() -> Framework | None:
    if not find_spec("optax"):
        return None
    jnp = _jax()
    optax = import_module("optax")
    return Framework(
        "optax",
        f"optax {optax.__version__} on jax {import_module('jax').__version__}",
        lambda name: getattr(optax.losses, name, None),
        jnp.asarray,
        meant={"reduce_fn": {"none": None, "mean": jnp.mean, "sum": jnp.sum}},
    )


# Keras 1 and 2.1 need Pythons and NumPys that losscli does not run with: golden files have them.
FRAMEWORKS: Mapping[str, Callable[[], Framework | None]] = {
    "tf2": tf2,
    "keras3": keras3,
    "torch": torch,
    "sklearn": sklearn,
    "optax": optax,
}


def installed(dialect: str | None = None) -> list[Framework]:
    """The frameworks that can be imported, or that of one dialect; what cannot is told."""
    found = []
    for name, framework in FRAMEWORKS.items():
        try:
            found.append(framework() if dialect in (None, name) else None)
        except ImportError as error:
            sys.stderr.write(f"{name} is passed over, it cannot be imported: {error}\n")
    return [framework for framework in found if framework is not None]


def _jax() -> Any:
    """jax.numpy, with a float64 of its own."""
    import_module("jax").config.update("jax_enable_x64", True)
    return import_module("jax.numpy")


def _of_keras(losses: Any, name: str) -> Any:
    """A loss by its name in the module, or by one that only `get` knows, such as "mse"."""
    found = getattr(losses, name, None)
    try:
        return found or losses.get(name)
    except ValueError:
        return None
